/** What an API does not tell for a moment does not count as not there: nothing is destroyed by it. */
import { expect, it } from 'vitest';
import { dropObject, findObject, listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { cli } from './cli.js';
import { changes, region, smallUp, succeed } from './fleet.js';
import { joinable, withContexts } from './joinable.js';
import { smallFleet } from './small-fleet.js';
import { applyTo, running, shopObjects } from './workloads.js';

const fleet = smallFleet();

function unknownContents(type: string, asked = type) {
  const message = `error: the server doesn't have a resource type "${type}"`;
  return { call: `exec kubectl get ${asked}*`, kind: 'fail', times: -1, message } as const;
}

function ending(stderr: string): string {
  return stderr.slice(stderr.indexOf('✖'));
}

const members = unknownContents('clusters', 'clusters.cluster.karmada.io');

it('unjoin changes nothing while Karmada does not list its members', async () => {
  const account = fleet();
  await applyTo(account, 'karmada-apiserver', shopObjects(['one', 'two']));
  const ended = await cli(account, 'unjoin one --yes', { alone: true, faults: [members] });
  expect(ended.code).toBe(3);
  expect(ending(ended.stderr)).toMatchInlineSnapshot(`
    "✖ Karmada does not list its members
      why:  it has apiservices/v1alpha1.cluster.karmada.io, but kubectl finds no type clusters.cluster.karmada.io
      next: 1. find out why: kubectl -n karmada-system get pods -l app=karmada-aggregated-apiserver, with the context of the parent
            2. run the same command again once it is running
      code: karmada-incomplete
    "
  `);
  expect(changes(ended)).toEqual([]);
});

it('down changes nothing while Karmada does not list its members', async () => {
  const account = fleet();
  const ended = await cli(account, 'down --yes --confirm karmada', { alone: true, faults: [members] });
  expect(ended.code).toBe(3);
  expect(changes(ended)).toEqual([]);
});

it.each([['Deployment'], ['Namespace']])(
  'unjoin leaves a member as it is that does not tell of its %s',
  async (kind) => {
    const account = await joinable();
    await succeed(account, ['join', '--cluster', 'shop', '--yes'], { ...withContexts, alone: true });
    await applyTo(account, 'karmada-apiserver', shopObjects(['shop']));
    await account.clock.sleep(60_000);
    await succeed(account, 'status', { ...withContexts, alone: true });
    const before = running(account, 'shop', 'shop');
    expect(before.length).toBeGreaterThan(0);
    const ended = await cli(account, 'unjoin shop --yes', {
      ...withContexts,
      alone: true,
      faults: [unknownContents(kind)],
    });
    expect(ended.code).toBe(3);
    if (kind === 'Deployment')
      expect(ending(ended.stderr)).toMatchInlineSnapshot(`
        "✖ workloads in shop could not be counted; nothing was changed there
          why:  kubectl finds no such type, although the cluster defines it
          next: 1. run the same command again
                2. check Karmada: karmada-eks status --fleet karmada --region us-west-2
          code: workloads-uncounted
        "
      `);
    await account.clock.sleep(60_000);
    expect(running(account, 'shop', 'shop')).toEqual(before);
  },
);

it('up does not remove a Karmada whose API server of members is lost', async () => {
  const account = fleet();
  const parent = account.state.apis[`eks/${region}/karmada-parent`] as ApiState;
  const lost = findObject(parent, 'deployments', 'karmada-system', 'karmada-aggregated-apiserver');
  expect(lost).toBeDefined();
  if (lost !== undefined) dropObject(parent, 'deployments', lost);
  const claims = () =>
    listObjects(parent, 'persistentvolumeclaims', 'karmada-system').map(({ metadata }) => metadata.uid);
  const before = claims();
  const ended = await cli(account, smallUp, { alone: true, faults: [members] });
  expect(ended.code).toBe(3);
  expect(ending(ended.stderr)).toMatchInlineSnapshot(`
    "✖ Karmada in karmada-parent is not complete, and holds data that would be lost: 3 volumes of etcd, with data that its API cannot list now
      why:  karmada-aggregated-apiserver: 0 of 2 ready (it does not exist)
      next: 1. restore what is missing, e.g. from its manifest: kubectl -n karmada-system get all
            2. or discard its data and install it again: add --reinstall-karmada to the same command
            3. or delete the fleet: karmada-eks down --fleet karmada --region us-west-2
      code: karmada-incomplete
    "
  `);
  expect(claims()).toEqual(before);
});
