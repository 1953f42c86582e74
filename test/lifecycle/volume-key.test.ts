/** Volumes that a customer's KMS key encrypts: the driver may use it, whether it was asked for or is the account's default. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { never } from '../../src/rehearsal/durations.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { down, newMachine, otherRegion, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;
const key = `arn:aws:kms:${region}:111122223333:key/11111111-2222`;

function keysOf(account: Account): readonly (string | undefined)[] {
  return [...new Set(account.region(region).volumes.map((volume) => volume.key))];
}

it('encrypts the volumes of nodes and of etcd with the requested one', async () => {
  const account = newMachine();
  await succeed(account, `${up} --kms-key ${key}`);
  expect(account.region(region).volumes).toHaveLength(9);
  expect(keysOf(account)).toEqual([key]);
  const again = await succeed(account, `${up} --kms-key ${key}`);
  expect(again.stderr).not.toContain('drift');
  await succeed(account, down);
  expect(account.state.roles).toEqual([]);
});

it('works in an account whose default is a key of its own, in a parent that is made and in one that was there', async () => {
  const account = newMachine();
  account.region(region).defaultVolumeKey = key;
  await succeed(account, up);
  expect(keysOf(account)).toEqual([key]);

  const other = newMachine();
  const vpcId = other.region(region).vpcs[0]?.id ?? '';
  const subnetIds = other.region(region).subnets.flatMap((each) => (each.vpcId === vpcId ? [each.id] : []));
  addExistingCluster(other, { region, name: 'karmada-parent', vpcId, subnetIds });
  other.region(region).defaultVolumeKey = key;
  await succeed(other, `${up} --use-existing`);
  const etcd = other.region(region).volumes.filter(({ tags }) => 'kubernetes.io/created-for/pvc/name' in tags);
  expect(etcd.map((volume) => volume.key)).toEqual([key, key, key]);
});

it('gives the driver its role when a first run failed before there was an add-on', async () => {
  const account = newMachine();
  account.state.conditions.push({ kind: 'node-group-fails', cluster: 'karmada-parent', reason: 'quota', times: 1 });
  expect((await cli(account, `${up} --kms-key ${key}`)).code).not.toBe(0);
  await succeed(account, `${up} --kms-key ${key}`);
  expect(account.region(region).volumes.filter((volume) => volume.key === key)).toHaveLength(9);
});

it.runIf(triesMore)(
  'warns that the service of the nodes needs the key, until there are nodes, and says what to do when they do not start',
  async () => {
    const account = newMachine();
    const reason = 'Instances failed to launch: Client.InternalError: Client error on launch';
    account.state.conditions.push({ kind: 'node-group-fails', cluster: 'karmada-parent', reason, times: 1 });
    const failed = await cli(account, `${up} --kms-key ${key}`);
    const warned = `warning: no node starts unless the policy of KMS key ${key} lets AWSServiceRoleForAutoScaling use it`;
    expect(failed.stderr).toContain(warned);
    expect(failed.stderr).toContain('let AWSServiceRoleForAutoScaling use the KMS key of the volumes');
    await succeed(account, `${up} --kms-key ${key}`);
    expect((await succeed(account, `${up} --kms-key ${key}`)).stderr).not.toContain('AWSServiceRoleForAutoScaling');
    expect((await succeed(newMachine(), up)).stderr).not.toContain('AWSServiceRoleForAutoScaling');
  },
);

it('that is the default of a member’s region alone is warned of, by plan and doctor', async () => {
  const account = newMachine();
  const other = `arn:aws:kms:${otherRegion}:111122223333:key/33333333-4444`;
  account.region(otherRegion).defaultVolumeKey = other;
  const warned = `no node starts unless the policy of KMS key ${other} lets AWSServiceRoleForAutoScaling use it and create grants`;
  const words = `--region ${region} --vpc main --member name=far,region=${otherRegion}`;
  expect((await succeed(account, `plan ${words}`)).stderr).toContain(`warning: ${warned}`);
  const doctor = await cli(account, `doctor ${words}`);
  expect(doctor.stdout).toContain(`! ${warned}`);
});

it('is refused where a region has none', async () => {
  const account = newMachine();
  const refused = await cli(account, `${up} --member name=far,region=${otherRegion} --kms-key ${key}`);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`no KMS key is set for ${otherRegion}`)]);
  expect(account.region(region).clusters).toEqual({});
});

it('is told by doctor', async () => {
  const account = newMachine();
  account.region(region).defaultVolumeKey = key;
  const { stdout } = await cli(account, `doctor --verbose --region ${region} --vpc main`);
  expect(stdout).toContain(`EBS in ${region} encrypts with ${key} by default`);
  const asked = await cli(account, `doctor --verbose --region ${region} --vpc main --kms-key ${key}`);
  expect(asked.stdout).toContain(`new volumes are encrypted with ${key}`);
});

it('is told where an existing fleet has another', async () => {
  const account = newMachine();
  await succeed(account, up);
  const again = await succeed(account, `${up} --kms-key ${key}`);
  expect(again.stderr).toContain(
    `StorageClass ebs-sc has no KMS key, ${key} requested; this is not changed: allow the role of the EBS CSI driver to use that key, then kubectl delete storageclass ebs-sc, then up`,
  );
});

it('is warned of where the driver that is there may not use it, with the policy to add', async () => {
  const account = newMachine();
  const vpcId = account.region(region).vpcs[0]?.id ?? '';
  const subnetIds = account.region(region).subnets.flatMap((each) => (each.vpcId === vpcId ? [each.id] : []));
  const parent = addExistingCluster(account, { region, name: 'karmada-parent', vpcId, subnetIds });
  const name = 'aws-ebs-csi-driver';
  const role = 'arn:aws:iam::111122223333:role/storage-team';
  parent.addons[name] = { name, status: 'ACTIVE', settlesAt: never, issues: [], serviceAccountRoleArn: role };
  const flags = `--region ${region} --vpc main`;
  for (const words of [
    `plan ${flags} --member name=one --use-existing --kms-key ${key}`,
    `doctor ${flags} --kms-key ${key}`,
  ]) {
    const { stdout, stderr } = await cli(account, words);
    const told = (stdout + stderr).replaceAll(/\s+/g, ' ');
    expect(told).toContain(
      `need ${key}, which the role of the EBS CSI driver there (${role}) may not be allowed to use`,
    );
    expect(told).toContain('"kms:CreateGrant"');
  }
  delete parent.addons[name];
  const api = account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent');
  upsert(api, 'csidrivers', { metadata: { name: 'ebs.csi.aws.com' } }, account.now());
  const { stdout } = await succeed(
    account,
    `plan ${flags} --member name=one --use-existing --kms-key ${key} --details`,
  );
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('unless it has it, its role needs: {"Version"');
});

it('lets the policy write the driver’s inline policy, and says what that means', async () => {
  const flags = `--region ${region} --vpc main --member name=one --kms-key ${key}`;
  const { stdout, stderr } = await succeed(newMachine(), `plan ${flags} --iam-policy`);
  expect(stdout).toContain('"iam:PutRolePolicy"');
  expect(stderr).toContain('become an administrator of the account through the role of the EBS CSI driver');
});

it('may be missing from a policy that is printed by somebody who may not ask for the default, which is said', async () => {
  const account = newMachine();
  const call = 'aws ec2:GetEbsDefaultKmsKeyId *';
  const fault = { call, kind: 'fail', code: 'UnauthorizedOperation', times: -1 } as const;
  const { stderr } = await succeed(account, `plan --region ${region} --vpc main --member name=one --iam-policy`, {
    faults: [fault],
  });
  expect(stderr).toContain('a printed policy lack (statement DriverKey)');
});
