/** eksctl's commands for clusters that exist already, as recorded with eksctl 0.230.0. */
import { DescribeNodegroupCommand } from '@aws-sdk/client-eks';
import { expect, it } from 'vitest';
import { addExistingCluster } from '../../../src/rehearsal/existing-clusters.js';
import { findObject, upsert } from '../../../src/rehearsal/kube/api-server/store.js';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';
import { admin, config, exited, region, rig } from '../rig.js';

const old = { name: 'old', region };

function rigWithCluster() {
  const made = rig();
  const subnetIds = made.vpc.privateSubnets.map((subnet) => subnet.id);
  const cluster = addExistingCluster(made.account, { ...old, vpcId: made.vpc.vpc.id, subnetIds });
  return { ...made, cluster };
}

it('prints its version as JSON', async () => {
  const { stdout } = exited(await rig().run(eksctlCommands.version()));
  expect(JSON.parse(stdout)).toMatchObject({ Version: '0.230.0', PreReleaseID: '' });
});

it('prepares an existing cluster step by step, each step harmless the second time', async () => {
  const { run, cluster, account } = rigWithCluster();
  const policy = 'arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy';
  const role = eksctlCommands.createEbsRole(old, {
    name: 'eksctl-old-ebs',
    policy,
    tags: { 'karmada-eks/fleet': 'demo' },
  });
  expect(exited(await run(role)).stderr).toContain('without IAM OIDC provider enabled');
  const roleArn = 'arn:aws:iam::111122223333:role/eksctl-old-ebs';
  const addon = eksctlCommands.createEbsAddon(old, roleArn);
  for (let round = 0; round < 2; round += 1) {
    for (const command of [eksctlCommands.associateOidcProvider(old), role, addon]) {
      expect(exited(await run(command)).code).toBe(0);
    }
  }
  expect(account.state.oidcProviders).toHaveLength(1);
  expect(account.state.roles).toContain('eksctl-old-ebs');
  expect(cluster.addons['aws-ebs-csi-driver']?.serviceAccountRoleArn).toBe(roleArn);
  expect(exited(await run(eksctlCommands.deleteAddon(old, 'aws-ebs-csi-driver'))).code).toBe(0);
  expect(exited(await run(eksctlCommands.deleteEbsRole(old))).code).toBe(0);
  expect(account.state.roles).not.toContain('eksctl-old-ebs');
});

it('does not wait for an add-on made by flags or with a timeout of nothing, and does for one from a config', async () => {
  const broken = { kind: 'addon-fails', cluster: 'old', addon: 'aws-ebs-csi-driver', reason: 'no', times: 1 } as const;
  const byFlags = rigWithCluster();
  byFlags.account.state.conditions.push({ ...broken, status: 'CREATE_FAILED' });
  expect(exited(await byFlags.run(eksctlCommands.createEbsAddon(old, 'arn:aws:iam::1:role/x'))).code).toBe(0);
  await byFlags.world.clock.sleep(120_000);
  await byFlags.run(eksctlCommands.associateOidcProvider(old));
  expect(byFlags.cluster.addons['aws-ebs-csi-driver']?.status).toBe('CREATE_FAILED');

  const tagged = rigWithCluster();
  tagged.account.state.conditions.push({ ...broken, status: 'CREATE_FAILED' });
  const command = eksctlCommands.createEbsAddon(old, 'arn:aws:iam::1:role/x', { team: 'a' });
  expect(exited(await tagged.run(command)).code).toBe(0);
  expect(tagged.cluster.addons['aws-ebs-csi-driver']).toMatchObject({
    serviceAccountRoleArn: 'arn:aws:iam::1:role/x',
    tags: { team: 'a' },
  });

  const byConfig = rigWithCluster();
  byConfig.account.state.conditions.push({ ...broken, status: 'DEGRADED' });
  const result = exited(await byConfig.run(eksctlCommands.createAddon(config(byConfig.vpc, 'old'))));
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('addon status transitioned to "DEGRADED"');
});

it('writes an identity mapping once', async () => {
  const { run, account } = rigWithCluster();
  const mapping = eksctlCommands.createIdentityMapping(old, 'arn:aws:iam::111122223333:role/admin');
  expect(exited(await run(mapping)).code).toBe(0);
  const again = exited(await run(mapping));
  expect(again.code).toBe(0);
  const data = account.state.apis[`eks/${region}/old`]?.objects['configmaps/kube-system/aws-auth']?.['data'];
  expect(JSON.stringify(data).match(/role\/admin/g)).toHaveLength(1);
});

it('makes access entries, and leaves them alone the second time', async () => {
  const { run, vpc, cluster } = rigWithCluster();
  const principalARN = 'arn:aws:iam::111122223333:role/admin';
  const command = eksctlCommands.createAccessEntries(
    config(vpc, 'old', { accessConfig: { accessEntries: [admin(principalARN)] } }),
  );
  expect(exited(await run(command)).code).toBe(0);
  expect(cluster.accessEntries).toContain(principalARN);
  expect(exited(await run(command)).code).toBe(0);
  expect(cluster.accessEntries.filter((entry) => entry === principalARN)).toHaveLength(1);
});

it('does not guess: an argv it does not model is refused with that argv', async () => {
  await expect(rig().run({ tool: 'eksctl', args: ['upgrade', 'cluster', '--name=x'] })).rejects.toMatchObject({
    code: 'rehearsal-unmodelled',
    message: expect.stringContaining('upgrade cluster --name=x'),
  });
});

it('refuses work on a cluster that is not there or not ready', async () => {
  const { run, vpc } = rig();
  const missing = exited(await run(eksctlCommands.createNodegroup(config(vpc))));
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('No cluster found for name: demo.')]);
  await run(eksctlCommands.createCluster(config(vpc)), { timeoutMs: 60_000 });
  const early = exited(await run(eksctlCommands.createNodegroup(config(vpc))));
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('due to status "CREATING"')]);
});

it("puts nodes into the cluster's own subnets when the config names none", async () => {
  const { run, vpc, cluster } = rigWithCluster();
  const { vpc: _none, ...wanted } = config(vpc, 'old');
  const groups = (wanted.managedNodeGroups ?? []).map((group) => ({ ...group, name: 'more' }));
  expect(exited(await run(eksctlCommands.createNodegroup({ ...wanted, managedNodeGroups: groups }))).code).toBe(0);
  expect(cluster.nodeGroups['more']?.subnetIds).toEqual(vpc.privateSubnets.map((subnet) => subnet.id));
});

it('changes the number of nodes, up and down, and the same number again is no error', async () => {
  const { run, cluster, world, account } = rigWithCluster();
  const group = { ...old, nodeGroup: 'ng' };
  const machines = () => account.region(region).instances.length;
  const described = async () => {
    const answer = await world.aws
      .eks(region)
      .send(new DescribeNodegroupCommand({ clusterName: 'old', nodegroupName: 'ng' }));
    const { status, scalingConfig } = answer.nodegroup ?? {};
    return { status, ...scalingConfig };
  };
  const scaling = run(eksctlCommands.scaleNodegroup(group, 5));
  await world.clock.sleep(30_000);
  expect(await described()).toEqual({ status: 'UPDATING', minSize: 5, maxSize: 5, desiredSize: 5 });
  expect(machines()).toBe(3);
  const { code, stdout } = exited(await scaling);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('nodegroup successfully scaled') });
  expect(machines()).toBe(5);
  for (const nodes of [2, 2]) expect(exited(await run(eksctlCommands.scaleNodegroup(group, nodes))).code).toBe(0);
  expect(machines()).toBe(2);
  expect(await described()).toMatchObject({ status: 'ACTIVE', desiredSize: 2 });
  expect(Object.keys(cluster.nodeGroups)).toEqual(['ng']);
  const gone = exited(await run(eksctlCommands.scaleNodegroup({ ...group, nodeGroup: 'gone' }, 2)));
  expect(gone.stderr).toMatch(
    /^Error: failed to scale nodegroup "gone" for cluster "old", error: .*No node group found/,
  );
});

it('makes no add-on over a driver of somebody else unless it is told to', async () => {
  const { account, run, world, cluster } = rigWithCluster();
  const api = account.state.apis['eks/us-west-2/old'] ?? expect.unreachable('no API');
  upsert(api, 'csidrivers', { metadata: { name: 'ebs.csi.aws.com', labels: { owner: 'Helm' } } }, account.now());
  await run(eksctlCommands.createEbsAddon(old, 'arn:aws:iam::1:role/x'));
  await world.clock.sleep(120_000);
  await run(eksctlCommands.associateOidcProvider(old));
  const addon = cluster.addons['aws-ebs-csi-driver'];
  expect([addon?.status, addon?.issues[0]?.code]).toEqual(['CREATE_FAILED', 'ConfigurationConflict']);
  expect(findObject(api, 'csidrivers', '', 'ebs.csi.aws.com')?.metadata.labels).toEqual({ owner: 'Helm' });
});
