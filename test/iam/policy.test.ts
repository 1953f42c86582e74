/** The policy of a plan as people get it: whole, for three plans, with what is told about it. */
import { describe, expect, it } from 'vitest';
import { newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { allows } from './evaluator.js';
import { type PlanName, planNames, plans, policyOf } from './fleets.js';

const printed: readonly (readonly [PlanName, string])[] = [
  ['a parent and one member', 'one-member'],
  ['two members and an administrator', 'two-members'],
  ['clusters that existed before', 'existing-clusters'],
];

it.each(printed)('is the same document for %s', async (name, file) => {
  const { account, flags } = plans[name];
  const { stdout } = await succeed(await account(), `plan ${flags} --iam-policy`);
  await expect(stdout).toMatchFileSnapshot(`snapshots/${file}.txt`);
});

it.each(planNames)('gives each statement a name of its own, as IAM wants it, for %s', async (name) => {
  const { account, flags } = plans[name];
  const names = (await policyOf(await account(), flags)).Statement.map(({ Sid }) => Sid);
  expect(names.filter((each, index) => names.indexOf(each) !== index || !/^[A-Za-z0-9]+$/.test(each))).toEqual([]);
});

it('allows to change records of the name and its mark, and of no other', async () => {
  const { account, flags } = plans['a name for the Karmada API'];
  const { Statement } = await policyOf(await account(), flags);
  expect(Statement.filter(({ Action }) => Action.includes('route53:ChangeResourceRecordSets'))).toEqual([
    {
      Sid: 'ApiNames',
      Effect: 'Allow',
      Action: ['route53:ChangeResourceRecordSets'],
      Resource: 'arn:aws:route53:::hostedzone/*',
      Condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
            'karmada.example.com',
            '_karmada-eks.karmada.example.com',
          ],
          'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'TXT'],
        },
      },
    },
  ]);
});

it('allows KMS keys for backups of this fleet alone, and an alias as what it leads to', async () => {
  const prefix = 'arn:aws:kms:eu-west-1:111122223333';
  const { account, flags } = plans['a parent and one member'];
  const keys = `--encrypt-to ${prefix}:key/mrk-1 --encrypt-to ${prefix}:alias/team/backups`;
  const policy = await policyOf(await account(), `${flags} ${keys} --backup-to s3://safe/karmada`);
  const { Statement } = policy;
  const own = Statement.filter(({ Action }) => Action.includes('kms:Decrypt'));
  expect(own.map(({ Sid, Action, Resource }) => [Sid, Action, Resource])).toEqual([
    ['BackupKeys', ['kms:Decrypt', 'kms:Encrypt'], [`${prefix}:key/mrk-1`]],
    ['BackupAlias1', ['kms:Decrypt', 'kms:Encrypt'], `${prefix}:key/*`],
  ]);
  expect(Statement.find(({ Sid }) => Sid === 'Backups')?.Resource).toEqual(
    ['tar', 'tar.age'].map((end) => `arn:aws:s3:::safe/karmada/karmada-????????T??????Z.${end}`),
  );
  const id = own[0]?.Condition?.['StringEquals']?.['kms:EncryptionContext:karmada-eks/fleet']?.[0] ?? '';
  const asked = (key: string, fleet: string, aliases: readonly string[] = []): boolean =>
    allows(policy, {
      action: 'kms:Decrypt',
      resource: `${prefix}:key/${key}`,
      context: { 'kms:EncryptionContext:karmada-eks/fleet': [fleet], 'kms:ResourceAliases': aliases },
    });
  expect(id).not.toBe('');
  expect([asked('mrk-1', id), asked('2', id, ['alias/team/backups'])]).toEqual([true, true]);
  expect([asked('mrk-1', 'other'), asked('2', id), asked('2', id, ['alias/team'])]).toEqual([false, false, false]);
});

it('leaves room for a role whose name CloudFormation cuts', async () => {
  const name = 'a-member-with-a-name-of-forty-eight-characters-x';
  const { Statement } = await policyOf(newMachine(), `--region ${region} --vpc main --member name=${name}`);
  const roles = Statement.find(({ Sid }) => Sid === 'Roles')?.Resource;
  expect(roles).toContain(`arn:aws:iam::111122223333:role/${`eksctl-${name}`.slice(0, 30)}*`);
});

it('attaches the policy of the EBS CSI driver only where the plan has a parent', async () => {
  const { account, flags } = plans['a member more, in another region'];
  const { Statement } = await policyOf(await account(), flags);
  const attached = Statement.find(({ Sid }) => Sid === 'Roles')?.Condition?.['ArnEqualsIfExists']?.['iam:PolicyARN'];
  expect(attached?.map((arn) => arn.split('/').at(-1))).toEqual([
    'AmazonEC2ContainerRegistryPullOnly',
    'AmazonEKSClusterPolicy',
    'AmazonEKSVPCResourceController',
    'AmazonEKSWorkerNodePolicy',
    'AmazonEKS_CNI_Policy',
    'AmazonSSMManagedInstanceCore',
  ]);
});

describe('what its holder can still do', () => {
  it('is reported on stderr, and with --json', async () => {
    const words = `${smallUp.replace('up', 'plan').replace(' --yes', '')} --iam-policy`;
    const { stdout, stderr } = await succeed(newMachine(), words);
    expect(JSON.parse(stdout)).toMatchObject([{ Version: '2012-10-17' }, { Version: '2012-10-17' }]);
    expect(stderr).toMatchInlineSnapshot(`
      "IAM takes 6144 characters a managed policy: this is a list of 2 documents, each for a policy of its own
      who holds this policy can still create a role that anyone can assume, with the AWS policies that EKS needs (AmazonEKSClusterPolicy among them, which can delete volumes, security groups and load balancers of others); start EC2 instances in the fleet’s regions; delete an IAM OIDC provider of another EKS cluster in these regions, unless eksctl created it; remove roles from the instance profiles of other EKS node groups
      "
    `);
    const json = JSON.parse((await succeed(newMachine(), `${words} --json`)).stdout) as { stillPossible: string[] };
    expect(stderr).toContain(json.stillPossible.join('; '));
  });

  it('is less where the clusters existed before', async () => {
    const { account, flags } = plans['clusters that existed before'];
    const { stderr } = await succeed(await account(), `plan ${flags} --iam-policy`);
    expect(stderr).toMatchInlineSnapshot(`
      "who holds this policy can still create a role that anyone can assume, with the AWS policies that EKS needs (AmazonEBSCSIDriverPolicy, which can attach and delete volumes of other clusters); install any EKS add-on in the existing parent
      "
    `);
  });

  it('is everything where a key makes a policy in the driver’s role necessary, unless a boundary limits the role', async () => {
    const { account, flags } = plans['a parent and one member'];
    const words = `plan ${flags} --kms-key arn:aws:kms:${region}:111122223333:key/volumes --iam-policy`;
    expect((await succeed(await account(), words)).stderr).toContain(
      'who holds this policy can still become an administrator of the account through the role of the EBS CSI driver',
    );
    const bounded = plans['tags, a key for volumes and a permissions boundary'];
    const { stderr } = await succeed(await bounded.account(), `plan ${bounded.flags} --iam-policy`);
    expect(stderr).not.toContain('administrator');
    expect(stderr).toContain('assume the role of the EBS CSI driver with whatever the permissions boundary allows');
  });

  it('is nothing when only the number of nodes changes, or nothing at all: then it allows reads only', async () => {
    const { account, flags } = plans['more nodes'];
    const machine = await account();
    expect((await succeed(machine, `plan ${flags} --iam-policy`)).stderr).toBe('');
    const { stdout, stderr } = await succeed(machine, 'plan --iam-policy');
    expect(JSON.parse(stdout)).toMatchObject({ Statement: [{ Sid: 'Read' }] });
    expect(stderr).toBe('');
  });
});
