/** `unjoin --delete-cluster` of a cluster in which users have volumes with data. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { useVolume, volumeIds } from './users-volumes.js';
import { applyTo } from './workloads.js';

const fleet = smallFleet();
const unjoin = 'unjoin one --yes --delete-cluster';

/** Ids differ from run to run. */
function shown(text: string, ...ids: readonly string[]): string {
  return ids.reduce((left, id, index) => left.replaceAll(id, `vol-${index + 1}`.padEnd(id.length, '_')), text);
}

/** One that is retained, and one that is not. */
async function withVolumes(): Promise<{ readonly account: Account; readonly kept: string; readonly gone: string }> {
  const account = fleet();
  const kept = await useVolume(account, { cluster: 'one', policy: 'Retain' });
  const gone = await useVolume(account, { cluster: 'one', namespace: 'shop', name: 'cart', gib: 20 });
  return { account, kept, gone };
}

interface Remembered {
  readonly volumes: readonly unknown[];
  readonly made: readonly { readonly cluster: string; readonly until?: number }[];
}

function record({ state }: Account): Remembered {
  return JSON.parse(state.files[`${fleetFolder}/fleet.json`] ?? '{}') as Remembered;
}

it('lists them before the question, with what becomes of them', async () => {
  const { account, kept, gone } = await withVolumes();
  const refused = await cli(account, 'unjoin one --delete-cluster', { leaves: true });
  expect(changes(refused)).toEqual([]);
  expect(shown(refused.stdout, kept, gone)).toMatchInlineSnapshot(`
    "USERS’ VOLUME           CLAIM                     CLUSTER            SIZE      RECLAIM POLICY   USD/MONTH   ACTION
    vol-1________________   default/data-postgres-0   one in us-west-2   100 GiB   Retain           8.00        stays, and costs
    vol-2________________   shop/data-cart-0          one in us-west-2   20 GiB    Delete           1.60        stays, and costs
    "
  `);
});

it('leaves them, says so, and remembers which were retained', async () => {
  const { account, kept, gone } = await withVolumes();
  const ended = await succeed(account, unjoin);
  expect(account.region(region).clusters['one']).toBeUndefined();
  expect(shown(ended.stdout.slice(ended.stdout.indexOf('one is no longer')), kept, gone)).toMatchInlineSnapshot(`
    "one is no longer in fleet karmada; EKS cluster one in us-west-2 is deleted
    the members, as Karmada has them:
      kubectl --context karmada-apiserver get clusters
    2 volumes with users’ data are kept and still incur cost; to delete:
      aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
      aws ec2 delete-volume --region us-west-2 --volume-id vol-2________________
    "
  `);
  expect(record(account).volumes).toEqual([
    { id: kept, policy: 'Retain' },
    { id: gone, policy: 'Delete' },
  ]);
  const usersVolumes = (): readonly string[] => volumeIds(account).filter((id) => id === kept || id === gone);
  expect(usersVolumes()).toEqual([kept, gone]);
  // The cluster is in the fleet no more, and its volumes are still known.
  expect((await cli(account, `${down} --remove-volumes`)).code).toBe(5);
  expect(usersVolumes()).toEqual([kept]);
});

it('notes the end of the cluster that it deletes, and of no other', async () => {
  const account = fleet();
  await succeed(account, unjoin);
  const ends = record(account).made.map(({ cluster, until }) => [cluster, until !== undefined]);
  expect(Object.fromEntries(ends)).toEqual({ one: true, two: false, 'karmada-parent': false });
});

it('deletes with --remove-volumes those that are not retained, after their cluster', async () => {
  const { account, kept, gone } = await withVolumes();
  const ended = await succeed(account, `${unjoin} --remove-volumes`);
  expect(volumeIds(account)).toContain(kept);
  expect(volumeIds(account)).not.toContain(gone);
  const order = ended.events.flatMap((event) => (event.type === 'step-done' ? [event.id] : []));
  expect(order.indexOf('remove-volumes/us-west-2')).toBeGreaterThan(order.indexOf('delete-cluster/one'));
  expect(shown(ended.stdout.slice(ended.stdout.indexOf('one is no longer')), kept, gone)).toMatchInlineSnapshot(`
    "one is no longer in fleet karmada; EKS cluster one in us-west-2 is deleted
    the members, as Karmada has them:
      kubectl --context karmada-apiserver get clusters
    1 volume with users’ data is kept and still incurs cost; to delete:
      aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
    "
  `);
});

it('takes none of the clusters that stay', async () => {
  const account = fleet();
  const others = [await useVolume(account, { cluster: 'two' }), await useVolume(account)];
  const ended = await succeed(account, `${unjoin} --remove-volumes`);
  expect(ended.stdout).not.toContain('USERS’ VOLUME');
  expect(volumeIds(account)).toEqual(expect.arrayContaining(others));
});

it('continues with them after a kill when the cluster is gone already', async () => {
  const { account, gone } = await withVolumes();
  const words = `${unjoin} --remove-volumes`;
  const isGone = (): boolean => account.region(region).clusters['one'] === undefined;
  for (let killAt = 10; !isGone(); killAt += 1) await cli(account, words, { killAt });
  expect(volumeIds(account)).toContain(gone);
  await succeed(account, words);
  expect(volumeIds(account)).not.toContain(gone);
});

it('wants --delete-cluster with --remove-volumes', async () => {
  const refused = await cli(fleet(), 'unjoin one --yes --remove-volumes');
  expect(changes(refused)).toEqual([]);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ --remove-volumes requires --delete-cluster
      next: add --delete-cluster: only deleted clusters leave volumes behind
      code: invalid-value
    exit 2"
  `);
});

describe('in a namespace that Karmada made', () => {
  const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

  it('are left as the list has it, with the namespace, until the cluster goes', async () => {
    const account = fleet();
    await applyTo(account, 'karmada-apiserver', [shop]);
    const id = await useVolume(account, { cluster: 'one', namespace: 'shop' });
    const ended = await succeed(account, unjoin);
    expect(shown(ended.stdout.slice(0, ended.stdout.indexOf('SCOPE')), id)).toMatchInlineSnapshot(`
      "USERS’ VOLUME           CLAIM                  CLUSTER            SIZE      RECLAIM POLICY   USD/MONTH   ACTION
      vol-1________________   shop/data-postgres-0   one in us-west-2   100 GiB   Delete           8.00        stays, and costs
      "
    `);
    expect(volumeIds(account)).toContain(id);
    expect(ended.commands.map(({ key }) => key).filter((key) => key.includes('patch'))).toMatchInlineSnapshot(`
      [
        "exec kubectl patch one Namespace/shop",
      ]
    `);
  });

  it('are reported as deleted where this machine cannot keep them from Karmada', async () => {
    const account = fleet();
    await applyTo(account, 'karmada-apiserver', [shop]);
    const id = await useVolume(account, { cluster: 'one', namespace: 'shop' });
    const faults = [{ call: 'exec kubectl get namespaces kube-system*', kind: 'fail', times: -1 } as const];
    const refused = await cli(account, `${unjoin} --force`, { faults });
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ this would delete namespace shop in one; nothing was changed
        why:  --yes does not cover the loss of anything that works or holds data
        next: 1. to agree, add --remove-workloads
              2. or add --keep-workloads: they keep running in their clusters, without Karmada
        code: consent-missing
      exit 3"
    `);
    const kept = await cli(account, `${unjoin} --force --keep-workloads`, { faults });
    expect(said(kept)).toMatchInlineSnapshot(`
      "✖ workloads in one (EKS cluster one in us-west-2) cannot be kept; nothing was changed
        why:  it does not respond to this machine (Error: it failed on purpose), but Karmada reaches it and would delete them
        next: 1. check that its cluster is up and reachable from here, then run the same command again
              2. or omit --keep-workloads; what would be deleted is shown first
        code: member-silent
      exit 3"
    `);
    expect(volumeIds(account)).toContain(id);
  });
});
