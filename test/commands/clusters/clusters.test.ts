/** `clusters`: the members as Karmada knows them. */
import { expect, it } from 'vitest';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, smallUp, succeed } from '../../lifecycle/fleet.js';
import { lostMember, readyFleet } from '../status/machines.js';

/** How old members are depends on how long each step took. */
function ageless(table: string): string {
  return table.replace(/ \d+[smhd] +(?=us-)/g, ' n     ');
}

it('lists the members of a fleet that is Ready', async () => {
  const { stdout } = await succeed(await readyFleet(), 'clusters');
  expect(ageless(stdout)).toMatchInlineSnapshot(`
    "NAME   VERSION               MODE   READY   AGE   REGION      TAINTS   REASON
    one    v1.35.0-eks-0000000   Push   True    n     us-west-2
    two    v1.35.0-eks-0000000   Pull   True    n     us-west-2
    "
  `);
});

it('adds zones, provider and standing when wide', async () => {
  const { stdout } = await succeed(await readyFleet(), 'clusters -o wide');
  expect(ageless(stdout)).toMatchInlineSnapshot(`
    "NAME   VERSION               MODE   READY   AGE   REGION      ZONES                              PROVIDER   MEMBERSHIP   AGENT    TAINTS   REASON
    one    v1.35.0-eks-0000000   Push   True    n     us-west-2   us-west-2a,us-west-2b,us-west-2c   aws        member
    two    v1.35.0-eks-0000000   Pull   True    n     us-west-2   us-west-2a,us-west-2b,us-west-2c   aws        member       1.18.2
    "
  `);
});

it('reports why a member is not Ready, with its taints', async () => {
  const { stdout } = await succeed(await lostMember(), 'clusters');
  expect(ageless(stdout)).toMatchInlineSnapshot(`
    "NAME   VERSION               MODE   READY   AGE   REGION      TAINTS                                    REASON
    one    v1.35.0-eks-0000000   Push   False   n     us-west-2   cluster.karmada.io/not-ready:NoSchedule   ClusterNotReachable: cluster is not reachable
    two    v1.35.0-eks-0000000   Pull   True    n     us-west-2
    "
  `);
});

it('gives all of it as JSON', async () => {
  const { stdout } = await succeed(await readyFleet(), 'clusters -o json');
  expect(JSON.parse(stdout)).toMatchObject([
    { name: 'one', mode: 'push', region: 'us-west-2', provider: 'aws', ready: true, standing: 'member', taints: [] },
    { name: 'two', mode: 'pull', ready: true, standing: 'member' },
  ]);
});

it('asks no member, so that one that does not respond keeps nobody waiting', async () => {
  const { calls } = await succeed(await lostMember(), 'clusters');
  const clusters = calls.map(({ key }) => key).filter((key) => key.startsWith('exec kubectl'));
  expect(clusters.filter((key) => / (one|two)$/.test(key))).toEqual([]);
  expect(clusters.length).toBeGreaterThan(0);
});

it('refuses a format that it does not have', async () => {
  const { code, stderr } = await cli(await readyFleet(), 'clusters -o xml');
  expect(code).toBe(2);
  expect(stderr).toContain('--output: expected text, wide or json, got "xml"');
});

it('reports what to do when the Karmada API does not respond', async () => {
  const account = newMachine();
  const faults = [{ call: 'exec kubectl-karmada init*', times: -1, kind: 'fail' as const }];
  expect((await cli(account, smallUp, { faults })).code).toBe(4);
  const { code, stderr } = await cli(account, 'clusters');
  expect(code).toBe(4);
  expect(stderr).toContain('the Karmada API of fleet karmada does not respond');
  expect(stderr).toContain('karmada-eks up');
});
