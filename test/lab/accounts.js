/** `npm run lab:accounts`: accounts as companies have them. */
import { inExistingParent } from './accounts/existing-parent.js';
import { foreignClass } from './accounts/foreign-class.js';
import { images } from './accounts/images.js';
import { oldCli } from './accounts/old-cli.js';
import { organisation } from './accounts/organisation.js';
import { ownDriver } from './accounts/own-driver.js';
import { inOwnVpc, ownVpc } from './accounts/own-vpc.js';
import { secondAccount } from './accounts/second-account.js';
import { inLab } from './session.js';

const scenes = {
  'old-cli': oldCli,
  'own-vpc': ownVpc,
  organisation,
  'own-driver': ownDriver,
  'foreign-class': foreignClass,
  images,
  'second-account': secondAccount,
};

/** Each with the scenes that share its fleet; the last one leaves its clusters to the end of the lab. */
const stays = [
  [(session) => oldCli(session), ['old-cli']],
  [inOwnVpc, ['own-vpc', 'organisation']],
  [inExistingParent, ['own-driver', 'foreign-class', 'images', 'second-account']],
];

await inLab(async (session) => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in scenes));
  session.expect(
    unknown.length === 0,
    `no such scene: ${unknown.join(', ')}; expected ${Object.keys(scenes).join(', ')}`,
  );
  for (const [stay, names] of stays) {
    const wanted = names.filter((name) => asked.length === 0 || asked.includes(name));
    if (wanted.length > 0)
      await stay(
        session,
        wanted.map((name) => scenes[name]),
      );
  }
});
