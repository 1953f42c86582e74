/** In a parent that stays, what carries the fleet's mark alone is left: a label can be set by anybody. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from './cli.js';
import { changes, down, fleetId, region, smallUp, succeed } from './fleet.js';

const service = 'services/karmada-system/karmada-service-loadbalancer';
const configMap = 'configmaps/karmada-system/karmada-eks';
const storageClass = 'storageclasses//ebs-sc';
const namespace = 'namespaces//karmada-system';
const apiServer = 'deployments/karmada-system/karmada-apiserver';
let made = '';

beforeAll(async () => {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
  await succeed(account, `${smallUp} --use-existing`);
  made = snapshot(account);
}, 60_000);

function objects(account: Account): Record<string, KubeObjectState> {
  return account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {};
}

/** As if somebody had made the thing and then copied the fleet's label to it. */
function onlyLabelled(account: Account, ...keys: readonly string[]): void {
  for (const key of keys) {
    const found = objects(account)[key];
    if (found === undefined) throw new TypeError(`there is no ${key}`);
    found.metadata.annotations = {};
    expect(found.metadata.labels?.['karmada-eks/fleet']).toBe(fleetId(account));
  }
}

it('nothing is left of what the fleet made', async () => {
  const account = restore(made);
  await succeed(account, down);
  expect([service, configMap, storageClass, namespace].filter((key) => objects(account)[key] !== undefined)).toEqual(
    [],
  );
});

it('a StorageClass', async () => {
  const account = restore(made);
  onlyLabelled(account, storageClass);
  const { stderr } = await succeed(account, down);
  expect(stderr).toContain('delete the StorageClass (StorageClass ebs-sc is kept: perhaps this fleet (tag only))');
  expect(objects(account)[storageClass]).toBeDefined();
});

it('the Service, and with it the namespace', async () => {
  const account = restore(made);
  onlyLabelled(account, service);
  const { stderr } = await cli(account, down);
  expect(stderr).toContain('namespace karmada-system is kept; others use it: Service/karmada-service-loadbalancer');
  expect([service, namespace].filter((key) => objects(account)[key] === undefined)).toEqual([]);
});

it('Karmada, where neither a record of its installation nor its load balancer is the fleet’s', async () => {
  const account = restore(made);
  onlyLabelled(account, service, configMap);
  const refused = await cli(account, down);
  expect(refused.stderr).toContain(
    '✖ Karmada in karmada-parent is not known to belong to fleet karmada; nothing was changed',
  );
  expect(refused.stderr).toContain('why:  perhaps this fleet (tag only)');
  expect(changes(refused)).toEqual([]);
  expect([service, configMap, namespace, apiServer].filter((key) => objects(account)[key] === undefined)).toEqual([]);
});

it('not Karmada whose load balancer is the fleet’s, when only the notes on the installation are lost', async () => {
  const account = restore(made);
  onlyLabelled(account, configMap);
  const { stdout } = await cli(account, down);
  expect(stdout).toContain('this fleet (tag and its load balancer)');
  expect(objects(account)[apiServer]).toBeUndefined();
});
