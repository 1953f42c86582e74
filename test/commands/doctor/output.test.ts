/** How doctor shows what it found, how much it asks of AWS, and that it changes nothing. */
import { expect, it } from 'vitest';
import { newAccount } from '../../../src/rehearsal/account.js';
import { readDoc } from '../../docs/read-doc.js';
import { diagnosed } from '../../doctor/diagnosed.js';
import { layouts } from '../../doctor/layouts.js';
import { cli, isChange } from '../../lifecycle/cli.js';
import { newMachine, region } from '../../lifecycle/fleet.js';
import { resourceIds } from '../../rehearsal/resources.js';

const doctor = `doctor --region ${region} --vpc main`;

it('is one screen: a count for each group, and only what people ask for', async () => {
  const { stdout } = await cli(newMachine(), doctor);
  expect(stdout).toMatchInlineSnapshot(`
    "tools        ✔ 2 checks
      ✔ eksctl 0.230.0, kubectl 1.34.4, kubectl-karmada 1.18.2, aws 2.36.7
    credentials  ✔ 3 checks
      ✔ account 111122223333, arn:aws:iam::111122223333:user/you
    network      ✔ 11 checks
      ✔ VPC main
    kubernetes   ✔ 1 check
      ✔ new clusters get Kubernetes 1.35; Karmada 1.18 was tested with up to 1.35
    clusters     ✔ 2 checks
    access       ✔ 2 checks
      ✔ the Karmada API admits 192.0.2.10/32
    quotas       ✔ 6 checks
    downloads    ✔ 2 checks

    ready for up
    29 ok, 0 warnings, 0 errors, 0 unknown
    -v shows every check
    "
  `);
  expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
});

it.each(['-v', '--verbose'])('%s has a line for every check', async (flag) => {
  const { stdout } = await cli(newMachine(), `${doctor} ${flag}`);
  const { stdout: json } = await cli(newMachine(), `${doctor} -o json`);
  const { findings } = JSON.parse(json) as { readonly findings: readonly { readonly what: string }[] };
  expect(stdout.match(/^ {2}✔ /gm)).toHaveLength(findings.length);
  for (const { what } of findings) expect(stdout).toContain(what);
  expect(stdout).not.toContain('-v shows');
});

it('groups what it found, with a mark, the fact and what to do', async () => {
  const account = newMachine('no-nat');
  account.state.quotas = { 'L-1216C47A': 5 };
  const { stdout, code } = await cli(account, doctor);
  expect(code).toBe(3);
  expect(stdout).toMatchInlineSnapshot(`
    "tools        ✔ 2 checks
      ✔ eksctl 0.230.0, kubectl 1.34.4, kubectl-karmada 1.18.2, aws 2.36.7
    credentials  ✔ 3 checks
      ✔ account 111122223333, arn:aws:iam::111122223333:user/you
    network      ! 1 warning, 10 ok
      ✔ VPC main
      ! nodes in VPC vpc-00000000000000001 (main) will be in public subnets, each with its own public address
        why: private subnets with outbound access are in 0 zones; two are required
        fix: add a default route to a NAT gateway to the private subnets of two zones
             or keep it; pull members then need --allow
    kubernetes   ✔ 1 check
      ✔ new clusters get Kubernetes 1.35; Karmada 1.18 was tested with up to 1.35
    clusters     ✔ 2 checks
    access       ✔ 2 checks
      ✔ the Karmada API admits 192.0.2.10/32
    quotas       ✖ 1 error, 5 ok
      ✖ the quota of vCPUs of On-Demand Standard instances in us-west-2 is too low: 4 of 5 vCPUs of On-Demand Standard instances are in use; needed: 18 more
        why: quota L-1216C47A of ec2
        fix: request an increase: \`aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-1216C47A --desired-value 22 --region us-west-2\`
    downloads    ✔ 2 checks

    up would fail
    27 ok, 1 warning, 1 error, 0 unknown
    -v shows every check
    "
  `);
});

it('fits a terminal of 40 columns', async () => {
  const { stdout } = await cli(newMachine('two-azs'), doctor, { columns: 40, vars: { NO_COLOR: '1' } });
  const long = stdout.split('\n').filter((line) => line.length > 40 && !/https:|vpc-/.test(line));
  expect(long).toEqual([]);
});

it('is one document as JSON, and one line with --json', async () => {
  const { stdout } = await cli(newMachine(), `${doctor} -o json`);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  expect(report).toMatchObject({ fleet: 'karmada', region, counts: { warning: 0, error: 0, unknown: 0 } });
  const lines = (await cli(newMachine(), `${doctor} --json`)).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ v: 1, type: 'doctor', ...report }]);
});

it('asks of AWS at most 12 times for identity, versions and one VPC, and once for each thing beyond', async () => {
  const account = newAccount();
  layouts.full(account);
  const { awsCalls } = await diagnosed(account);
  const vpc = [
    'Vpcs',
    'VpcAttribute',
    'Subnets',
    'RouteTables',
    'NatGateways',
    'AvailabilityZones',
    'InstanceTypeOfferings',
  ];
  const base = ['sts:GetCallerIdentity', 'eks:DescribeClusterVersions', ...vpc.map((each) => `ec2:Describe${each}`)];
  const beyond = awsCalls.filter((call) => !base.includes(call));
  expect(awsCalls.length - beyond.length).toBeLessThanOrEqual(12);
  const counted: Record<string, number> = {};
  for (const call of beyond) counted[call] = (counted[call] ?? 0) + 1;
  expect(counted).toEqual({
    'eks:DescribeCluster': 3,
    'cloudformation:DescribeStacks': 1,
    // One a quota; of those that nobody changed AWS only tells its own value, in a second call.
    'servicequotas:GetServiceQuota': 5,
    'servicequotas:GetAWSDefaultServiceQuota': 4,
    'ec2:DescribeInstances': 1,
    'ec2:DescribeInstanceTypes': 1,
    'ec2:DescribeAddresses': 1,
    'ec2:GetEbsDefaultKmsKeyId': 1,
    'eks:ListClusters': 1,
    'elbv2:DescribeLoadBalancers': 1,
    'eks:ListNodegroups': 1,
    'eks:DescribeNodegroup': 1,
    'eks:DescribeAddon': 1,
    'ec2:DescribeNetworkInterfaces': 1,
    'iam:GetAccountSummary': 1,
    'iam:ListOpenIDConnectProviders': 1,
  });
});

it('asks nothing that the documentation does not tell', async () => {
  const { findings } = await diagnosed(newMachine());
  const documented = [...(await readDoc('docs/doctor.md')).matchAll(/`([a-z-]+)`/g)].map(([, id]) => id);
  expect(findings.map(({ id }) => id).filter((id) => !documented.includes(id))).toEqual([]);
});

it('changes nothing', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  const { calls } = await cli(account, doctor);
  expect(calls.map(({ key }) => key).filter(isChange)).toEqual([]);
  expect(resourceIds(account)).toEqual(before);
});
