/** A parent that was there before: what others keep in it is neither used, nor counted, nor removed. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, readyStatus, region, smallUp, succeed } from './fleet.js';

const up = `${smallUp} --use-existing`;

function adoptable(): Account {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
  return account;
}

function parent(account: Account): ApiState {
  const found = account.state.apis[`eks/${region}/karmada-parent`];
  if (found === undefined) throw new Error('there is no parent');
  return found;
}

function put(account: Account, plural: string, name: string, namespace?: string): void {
  upsert(
    parent(account),
    plural,
    { metadata: { name, ...(namespace === undefined ? {} : { namespace }) } },
    account.now(),
  );
}

/** The objects of Karmada's namespace, and itself. */
function inNamespace(account: Account): readonly string[] {
  return Object.keys(parent(account).objects)
    .filter((key) => key.includes('/karmada-system/') || key.endsWith('//karmada-system'))
    .filter((key) => !key.startsWith('events/'))
    .sort();
}

it.each(['plan', 'up'])('%s refuses a namespace that others use, before any change', async (verb) => {
  const account = adoptable();
  put(account, 'namespaces', 'karmada-system');
  put(account, 'secrets', 'vault', 'karmada-system');
  put(account, 'configmaps', 'settings', 'karmada-system');
  const before = inNamespace(account);
  const words = verb === 'up' ? up : up.replace(/^up/, 'plan').replace(' --yes', '');
  const refused = await cli(account, words);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ namespace karmada-system of cluster karmada-parent is in use by somebody else
      why:  it has ConfigMap/settings, Secret/vault
      next: 1. use another cluster as parent
            2. or move these objects elsewhere: Karmada needs the namespace for itself
      code: karmada-foreign
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
  expect(inNamespace(account)).toEqual(before);
});

it.each(['plan', 'up'])(
  '%s refuses subnets without room for the load balancer, before any change, and uses others when told to',
  async (verb) => {
    const account = adoptable();
    const { subnets, clusters } = account.region(region);
    const taken = clusters['karmada-parent']?.subnetIds ?? [];
    const full = subnets.find(({ id }) => !taken.includes(id)) ?? expect.unreachable('no public subnet');
    full.freeAddresses = 7;
    const words = verb === 'up' ? up : up.replace('up ', 'plan ').replace(' --yes', '');
    // What the canaries bring has subnets with room.
    const refused = await cli(account, words, { alone: true });
    expect(said(refused)).toContain(`✖ ${full.id} in ${full.zone} has 7 free addresses, expected at least 8
  why:  the load balancer of the Karmada API wants 8 free in each of its subnets
  next: 1. free addresses in it, or add a larger subnet in its zone with the same route table
        2. or leave its zone out: --zones ${region}b,${region}c`);
    expect(changes(refused)).toEqual([]);
    if (verb === 'up') await succeed(account, `${up} --zones ${region}b,${region}c`, { alone: true });
  },
);

it('refuses a parent that is a member of another Karmada, before any change', async () => {
  const account = adoptable();
  put(account, 'namespaces', 'karmada-cluster');
  const refused = await cli(account, up);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ cluster karmada-parent is a member of another Karmada, and cannot host one for fleet karmada
      why:  it has a namespace karmada-cluster that this fleet did not create
      next: 1. use another cluster as parent
            2. or remove it from that Karmada first: kubectl karmada unjoin (push) or unregister (pull)
      code: karmada-foreign
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
});

it('leaves an empty namespace standing that was there before', async () => {
  const account = adoptable();
  put(account, 'namespaces', 'karmada-system');
  const before = inNamespace(account);
  await succeed(account, up);
  await readyStatus(account);
  const { stderr } = await succeed(account, down);
  expect(stderr).toContain('namespace karmada-system is kept (not ours: existed before)');
  expect(inNamespace(account)).toEqual(before);
});

it('gives a namespace that was there back what init took from it, and takes what init gave it', async () => {
  const account = adoptable();
  put(account, 'namespaces', 'karmada-system');
  const key = 'namespaces//karmada-system';
  const carried = (): unknown => {
    const { labels, annotations } = parent(account).objects[key]?.metadata ?? {};
    return { labels, annotations };
  };
  const found = parent(account).objects[key];
  if (found === undefined) throw new TypeError('no namespace');
  found.metadata.labels = { 'kubernetes.io/metadata.name': 'karmada-system' };
  found.metadata.annotations = { 'example.org/owner': 'team-a' };
  const before = carried();
  await succeed(account, up);
  expect(carried()).toEqual({
    labels: { 'karmada.io/system': 'true', 'kubernetes.io/metadata.name': 'karmada-system' },
    annotations: {},
  });
  await succeed(account, up.replace('name=two,mode=pull', 'name=two,mode=pull --member name=three'));
  await succeed(account, down);
  expect(carried()).toEqual(before);
});

it.runIf(triesMore)('leaves init’s label on a namespace that had it before', async () => {
  const account = adoptable();
  put(account, 'namespaces', 'karmada-system');
  const found = parent(account).objects['namespaces//karmada-system'];
  if (found === undefined) throw new TypeError('no namespace');
  found.metadata.labels = { 'karmada.io/system': 'true' };
  await succeed(account, up);
  await succeed(account, down);
  expect(parent(account).objects['namespaces//karmada-system']?.metadata.labels).toEqual({
    'karmada.io/system': 'true',
    'kubernetes.io/metadata.name': 'karmada-system',
  });
});

it.runIf(triesMore)('leaves its own namespace where others came to use it, with what they have in it', async () => {
  const account = adoptable();
  await succeed(account, up);
  put(account, 'secrets', 'vault', 'karmada-system');
  put(account, 'serviceaccounts', 'theirs', 'karmada-system');
  const { stderr } = await succeed(account, down);
  expect(stderr).toContain('namespace karmada-system is kept; others use it: Secret/vault, ServiceAccount/theirs');
  expect(inNamespace(account)).toEqual([
    'namespaces//karmada-system',
    'secrets/karmada-system/vault',
    'serviceaccounts/karmada-system/theirs',
  ]);
});

it('leaves it too for things of any type, and for what belongs to something that is in no namespace', async () => {
  const account = adoptable();
  await succeed(account, up);
  put(account, 'rolebindings', 'grafana-reads', 'karmada-system');
  put(account, 'secrets', 'backup-key', 'karmada-system');
  const secret = parent(account).objects['secrets/karmada-system/backup-key'];
  if (secret !== undefined) secret.metadata['ownerReferences'] = [{ kind: 'ClusterVault', uid: 'elsewhere' }];
  const { stderr } = await succeed(account, down);
  expect(stderr).toContain('is kept; others use it: Secret/backup-key, RoleBinding/grafana-reads');
});

it('removes a namespace that it made', async () => {
  const account = adoptable();
  await succeed(account, up);
  await succeed(account, down);
  expect(inNamespace(account)).toEqual([]);
});

it('writes the description of the fleet again where it is lost', async () => {
  const account = adoptable();
  await succeed(account, up);
  delete parent(account).objects['configmaps/karmada-system/karmada-eks'];
  const { stdout } = await succeed(account, up);
  expect(stdout).toContain('the missing description of the fleet');
  await readyStatus(account);
});
