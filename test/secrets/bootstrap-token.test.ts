/** The token of a pull member: gone when registering has ended, however that ended, and after a run that was killed. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { inThisRun, triesMore } from '../lifecycle/cases.js';
import { cli } from '../lifecycle/cli.js';
import { newMachine, region, succeed } from '../lifecycle/fleet.js';

const limit = { timeout: 900_000 };
const up = `up --region ${region} --vpc main --yes --member name=two,mode=pull`;

/** The bootstrap tokens that Karmada knows. */
function tokens(account: Account): readonly string[] {
  const objects = account.state.apis[`karmada/${region}/karmada-parent`]?.objects ?? {};
  return Object.keys(objects).filter((key) => key.startsWith('secrets/kube-system/bootstrap-token-'));
}

it.each(inThisRun(['fail', 'no-effect', 'garbage', 'hang', 'die-half-way'] as const))(
  'is deleted when register ends with %s',
  limit,
  async (kind) => {
    const account = newMachine();
    const failed = await cli(account, up, { faults: [{ call: 'exec kubectl-karmada register *', kind }] });
    expect(failed.code).toBe(4);
    expect(failed.calls.some(({ key }) => key.startsWith('exec kubectl-karmada register '))).toBe(true);
    expect(tokens(account)).toEqual([]);
  },
);

it.runIf(triesMore)('is deleted by the next run when one was killed while it registered', limit, async () => {
  const account = newMachine();
  const undisturbed = await succeed(newMachine(), up);
  const created = undisturbed.commands.findIndex(({ key }) => key.startsWith('exec kubectl-karmada token create'));
  const killed = await cli(account, up, { killAfterCommand: created + 1 });
  expect(killed.code).toBe('killed');
  expect(tokens(account)).toHaveLength(1);
  await succeed(account, up);
  expect(tokens(account)).toEqual([]);
});

it('is left alone when it is somebody else’s', limit, async () => {
  const account = newMachine();
  await succeed(account, up.replace('name=two,mode=pull', 'name=one'));
  const karmada = account.state.apis[`karmada/${region}/karmada-parent`];
  const key = 'secrets/kube-system/bootstrap-token-abcdef';
  const metadata = { name: 'bootstrap-token-abcdef', namespace: 'kube-system', uid: 'u', creationTimestamp: '' };
  const data = { description: Buffer.from('mine').toString('base64') };
  if (karmada) karmada.objects[key] = { apiVersion: 'v1', kind: 'Secret', metadata, data };
  await succeed(account, up);
  expect(tokens(account)).toEqual([key]);
});
