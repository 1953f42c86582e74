/** `npm run lab:accounts`: accounts as companies have them, each in a lab of its own fleet. */
import { images } from './accounts/images.js';
import { oldCli } from './accounts/old-cli.js';
import { ownVpc } from './accounts/own-vpc.js';
import { secondAccount } from './accounts/second-account.js';
import { inLab } from './session.js';

/** By what they are asked for, e.g. `npm run lab:accounts -- images`. Each leaves nothing behind. */
const scenes = { 'old-cli': oldCli, images, 'own-vpc': ownVpc, 'second-account': secondAccount };

await inLab(async (session) => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in scenes));
  session.expect(
    unknown.length === 0,
    `no such scene: ${unknown.join(', ')}; expected ${Object.keys(scenes).join(', ')}`,
  );
  for (const name of asked.length === 0 ? Object.keys(scenes) : asked) await scenes[name](session);
});
