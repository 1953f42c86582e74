/** One member that fails leaves the others working, and the summary says which. */
import { expect, it } from 'vitest';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { down, expectGone, kubeconfigPath, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const threeMembers = `${smallUp} --member name=three`;
const noCluster = { call: 'exec eksctl create cluster one', kind: 'fail' } as const;
const noUnjoin = { call: 'exec kubectl-karmada unjoin one*', kind: 'fail' } as const;

/** The line that says how far each lane came. */
function lanes(stderr: string): string | undefined {
  return /scopes: +(.*)/.exec(stderr)?.[1];
}

it.runIf(triesMore)(
  'joins the other members, brings their contexts home, and continues with the one at the next up',
  async () => {
    const account = newMachine();
    const before = resourceIds(account);
    const first = await cli(account, threeMembers, { faults: [noCluster] });
    expect(first.code).toBe(4);
    expect(lanes(first.stderr)).toBe('one failed; parent, two, three, fleet complete');
    const status = JSON.parse((await cli(account, 'status -o json')).stdout) as { members: object[] };
    expect(status.members).toMatchObject([
      { name: 'one', ready: false },
      { name: 'two', ready: true },
      { name: 'three', ready: true },
    ]);
    const merged = account.state.files[kubeconfigPath] ?? '';
    expect(
      ['karmada-apiserver', 'karmada-parent', 'one', 'two', 'three'].map((name) => merged.includes(`name: ${name}`)),
    ).toEqual([true, true, false, true, true]);
    const second = await succeed(account, threeMembers);
    expect(second.stderr).not.toContain('scopes:');
    await readyStatus(account);
    expect(account.state.files[kubeconfigPath]).toContain('name: one');
    await succeed(account, down);
    expectGone(account, before);
  },
);

it('joins nobody when the parent fails', async () => {
  const account = newMachine();
  const faults = [{ call: 'exec eksctl create cluster karmada-parent', kind: 'fail' }] as const;
  const { code, stderr } = await cli(account, smallUp, { faults });
  expect(code).toBe(4);
  expect(lanes(stderr)).toBe('parent failed; one, two, fleet unfinished');
});

it.runIf(triesMore)('keeps Karmada while a member is still in it, but takes the others away', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  await succeed(account, threeMembers);
  const first = await cli(account, down, { faults: [noUnjoin] });
  expect(first.code).toBe(4);
  expect(lanes(first.stderr)).toBe('one failed; two, three complete; parent, fleet unfinished');
  expect(Object.keys(account.state.regions[region]?.clusters ?? {}).sort()).toEqual(['karmada-parent', 'one']);
  const status = JSON.parse((await cli(account, 'status -o json')).stdout) as { controlPlane: object };
  expect(status.controlPlane).toMatchObject({ answers: true });
  await succeed(account, down);
  expectGone(account, before);
});
