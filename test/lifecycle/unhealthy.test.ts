/** A fleet of which EKS says that something is unhealthy, though it runs: it is shown, and nothing of it is replaced unasked. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { never } from '../../src/rehearsal/durations.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import type { NodeGroupState } from '../../src/rehearsal/state.js';
import { inThisRun } from './cases.js';
import { cli } from './cli.js';
import { changes, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const why = "You've reached your limit on launch template versions";
let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
});

function groupOf(account: Account, cluster: string): NodeGroupState {
  const group = account.region(region).clusters[cluster]?.nodeGroups['nodes'];
  if (group === undefined) throw new Error(`${cluster} has no node group`);
  return group;
}

function instances(account: Account, cluster: string): readonly string[] {
  return account
    .region(region)
    .instances.filter((instance) => instance.cluster === cluster)
    .map(({ id }) => id);
}

function degraded(cluster: string): Account {
  const account = restore(made);
  const group = groupOf(account, cluster);
  group.status = 'DEGRADED';
  group.issues = [{ code: 'Ec2LaunchTemplateMaxLimitExceeded', message: why }];
  return account;
}

describe.each(inThisRun(['karmada-parent', 'one']))('a DEGRADED node group of %s whose nodes run', (cluster) => {
  it('is left by up, and told of with the reason', async () => {
    const account = degraded(cluster);
    const before = instances(account, cluster);
    const ended = await succeed(account, smallUp);
    expect(ended.stdout).toBe('fleet karmada is up to date: nothing to do\n');
    expect(ended.stderr).toContain(
      `drift: ${cluster}: node group nodes (DEGRADED: ${why}): 3 of its nodes are Ready and kept; --replace-nodes replaces all of them\n`,
    );
    expect(changes(ended)).toEqual([]);
    expect(instances(account, cluster)).toEqual(before);
  });

  it('is not replaced by --yes alone where something else is to be done', async () => {
    const account = degraded(cluster);
    const before = instances(account, cluster);
    await succeed(account, `${smallUp} --member name=three`);
    expect(instances(account, cluster)).toEqual(before);
    await readyStatus(account);
  });

  it('is replaced with --replace-nodes, once that was shown', async () => {
    const account = degraded(cluster);
    const before = instances(account, cluster);
    const { stdout } = await succeed(account, `${smallUp} --replace-nodes`);
    expect(stdout.replaceAll(/ +/g, ' ')).toContain(
      `replace nodes ${cluster} in us-west-2 3 Ready nodes, all pods on them node group nodes (DEGRADED: ${why}) of a cluster with this fleet’s tag\n`,
    );
    const after = instances(account, cluster);
    expect(after).toHaveLength(3);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(groupOf(account, cluster).status).toBe('ACTIVE');
    await readyStatus(account);
  });

  it('is not replaced on a terminal where the answer is no, whatever --replace-nodes was meant to be', async () => {
    const account = degraded(cluster);
    const before = instances(account, cluster);
    const ended = await cli(account, `${smallUp.replace(' --yes', '')} --replace-nodes`, { leaves: true });
    expect(ended.code).toBe(130);
    expect(instances(account, cluster)).toEqual(before);
  });

  it('is not replaced where it was being changed when the plan was shown', async () => {
    const account = degraded(cluster);
    const group = groupOf(account, cluster);
    group.status = 'UPDATING';
    group.settlesAt = never;
    const before = instances(account, cluster);
    void account.clock.sleep(90_000).then(() => {
      groupOf(account, cluster).status = 'DEGRADED';
    });
    const ended = await cli(account, `${smallUp} --replace-nodes`);
    expect(ended.code).toBe(4);
    const failed = ended.events.flatMap((event) => (event.type === 'step-failed' ? [event.problem] : []));
    expect(failed.map(({ code, why }) => `${code}: ${why}`)).toEqual([
      `destruction-not-agreed: replace nodes ${cluster} in us-west-2, 3 Ready nodes, all pods on them`,
    ]);
    expect(instances(account, cluster)).toEqual(before);
  });

  it('is left when the cluster does not tell of its nodes', async () => {
    const account = degraded(cluster);
    const before = instances(account, cluster);
    const fault = { call: `exec kubectl get nodes*`, kind: 'fail', times: -1 } as const;
    const ended = await succeed(account, smallUp, { faults: [fault] });
    expect(ended.stderr).toContain(`(DEGRADED: ${why}): its nodes are kept`);
    expect(instances(account, cluster)).toEqual(before);
  });
});

it.each(inThisRun(['one', 'karmada-parent']))(
  'a CREATE_FAILED node group of %s with Ready nodes is left',
  async (cluster) => {
    const account = degraded(cluster);
    groupOf(account, cluster).status = 'CREATE_FAILED';
    const before = instances(account, cluster);
    const ended = await succeed(account, smallUp);
    expect(ended.stderr).toContain(
      `drift: ${cluster}: node group nodes (CREATE_FAILED: ${why}): 3 of its nodes are Ready and kept; --replace-nodes replaces all of them\n`,
    );
    expect(changes(ended)).toEqual([]);
    const replacing = await succeed(account, `${smallUp} --replace-nodes`);
    expect(replacing.stdout).toContain('TO BE DELETED, REPLACED OR INTERRUPTED');
    expect(instances(account, cluster).filter((id) => before.includes(id))).toEqual([]);
  },
);

it('a node group that EKS does not know is left with its stack while its nodes are Ready, or may be', async () => {
  const account = degraded('one');
  const before = instances(account, 'one');
  const groups = account.region(region).clusters['one']?.nodeGroups ?? {};
  delete groups['nodes'];
  const ended = await succeed(account, smallUp);
  expect(ended.stderr).toContain(
    'drift: one: node group nodes (missing): 3 of its nodes are Ready and kept; --replace-nodes replaces all of them\n',
  );
  expect(changes(ended)).toEqual([]);
  const faults = [{ call: 'exec kubectl get nodes one*', kind: 'fail', times: -1 } as const];
  const silent = await cli(account, smallUp, { faults });
  expect(silent.code).toBe(4);
  expect(silent.stderr).toContain('cannot be checked for nodes of node group nodes, which EKS does not list');
  expect(instances(account, 'one')).toEqual(before);
});

it('a DEGRADED node group without a Ready node is recreated', async () => {
  const account = degraded('one');
  const before = instances(account, 'one');
  const api = account.state.apis[`eks/${region}/one`];
  for (const object of Object.values(api?.objects ?? {})) {
    if (object.kind !== 'Node') continue;
    object['status'] = { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] };
  }
  const ended = await succeed(account, smallUp);
  expect(ended.stdout).toContain(`node group nodes (DEGRADED: ${why})`);
  expect(instances(account, 'one').filter((id) => before.includes(id))).toEqual([]);
  await readyStatus(account);
});

it.each(inThisRun(['coredns', 'aws-ebs-csi-driver']))(
  'a DEGRADED add-on %s is left, and told of with the reason',
  async (name) => {
    const account = restore(made);
    const addon = account.region(region).clusters['karmada-parent']?.addons[name];
    if (addon === undefined) throw new Error(`there is no ${name}`);
    addon.status = 'DEGRADED';
    addon.issues = [{ code: 'ConfigurationConflict', message: 'a conflict' }];
    const ended = await succeed(account, smallUp);
    expect(changes(ended)).toEqual([]);
    expect(ended.stderr).toContain(
      `drift: karmada-parent: add-on ${name} (DEGRADED: a conflict): left unchanged; --replace-addons removes and re-adds it\n`,
    );
    const replacing = await succeed(account, `${smallUp} --replace-addons`);
    expect(replacing.stdout).toContain(`add-on ${name} (DEGRADED: a conflict): replaced`);
    expect(account.region(region).clusters['karmada-parent']?.addons[name]?.status).toBe('ACTIVE');
  },
);

it('vpc-cni and kube-proxy that somebody took out are not put back while others do their work, but by --replace-addons', async () => {
  const account = restore(made);
  const addons = account.region(region).clusters['one']?.addons ?? {};
  for (const name of ['vpc-cni', 'kube-proxy']) delete addons[name];
  const ended = await succeed(account, smallUp);
  expect(changes(ended)).toEqual([]);
  expect(ended.stderr).toMatchInlineSnapshot(`
    "drift: one: add-on vpc-cni (missing): not added, because the cluster has 3 Ready nodes without it; --replace-addons adds it
    drift: one: add-on kube-proxy (missing): not added, because the cluster has 3 Ready nodes without it; --replace-addons adds it
    "
  `);
  const replacing = await succeed(account, `${smallUp} --replace-addons`);
  expect(replacing.stdout.replaceAll(/ +/g, ' ')).toContain(
    'replace add-on vpc-cni of one in us-west-2 3 Ready nodes without it add-on vpc-cni (missing) of a cluster with this fleet’s tag\n',
  );
  expect([addons['vpc-cni']?.status, addons['kube-proxy']?.status]).toEqual(['ACTIVE', 'ACTIVE']);
});

it.each([
  ['coredns', 'services', { name: 'kube-dns', namespace: 'kube-system' }, 'Service kube-dns'],
  ['aws-ebs-csi-driver', 'csidrivers', { name: 'ebs.csi.aws.com' }, 'CSIDriver ebs.csi.aws.com'],
  ['metrics-server', 'apiservices', { name: 'v1beta1.metrics.k8s.io' }, 'APIService v1beta1.metrics.k8s.io'],
])('%s is added where it is missing, and not where others have put theirs', async (name, plural, metadata, standIn) => {
  const bare = restore(made);
  const addonsOf = (account: Account) => account.region(region).clusters['karmada-parent']?.addons ?? {};
  const drop = (account: Account): void => {
    delete addonsOf(account)[name];
    delete account.state.apis[`eks/${region}/karmada-parent`]?.objects['csidrivers//ebs.csi.aws.com'];
  };
  drop(bare);
  await succeed(bare, smallUp);
  expect(addonsOf(bare)[name]?.status).toBe('ACTIVE');
  const account = restore(made);
  drop(account);
  const api = account.state.apis[`eks/${region}/karmada-parent`];
  if (api !== undefined) upsert(api, plural, { metadata }, account.now());
  const ended = await succeed(account, smallUp);
  expect(changes(ended)).toEqual([]);
  expect(ended.stderr).toContain(
    `drift: karmada-parent: add-on ${name} (missing): not added, because the cluster has ${standIn} owned by others; --replace-addons adds it\n`,
  );
  const faults = [{ call: 'exec kubectl get nodes*', kind: 'fail', times: -1 } as const];
  const silent = await cli(account, smallUp, { faults });
  expect(silent.stderr).toContain(`cannot be checked for substitutes for add-on ${name} (missing)`);
  expect(changes(silent)).toEqual([]);
});

it('a driver that somebody installed is kept where EKS could not add the fleet’s', async () => {
  const account = restore(made);
  const addons = account.region(region).clusters['karmada-parent']?.addons ?? {};
  Object.assign(addons['aws-ebs-csi-driver'] ?? {}, { status: 'CREATE_FAILED' });
  const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
  const api = account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent');
  upsert(api, 'csidrivers', { metadata: { name: 'ebs.csi.aws.com', labels } }, account.now());
  const ended = await succeed(account, smallUp);
  expect(api.objects['csidrivers//ebs.csi.aws.com']?.metadata.labels).toEqual(labels);
  expect(changes(ended)).toEqual([]);
  expect(ended.stderr).toContain(
    'drift: karmada-parent: add-on aws-ebs-csi-driver (CREATE_FAILED): left unchanged; --replace-addons removes and re-adds it\n',
  );
});

it('metrics-server has to be there, whatever EKS says of it', async () => {
  const account = restore(made);
  const addon = account.region(region).clusters['one']?.addons['metrics-server'];
  if (addon !== undefined) addon.status = 'DEGRADED';
  const ended = await succeed(account, smallUp);
  expect([addon?.status, ended.stderr, changes(ended)]).toEqual(['DEGRADED', '', []]);
});

it('a cluster that EKS does not know, whose stack was made whole, is not removed', async () => {
  const account = restore(made);
  const { clusters, stacks } = account.region(region);
  const [one, before] = [clusters['one'], structuredClone(stacks)];
  delete clusters['one'];
  const ended = await cli(account, smallUp, { alone: true });
  expect(ended.code).toBe(3);
  expect(ended.stderr).toMatchInlineSnapshot(`
    "✖ EKS has no cluster one in us-west-2, but its stack eksctl-one-cluster is CREATE_COMPLETE; it is not deleted
      next: 1. run the same command again; EKS may take a minute to list a new cluster
            2. if the cluster was deleted, delete stack eksctl-one-cluster in CloudFormation too, then run the same command again
      code: cluster-absent
    "
  `);
  expect(changes(ended)).toEqual([]);
  expect(account.region(region).stacks).toEqual(before);
  if (one !== undefined) clusters['one'] = one;
  await readyStatus(account);
});
