/** The plans whose policies are tested, each with the account that it is printed in and the runs that it must be enough for. */

import type { IamPolicy } from '../../src/iam/iam-policy.js';
import { putIntoVpc } from '../../src/rehearsal/account/machines.js';
import type { Account } from '../../src/rehearsal/account.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { down, fleetFolder, newMachine, otherRegion, region, smallUp, succeed } from '../lifecycle/fleet.js';

/** A plan by its flags. */
export interface PlanOf {
  readonly account: () => Promise<Account>;
  /** What follows `plan` and `up --yes`. */
  readonly flags: string;
  /** What its policy must be enough for, `up` first; more after it. */
  readonly runs: readonly string[];
}

const boundary = 'arn:aws:iam::111122223333:policy/boundary';
const key = `arn:aws:kms:${region}:111122223333:key/volumes`;
const admin = 'arn:aws:iam::111122223333:role/ops';
const backups = 's3://safe/karmada';
const recipient = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const flags = smallUp.replace('up ', '').replace(' --yes', '');

export const plans = {
  'a parent and one member': {
    account: async () => newMachine(),
    flags: `--region ${region} --vpc main --member name=one`,
    runs: ['status', 'doctor', 'demo', down],
  },
  'two members and an administrator': {
    account: async () => newMachine(),
    flags: `${flags} --admin ${admin}`,
    runs: ['status', 'demo', 'unjoin two --yes --delete-cluster', down],
  },
  'a VPC of its own': {
    account: async () => newMachine(),
    flags: `--region ${region} --create-vpc --member name=one`,
    runs: ['status', down],
  },
  'a name for the Karmada API': {
    account: async () => withZone(),
    flags: `--region ${region} --vpc main --member name=one --api-name karmada.example.com`,
    runs: ['status', down],
  },
  'tags, a key for volumes and a permissions boundary': {
    account: async () => newMachine(),
    flags: `--region ${region} --vpc main --member name=one --tag team=shop --kms-key ${key} --permissions-boundary ${boundary}`,
    runs: [down],
  },
  'backups in S3': {
    account: async () => withBackups(),
    flags: `--region ${region} --vpc main --member name=one --backup-to ${backups}`,
    runs: [`backup --to ${backups}`, `backup --to ${backups} --keep 1 --yes`, `${down} --backup-to ${backups}`],
  },
  'members in two regions': {
    account: async () => newMachine(),
    flags: `--region ${region} --vpc main --member name=one --member name=far,region=${otherRegion}`,
    runs: [down],
  },
  'clusters that existed before': {
    account: async () => withExisting(),
    flags: `${flags} --use-existing --admin ${admin} --tag team=shop`,
    runs: ['status', down],
  },
  'new clusters, and one that existed before': {
    account: async () => withExisting(['two']),
    flags: `${flags} --use-existing --admin ${admin}`,
    runs: [down],
  },
  'a member more, in another region': {
    account: async () => withFleet(),
    flags: `${flags} --member name=far,region=${otherRegion}`,
    runs: ['status'],
  },
  'more nodes': { account: async () => withFleet(), flags: `${flags} --nodes 4 --reconcile`, runs: ['status'] },
  'scheduled backups of a parent that existed before': {
    account: async () => {
      const account = withExisting(['karmada-parent']);
      addBucket(account.state, 'safe', { region: otherRegion });
      return account;
    },
    flags: `--region ${region} --vpc main --member name=one --use-existing --backup-to ${backups} --scheduled-backups`,
    runs: [
      `backup --schedule @daily --to ${backups} --encrypt-to ${recipient} --yes`,
      `${down} --backup-to ${backups}`,
    ],
  },
  'scheduled backups': {
    account: async () => withBackups(),
    flags: `--region ${region} --vpc main --member name=one --backup-to ${backups} --scheduled-backups`,
    runs: [
      `backup --schedule @daily --to ${backups} --encrypt-to ${recipient} --yes`,
      `backup --schedule @daily --to ${backups}/other --encrypt-to ${recipient} --yes`,
      'backup --schedule off --yes',
      `${down} --backup-to ${backups}`,
    ],
  },
  'private endpoints': {
    account: async () => {
      const account = newMachine();
      const [vpc] = account.region(region).vpcs;
      if (vpc !== undefined) putIntoVpc(account, 'rehearsal', region, vpc);
      return account;
    },
    flags: `${flags} --private-endpoints`,
    runs: ['status', 'doctor', down],
  },
} as const satisfies Readonly<Record<string, PlanOf>>;

export type PlanName = keyof typeof plans;
export const planNames = Object.keys(plans) as PlanName[];

/** The policy that `plan --iam-policy` prints, all documents in one. */
export async function policyOf(account: Account, words: string): Promise<IamPolicy> {
  const { stdout } = await succeed(account, `plan ${words} --iam-policy -o json`);
  const documents = JSON.parse(stdout) as IamPolicy[];
  return { Version: '2012-10-17', Statement: documents.flatMap(({ Statement }) => Statement) };
}

async function withFleet(): Promise<Account> {
  const account = newMachine();
  await succeed(account, smallUp);
  return account;
}

/** The parent and both members of `smallUp`, made by somebody else. */
function withExisting(names: readonly string[] = ['karmada-parent', 'one', 'two']): Account {
  const account = newMachine();
  const { vpcs, subnets } = account.region(region);
  const vpcId = vpcs[0]?.id ?? '';
  const subnetIds = subnets.filter((subnet) => subnet.vpcId === vpcId).map(({ id }) => id);
  for (const name of names) addExistingCluster(account, { region, name, vpcId, subnetIds });
  return account;
}

/** With an upload that a run which died had begun. */
function withBackups(): Account {
  const account = newMachine();
  const key = 'karmada/karmada-20260101T000000Z.tar';
  addBucket(account.state, 'safe', { region: otherRegion }).uploads['upload-1'] = { key, parts: {} };
  const note = `${fleetFolder}/backups/karmada-20260101T000000Z.tar.upload.part`;
  account.state.files[note] = JSON.stringify({ bucket: 'safe', key, uploadId: 'upload-1' });
  return account;
}

function withZone(): Account {
  const account = newMachine();
  account.state.zones = {
    ZONE1: { name: 'example.com', records: [] },
    ZONE2: { name: 'example.com', records: [], vpcs: [{ id: 'vpc-of-others', region }] },
  };
  return account;
}
