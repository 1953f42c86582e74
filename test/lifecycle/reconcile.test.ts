/** Another number of nodes: shown, and changed only when that was said. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli } from './cli.js';
import { changes, down, expectGone, newMachine, readyStatus, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

const before = resourceIds(newMachine());
const fleet = smallFleet();

/** The number of nodes that each cluster of the status has. */
async function nodes(account: Account): Promise<readonly unknown[]> {
  const { clusters } = (await readyStatus(account)) as { clusters: { nodes: number }[] };
  return clusters.map((cluster) => cluster.nodes);
}

describe('more nodes', () => {
  it('are shown as drift, and nothing is changed', async () => {
    const account = fleet();
    const ended = await succeed(account, 'up --nodes 5 --yes');
    expect(ended.stderr).toContain('drift: karmada-parent has 3 nodes, 5 requested (apply with --reconcile)');
    expect(ended.stderr).toContain('drift: one has 3 nodes');
    expect(changes(ended).filter((key) => key.includes('eksctl'))).toEqual([]);
    expect(await nodes(account)).toEqual([3, 3, 3]);
  });

  it('come with --reconcile, and a second run has nothing to do', async () => {
    const account = fleet();
    const { stdout } = await succeed(account, 'plan --nodes 5 --reconcile');
    expect(stdout).toContain('scale <member> to 5 nodes: 3 nodes, 5 requested (one, two)');
    await succeed(account, 'up --nodes 5 --reconcile --yes');
    expect(await nodes(account)).toEqual([5, 5, 5]);
    expect((await succeed(account, 'up --reconcile --yes')).stdout).toContain('nothing to do');
    await succeed(account, down);
    expectGone(account, before);
  });
});

it('fewer nodes come with --reconcile on the command line alone, and what goes is shown', async () => {
  const account = fleet();
  await succeed(account, 'up --nodes 4 --reconcile --yes');
  const variable = await cli(account, 'up --nodes 3 --yes', { vars: { KARMADA_EKS_RECONCILE: 'yes' } });
  expect(variable.stderr).toContain(
    'KARMADA_EKS_RECONCILE is set, but --reconcile agrees to a loss and can only be set on the command line',
  );
  expect(await nodes(account)).toEqual([4, 4, 4]);
  const { stdout } = await succeed(account, 'up --nodes 3 --reconcile --yes');
  expect(stdout.slice(stdout.indexOf('TO BE DELETED'), stdout.indexOf('fleet karmada'))).toMatchInlineSnapshot(`
    "TO BE DELETED, REPLACED OR INTERRUPTED
    ACTION      KIND    NAME                          HOLDS                                                                                                                                                                 OWNER
    interrupt   nodes   karmada-parent in us-west-2   pods on 1 of 4 nodes, which are removed, an etcd member of Karmada if no node remains in the zone of its volume: it does not start until that zone has a node again   node group nodes of a cluster with this fleet’s tag
    interrupt   nodes   one in us-west-2              pods on 1 of 4 nodes, which are removed                                                                                                                               node group nodes of a cluster with this fleet’s tag
    interrupt   nodes   two in us-west-2              pods on 1 of 4 nodes, which are removed                                                                                                                               node group nodes of a cluster with this fleet’s tag

    "
  `);
  expect(await nodes(account)).toEqual([3, 3, 3]);
});

it('another instance type is reported, but not changed', async () => {
  const account = fleet();
  const { stderr } = await succeed(account, 'up --instance-type m5.xlarge --reconcile --yes');
  expect(stderr).toContain('nodes are m5.large, m5.xlarge requested; this is not changed in an existing cluster');
});

it('another Kubernetes is reported, but not changed', async () => {
  const account = fleet();
  const ended = await succeed(account, 'plan --kubernetes-version 1.34');
  expect(ended.stderr).toContain(
    'drift: one: Kubernetes 1.35, new clusters get 1.34; this is not changed in an existing cluster',
  );
  expect((await succeed(account, 'plan')).stderr).not.toContain('drift');
});

it('continues after eksctl was killed while it scaled', async () => {
  const account = fleet();
  const faults = [{ call: 'exec eksctl scale nodegroup one*', kind: 'die-half-way' as const }];
  const { code } = await cli(account, 'up --nodes 5 --reconcile --yes', { faults });
  expect([0, 4]).toContain(code);
  await succeed(account, 'up --nodes 5 --reconcile --yes');
  expect(await nodes(account)).toEqual([5, 5, 5]);
});
