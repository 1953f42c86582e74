/** The policy of a plan is enough: every request of the runs it is printed for is allowed, those of eksctl and its stacks too. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { IamPolicy } from '../../src/iam/iam-policy.js';
import { addTrustedRole, regionKey } from '../../src/rehearsal/account/other-accounts.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { triesMore } from '../lifecycle/cases.js';
import { down, newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { goneFleet } from '../lifecycle/leftover-fleet.js';
import { plantAll } from '../lifecycle/leftover-things.js';
import { loseParent } from '../lifecycle/recovered.js';
import { allows, type Request } from './evaluator.js';
import { planNames, plans, policyOf } from './fleets.js';
import { requestsOf } from './requests.js';

interface Life {
  readonly policy: IamPolicy;
  readonly requests: readonly Request[];
}

const oneMember = `--region ${region} --vpc main --member name=one`;

/** Each takes a second or two. */
const lived = triesMore ? planNames : planNames.filter((_, index) => index % 4 === 0);
const lives = new Map<string, Life>();

beforeAll(async () => {
  for (const name of lived) lives.set(name, await lifeOf(name));
  lives.set('leftovers', await leftovers());
  if (!triesMore) return;
  lives.set('the role of another account', await ofRole());
  lives.set('what is done with a fleet', await withIt());
}, 120_000);

async function lifeOf(name: (typeof planNames)[number]): Promise<Life> {
  const { flags, account: made, runs } = plans[name];
  const account = await made();
  const policy = await policyOf(account, flags);
  const requests: Request[] = [];
  const ofUp = flags.replace(' --scheduled-backups', '');
  for (const words of [`up ${ofUp} --yes`, ...runs]) requests.push(...(await requestsOf(account, words)));
  return { policy, requests };
}

/** One thing of each kind that `stray` leaves: the plan had it, and no description has it any more. */
async function leftovers(): Promise<Life> {
  const policy = await policyOf(
    newMachine(),
    `${smallUp.replace('up ', '').replace(' --yes', '')} --member name=stray`,
  );
  const account = await goneFleet();
  plantAll(account);
  return { policy, requests: await requestsOf(account, `${down} --remove-leftovers`) };
}

/** A member of another account: what its role needs there. */
async function ofRole(): Promise<Life> {
  const other = '444455556666';
  const account = newMachine();
  addTrustedRole(account, { account: other, role: 'fleets' });
  addVpc(account, { region: regionKey(other, region), name: 'theirs' });
  const words = `${oneMember} --member name=shop,vpc=theirs,account=${other},role=fleets`;
  const { stdout } = await succeed(account, `plan ${words} -o json`);
  const { iamOfAccounts } = JSON.parse(stdout) as { readonly iamOfAccounts: readonly { readonly policy: IamPolicy }[] };
  const requests: Request[] = [];
  for (const run of [`up ${words} --yes`, 'up --yes', 'status', 'doctor', `${down} --remove-leftovers`])
    requests.push(...(await requestsOf(account, run, other)));
  return {
    policy: { Version: '2012-10-17', Statement: iamOfAccounts.flatMap(({ policy }) => policy.Statement) },
    requests,
  };
}

/** Whatever is done with a fleet that has its backups in S3, and a parent that is made anew from one. */
async function withIt(): Promise<Life> {
  const to = 's3://safe/karmada';
  const account = newMachine();
  addBucket(account.state, 'safe', { region });
  const words = smallUp.replace('up ', '').replace(' --yes', '');
  const policy = await policyOf(account, `${words} --backup-to ${to}`);
  const requests: Request[] = [];
  const run = async (line: string): Promise<void> => void requests.push(...(await requestsOf(account, line)));
  for (const line of [`up ${words} --yes`, `backup --to ${to}`, `backup list ${to}`]) await run(line);
  const [backup = ''] = Object.keys(account.state.buckets?.['safe']?.objects ?? {});
  for (const line of [
    `backup verify s3://safe/${backup}`,
    `restore s3://safe/${backup} --yes --confirm karmada --backup-to ${to}`,
    'certs check',
    'certs renew --yes',
    'members rotate-token one --yes',
    'kubeconfig',
    'clusters',
    'support-bundle',
  ])
    await run(line);
  await loseParent(account);
  await run(`recover s3://safe/${backup} --yes`);
  await run(`${down} --backup-to ${to}`);
  return { policy, requests };
}

const lineOf = ({ action, resource, context }: Request): string => `${action} ${resource} ${JSON.stringify(context)}`;
const isChange = ({ action }: Request): boolean => !/:(Describe|List|Get)/.test(action);

describe.each([
  ...lived,
  'leftovers',
  ...(triesMore ? ['the role of another account', 'what is done with a fleet'] : []),
])('the policy for %s', (name) => {
  it('allows each request', () => {
    const { policy, requests } = lives.get(name) as Life;
    expect(requests.filter(isChange).length).toBeGreaterThan(0);
    expect(requests.filter((request) => !allows(policy, request)).map(lineOf)).toEqual([]);
  });

  it.runIf(triesMore)('has no action that no run needs', () => {
    const needed = new Set([...lives.values()].flatMap(({ requests }) => requests.map(({ action }) => action)));
    const { Statement } = (lives.get(name) as Life).policy;
    const named = Statement.filter(({ Sid }) => Sid !== 'Read').flatMap(({ Action }) => Action);
    expect(named.filter((action) => !action.includes('*') && !needed.has(action))).toEqual([]);
  });
});

it.skipIf(triesMore)('was asked for enough to prove something', () => {
  const counts = Object.fromEntries([...lives].map(([name, { requests }]) => [name, requests.filter(isChange).length]));
  expect(counts).toMatchInlineSnapshot(`
    {
      "a parent and one member": 147,
      "leftovers": 14,
      "new clusters, and one that existed before": 171,
      "scheduled backups": 167,
      "tags, a key for volumes and a permissions boundary": 154,
    }
  `);
});
