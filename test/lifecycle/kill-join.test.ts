/** `join` killed (kill -9) wherever it can be: the next `join` ends what was begun, and `down` leaves nothing. */
import { beforeAll, expect, it } from 'vitest';
import { obeying } from '../faults/tried.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, upTo } from './cases.js';
import { cli, type Ended, type Interruptions } from './cli.js';
import { down, fleetFolder, otherRegion, readyStatus, region, succeed } from './fleet.js';
import { joinable, karmadaIn, resourcesOfOthers, withContexts } from './joinable.js';

const limit = { timeout: 900_000 };
const described = `name=far,region=${otherRegion},vpc=main,mode=pull`;
const join = `join --cluster shop --context kind-edge --member ${described} --yes --fleet karmada --region ${region}`;
let undisturbed: Ended;

beforeAll(async () => {
  undisturbed = await succeed(await joinable(), join, withContexts);
}, 60_000);

it('continues after a kill at every event', limit, async () => {
  await passAll('join killed at event', 30, upTo(undisturbed.events.length), (killAt) => killedAndJoined({ killAt }));
});

it('continues after a kill at the end of every command', limit, async () => {
  await passAll('join killed at the end of command', 5, upTo(undisturbed.commands.length), (killAfterCommand) =>
    killedAndJoined({ killAfterCommand }),
  );
});

it('is deleted after a kill at every event by a machine that never saw it', limit, async () => {
  await passAll('join killed, then down elsewhere, at event', 30, upTo(undisturbed.events.length), async (killAt) => {
    const account = await joinable();
    expect((await cli(account, join, { ...withContexts, killAt })).code).toBe('killed');
    for (const path of Object.keys(account.state.files)) {
      if (path.startsWith(fleetFolder)) delete account.state.files[path];
    }
    await obeying(account, `${down} --fleet karmada --region ${region}`, withContexts);
    expect(resourceIds(account)).toEqual(await resourcesOfOthers());
    expect(karmadaIn(account)).toEqual([]);
  });
});

async function killedAndJoined(kill: Interruptions): Promise<void> {
  const account = await joinable();
  expect((await cli(account, join, { ...withContexts, ...kill })).code).toBe('killed');
  await succeed(account, join, withContexts);
  await readyStatus(account);
  await succeed(account, down, withContexts);
  expect(resourceIds(account)).toEqual(await resourcesOfOthers());
  expect(karmadaIn(account)).toEqual([]);
}
