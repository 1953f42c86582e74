/** What goes with a cluster that is deleted is named before, is refused where it is another's Karmada, and is told to be unknown where it is. */
import { describe, expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { dropObject, findObject, upsert } from '../../src/rehearsal/kube/api-server/store.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { inThisRun } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, region, smallUp, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { useVolume } from './users-volumes.js';

const fleet = smallFleet();
const parentKey = `eks/${region}/karmada-parent`;
const alone = { alone: true };

function api(account: Account, key: string): ApiState {
  const found = account.state.apis[key];
  if (found === undefined) throw new Error(`there is no ${key}`);
  return found;
}

function drop(account: Account, kind: string, name: string): void {
  const parent = api(account, parentKey);
  const found = findObject(parent, kind, 'karmada-system', name);
  expect(found).toBeDefined();
  if (found !== undefined) dropObject(parent, kind, found);
}

function ending(stderr: string): string {
  return stderr.slice(stderr.indexOf('✖'));
}

it('down of a fleet does not delete a cluster that it let go and that hosts the Karmada of another', async () => {
  const account = newMachine();
  const members = '--member name=b-parent --member name=two';
  await succeed(account, `up --fleet a --region ${region} --vpc main --yes ${members}`, alone);
  await succeed(account, `unjoin b-parent --yes --fleet a --region ${region}`, alone);
  await succeed(account, `up --fleet b --region ${region} --vpc main --yes --use-existing --member name=three`, alone);
  const ended = await cli(account, `down --fleet a --region ${region} --yes --confirm a`, alone);
  expect(ended.code).toBe(3);
  expect(ending(ended.stderr).replaceAll(/\b[0-9a-z]{12}\./g, 'ID.')).toMatchInlineSnapshot(`
    "✖ EKS cluster b-parent in us-west-2 is not deleted: it hosts a Karmada that does not belong to fleet a
      why:  its marks name fleet id ID.ID.us-west-2
      next: 1. remove that Karmada first, with its fleet (karmada-eks down --fleet NAME) or without (kubectl karmada deinit)
            2. then run the same command again
      code: karmada-foreign
    "
  `);
  expect(changes(ended)).toEqual([]);
});

describe('a cluster that unjoin deletes', () => {
  const unjoin = 'unjoin one --delete-cluster --yes';

  it.each(inThisRun(['kube-prometheus-stack', 'karmada-dashboards']))(
    'is shown with what users run in %s',
    async (namespace) => {
      const account = fleet();
      await useVolume(account, { cluster: 'one', namespace });
      const ended = await cli(account, unjoin, alone);
      expect(ended.stdout).toContain(`workloads in namespace ${namespace}`);
    },
  );

  it('is shown with what is scaled to zero, and its claims', async () => {
    const account = fleet();
    await useVolume(account, { cluster: 'one', namespace: 'shop' });
    const one = api(account, `eks/${region}/one`);
    const set = findObject(one, 'statefulsets', 'shop', 'postgres');
    if (set !== undefined) dropObject(one, 'statefulsets', set);
    await account.clock.sleep(60_000);
    const ended = await cli(account, unjoin, alone);
    expect(ended.stdout).toContain('workloads in namespace shop');
  });

  it('is shown as a member of another Karmada where it is one', async () => {
    const account = fleet();
    upsert(
      api(account, `eks/${region}/one`),
      'namespaces',
      { metadata: { name: 'karmada-cluster', labels: { 'karmada-eks/fleet': 'other' } } },
      account.now(),
    );
    const ended = await cli(account, unjoin, alone);
    expect(ended.stdout).toContain('a member of another Karmada');
  });

  it('is shown with why nobody knows what runs in it', async () => {
    const account = fleet();
    const message = 'Error from server (Forbidden): pods is forbidden';
    const faults = [{ call: 'exec kubectl get pods*', kind: 'fail', times: -1, message } as const];
    const ended = await cli(account, unjoin, { ...alone, faults });
    expect(ended.stdout).toContain('its workloads could not be read: Error from server (Forbidden)');
  });
});

describe('a Karmada whose description is lost', () => {
  function adopted(): Account {
    const account = newAccount();
    const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
    const subnetIds = privateSubnets.map(({ id }) => id);
    addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
    return account;
  }

  it('is shown before it is deleted with its parent', async () => {
    const account = fleet();
    drop(account, 'configmaps', 'karmada-eks');
    const ended = await succeed(account, down, alone);
    expect(ended.stdout.slice(ended.stdout.indexOf('TO BE DELETED'))).toContain('Karmada control plane');
  });

  it('is reported of a parent that is kept', async () => {
    const account = adopted();
    await succeed(account, `${smallUp} --use-existing`, alone);
    drop(account, 'configmaps', 'karmada-eks');
    await succeed(account, down, alone);
    expect(findObject(api(account, parentKey), 'deployments', 'karmada-system', 'karmada-apiserver')).toBeUndefined();
  });

  it('is left with all that it needs where nothing names the fleet any more', async () => {
    const account = adopted();
    await succeed(account, `${smallUp} --use-existing`, alone);
    drop(account, 'configmaps', 'karmada-eks');
    const service = findObject(api(account, parentKey), 'services', 'karmada-system', 'karmada-service-loadbalancer');
    delete (service?.metadata['labels'] as Record<string, string> | undefined)?.['karmada-eks/fleet'];
    const ended = await cli(account, `${down} --remove-leftovers`, alone);
    expect(ended.code).toBe(3);
    expect(ending(ended.stderr)).toMatchInlineSnapshot(`
      "✖ Karmada in karmada-parent is not known to belong to fleet karmada; nothing was changed
        why:  not ours: no mark of this fleet
        next: 1. if it belongs to this fleet, remove it: kubectl karmada deinit
              2. if not, remove it together with its own fleet
              3. then run the same command again
        code: karmada-foreign
      "
    `);
    expect(changes(ended)).toEqual([]);
  });
});
