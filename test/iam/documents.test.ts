/** The policy fits into IAM for any number of members: in documents that together allow what it allows, and as templates. */
import { describe, expect, it } from 'vitest';
import { documentsOf, type IamPolicy, mostCharacters } from '../../src/iam/iam-policy.js';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { cli } from '../lifecycle/cli.js';
import { newMachine, otherRegion, region, succeed } from '../lifecycle/fleet.js';
import { allows } from './evaluator.js';
import { requestsOf } from './requests.js';

const size = (policy: IamPolicy): number => JSON.stringify(policy).replaceAll(/\s/g, '').length;

const flags = `--region ${region} --vpc main`;
const longNames = Array.from({ length: 30 }, (_, index) => {
  const name = `a-member-with-a-long-name-that-is-number-${100 + index}`;
  return ` --member name=${name}${index % 2 === 0 ? '' : `,region=${otherRegion}`}`;
}).join('');

/** AWS gives everybody room for 100 clusters in a region. */
function roomy(): Account {
  const account = newMachine();
  for (const { subnets } of Object.values(account.state.regions)) {
    for (const subnet of subnets) subnet.freeAddresses = 4091;
  }
  account.state.quotas = { 'L-1216C47A': 1000, 'L-1194D53C': 200, 'L-858F3967': 200 };
  return account;
}

describe.each([
  ['2 members', `${flags} --members 2`],
  ['8 members', `${flags} --members 8`],
  ['30 members with long names in two regions', `${flags}${longNames}`],
  ['100 members', `${flags} --members 100`],
])('the policy for %s', (_, words) => {
  it('is a list of documents that fit, with distinct names of statements', async () => {
    const { stdout } = await succeed(roomy(), `plan ${words} --iam-policy -o json`);
    const documents = JSON.parse(stdout) as IamPolicy[];
    expect(documents.map(size).filter((each) => each > mostCharacters)).toEqual([]);
    const names = documents.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid));
    expect(names.filter((each, index) => names.indexOf(each) !== index || !/^[A-Za-z0-9]+$/.test(each))).toEqual([]);
  });
});

it('is enough in pieces: each request of a fleet of nine clusters is allowed by one of the documents', async () => {
  const account = newMachine();
  const words = `${flags} --members 8`;
  const { stdout, stderr } = await succeed(account, `plan ${words} --iam-policy`);
  const documents = JSON.parse(stdout) as IamPolicy[];
  expect(documents.length).toBeGreaterThan(1);
  expect(stderr).toContain(
    `IAM takes 6144 characters a managed policy: this is a list of ${documents.length} documents, each for a policy of its own\n`,
  );
  const requests = await requestsOf(account, `up ${words} --yes`);
  expect(requests.filter((request) => !documents.some((each) => allows(each, request)))).toEqual([]);
});

it('splits a statement at its longest list, and never a list of which all values must be named', () => {
  const names = Array.from({ length: 400 }, (_, index) => `name-${index}.example.com`);
  const whole = { Sid: 'Some', Effect: 'Allow', Action: ['a:B'], Resource: '*' } as const;
  const split = documentsOf({
    Version: '2012-10-17',
    Statement: [
      { ...whole, Condition: { StringEquals: { 'aws:ResourceTag/x': names, 'aws:RequestedRegion': ['r'] } } },
    ],
  });
  const parts = split.flatMap(({ Statement }) => Statement);
  expect(parts.map(({ Sid }) => Sid)).toEqual(['SomePart1', 'SomePart2']);
  expect(parts.flatMap(({ Condition }) => Condition?.['StringEquals']?.['aws:ResourceTag/x'])).toEqual(names);
  const all = { 'ForAllValues:StringEquals': { 'aws:TagKeys': names } };
  expect(documentsOf({ Version: '2012-10-17', Statement: [{ ...whole, Condition: all }] })).toHaveLength(1);
});

it('is compact as a template that CloudFormation would not take else, and says when it takes it from S3 only', async () => {
  const printed = async (members: number) =>
    await succeed(roomy(), `plan ${flags} --members ${members} --iam-policy -o cloudformation`);
  const [few, more, many] = [await printed(8), await printed(30), await printed(100)];
  expect(few.stdout).toContain('\n  "Resources"');
  expect(more.stdout.length).toBeLessThan(51_200);
  expect(more.stdout).not.toContain('\n  "Resources"');
  expect([few, more, many].map(({ stderr }) => stderr.includes('--s3-bucket'))).toEqual([false, false, true]);
});

it('comes as Terraform and as CloudFormation, with a policy for each document', async () => {
  const words = `plan ${flags} --members 8 --iam-policy -o`;
  const account = newMachine();
  const documents = JSON.parse((await succeed(account, `${words} json`)).stdout) as IamPolicy[];
  const template = JSON.parse((await succeed(account, `${words} cloudformation`)).stdout);
  expect(template.Resources.Policy1).toEqual({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: expect.stringMatching(/^karmada-eks-karmada-[0-9a-f]{12}\.111122223333\.us-west-2-1$/),
      PolicyDocument: documents[0],
    },
  });
  expect(Object.keys(template.Outputs)).toHaveLength(documents.length);
  const configuration = JSON.parse((await succeed(account, `${words} terraform`)).stdout);
  const [[label], [, second]] = Object.entries<{ name: string; policy: string }>(
    configuration.resource.aws_iam_policy,
  ) as [[string, unknown], [string, { name: string; policy: string }]];
  const names = template.Resources.Policy2.Properties.ManagedPolicyName;
  expect(second.name).toBe(names);
  expect(JSON.parse(second.policy)).toEqual(documents[1]);
  expect(label).toMatch(/^karmada_eks_karmada_[0-9a-f]{12}_111122223333_us_west_2_1$/);
  const [arns] = Object.values<{ value: string[] }>(configuration.output);
  expect(arns?.value[0]).toBe(`\${aws_iam_policy.${label}.arn}`);
  expect(said(await cli(account, `plan ${flags} -o terraform`))).toMatchInlineSnapshot(`
    "✖ -o terraform is for --iam-policy only
      next: add --iam-policy, or use -o text, json or yaml
      code: invalid-usage
    exit 2"
  `);
});
