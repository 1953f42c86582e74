/** What a ClusterConfig may hold: each field and each value is modelled, or refused. */
import { expect, it } from 'vitest';
import { addExistingCluster } from '../../../src/rehearsal/existing-clusters.js';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { eksKubeconfig } from '../plain-clusters.js';
import { config, exited, region, rig } from '../rig.js';

it.each([
  ['Auto Mode', { autoModeConfig: { enabled: true } }, 'autoModeConfig.enabled true'],
  ['a support type of no name', { upgradePolicy: { supportType: 'FOREVER' } }, 'supportType "FOREVER"'],
  ['aws-auth alone', { accessConfig: { authenticationMode: 'CONFIG_MAP' } }, 'authenticationMode "CONFIG_MAP"'],
  [
    'a principal without rights',
    { accessConfig: { accessEntries: [{ principalARN: 'arn:aws:iam::1:role/x', accessPolicies: [] }] } },
    'accessPolicies []',
  ],
  [
    'another policy for an add-on',
    { addons: [{ name: 'x', wellKnownPolicies: { ebsCSIController: false } }] },
    'false',
  ],
  ['nodes of another system', { managedNodeGroups: [{ name: 'ng', amiFamily: 'Ubuntu2004' }] }, '"Ubuntu2004"'],
])('does not model %s', async (_what, change, message) => {
  const { run, vpc, account } = rig();
  const stdin = JSON.stringify({ ...config(vpc), ...change });
  const command = { ...eksctlCommands.createCluster(config(vpc)), stdin };
  await expect(run(command)).rejects.toMatchObject({
    code: 'rehearsal-unmodelled',
    message: expect.stringContaining(message),
  });
  expect(account.region(region).stacks).toEqual([]);
});

it.each([
  ['Amazon Linux 2', { amiFamily: 'AmazonLinux2' }, 'AmazonLinux2 is not supported for Kubernetes version 1.35'],
  ['fewer nodes than the least', { minSize: 4 }, 'cannot use --nodes-min=4 and --nodes=3 at the same time'],
  ['more nodes than the most', { maxSize: 2 }, 'cannot use --nodes-max=2 and --nodes=3 at the same time'],
  ['a number that is a text', { desiredCapacity: '3' }, 'cannot unmarshal'],
])('refuses %s as eksctl does', async (_what, change, message) => {
  const { run, vpc } = rig();
  const groups = (config(vpc).managedNodeGroups ?? []).map((group) => ({ ...group, ...change }));
  const stdin = JSON.stringify({ ...config(vpc), managedNodeGroups: groups });
  const { code, stderr } = exited(await run({ ...eksctlCommands.createCluster(config(vpc)), stdin }));
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});

it('makes no node group of types with different processors, as EKS refuses it', async () => {
  const { run, vpc, account } = rig();
  const groups = (config(vpc).managedNodeGroups ?? []).map(({ instanceType: _, ...group }) => group);
  const managedNodeGroups = groups.map((group) => ({ ...group, instanceTypes: ['m5.large', 'm7g.large'] }));
  const stdin = JSON.stringify({ ...config(vpc), managedNodeGroups });
  expect(exited(await run({ ...eksctlCommands.createCluster(config(vpc)), stdin })).code).toBe(1);
  const reasons = account.region(region).stacks.flatMap(({ events }) => events.map(({ reason }) => reason));
  expect(reasons).toContainEqual(
    expect.stringContaining('[m7g.large] is not a valid instance type for requested amiType'),
  );
});

it('names instances after prefix, cluster and node group', async () => {
  const { run, vpc, account } = rig();
  await run(eksctlCommands.createCluster(config(vpc)));
  const names = account.region(region).instances.map(({ tags }) => tags['Name']);
  expect(names).toEqual(Array.from({ length: 3 }, () => 'demo-demo-ng-Node'));
});

it('refuses who made a cluster when the config does not make it an administrator', async () => {
  const { run, vpc, account } = rig();
  const accessConfig = { bootstrapClusterCreatorAdminPermissions: false };
  await run(eksctlCommands.createCluster(config(vpc, 'demo', { accessConfig })));
  account.state.files['/kube'] = eksKubeconfig(account, { region, name: 'demo' }, 'demo');
  const nodes = kubectlCommands.raw({ kubeconfig: '/kube', context: 'demo' }, '/readyz');
  expect(exited(await run(nodes)).stderr).toContain('You must be logged in to the server (Unauthorized)');
});

it.each([
  ['a kubeconfig of its own', 'create cluster -f - --timeout=40m'],
  ['a config in a file', 'create nodegroup -f /tmp/x --timeout=40m'],
  ['a dry run', 'delete nodegroup -f - --wait'],
  [
    'a command that does not wait',
    `scale nodegroup --cluster=old --region=${region} --name=ng --nodes=2 --nodes-min=2 --nodes-max=2`,
  ],
])('does not model %s', async (_what, words) => {
  const { run, vpc, account } = rig();
  const subnetIds = vpc.privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { name: 'old', region, vpcId: vpc.vpc.id, subnetIds });
  const command = { tool: 'eksctl' as const, args: words.split(' '), stdin: JSON.stringify(config(vpc)) };
  await expect(run(command)).rejects.toMatchObject({ code: 'rehearsal-unmodelled' });
});

it('tries a config, and refuses the flags that eksctl refuses then', async () => {
  const { run, vpc, account } = rig();
  const command = eksctlCommands.tryCluster(config(vpc));
  expect(exited(await run(command))).toMatchObject({ code: 0, stdout: expect.stringContaining('ClusterConfig') });
  const barred = exited(await run({ ...command, args: [...command.args, '--write-kubeconfig=false'] }));
  expect([barred.code, barred.stderr]).toEqual([
    1,
    expect.stringContaining('cannot use --write-kubeconfig with --dry-run'),
  ]);
  expect(account.region(region).stacks).toEqual([]);
});
