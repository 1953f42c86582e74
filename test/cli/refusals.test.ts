/** What is refused before anything is changed, in the words in which the user reads it. */
import { expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { defaultVersions } from '../../src/rehearsal/machine/tools.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { changes, newMachine, region, smallUp, succeed } from '../lifecycle/fleet.js';
import { resourceIds } from '../rehearsal/resources.js';
import { said } from './output.js';

/** Runs, expects that nothing was changed, and answers what was said. */
async function refused(account = newMachine(), words: string | readonly string[] = smallUp, options: RunOptions = {}) {
  const before = resourceIds(account);
  const ended = await cli(account, words, options);
  expect(changes(ended)).toEqual([]);
  expect(resourceIds(account)).toEqual(before);
  return said(ended);
}

it('no VPC of that name', async () => {
  expect(
    await refused(newMachine(), `up --region ${region} --vpc other --yes`, { alone: true }),
  ).toMatchInlineSnapshot(`
    "✖ no VPC other in us-west-2
      why:  available VPCs: vpc-00000000000000001 (main, 10.0.0.0/16)
      next: 1. choose another VPC with --vpc (ID or Name tag; * matches any text)
            2. or choose another --region
      code: vpc-not-found
    exit 3"
  `);
});

it('no VPC at all', async () => {
  expect(await refused(newAccount())).toMatchInlineSnapshot(`
    "✖ no VPC main in us-west-2
      next: 1. choose another VPC with --vpc (ID or Name tag; * matches any text)
            2. or choose another --region
      code: vpc-not-found
    exit 3"
  `);
});

it('two VPCs of one name', async () => {
  const account = newMachine();
  addVpc(account, { region, name: 'maintenance' });
  expect(await refused(account, ['up', '--region', region, '--vpc', 'main*', '--yes'])).toMatchInlineSnapshot(`
    "✖ 2 VPCs match main* in us-west-2
      why:  vpc-00000000000000001 (main, 10.0.0.0/16), vpc-00000000000000019 (maintenance, 10.1.0.0/16)
      next: choose one by its ID: --vpc vpc-…
      code: vpc-ambiguous
    exit 3"
  `);
});

it('one zone', async () => {
  expect(await refused(newMachine('one-az'))).toMatchInlineSnapshot(`
    "✖ VPC vpc-00000000000000001 (main) in us-west-2 cannot hold the fleet
      why:  its subnets are in too few zones: public in 1 zone, private with outbound access in 1
      next: add subnets with a default route in at least two zones, or choose another VPC
      code: vpc-unusable
    exit 3"
  `);
});

it('no auto-assign and no NAT', async () => {
  const account = newMachine('no-auto-assign');
  for (const nat of account.region(region).natGateways) nat.state = 'deleted';
  expect(await refused(account)).toMatchInlineSnapshot(`
    "✖ VPC vpc-00000000000000001 (main) in us-west-2 cannot hold the fleet
      why:  nodes would be in public subnets, but subnet-00000000000000003, subnet-00000000000000004, subnet-00000000000000005 do not assign public addresses (and no private subnets have outbound access)
      next: enable auto-assign public IPv4 for subnet-00000000000000003, subnet-00000000000000004, subnet-00000000000000005, or route the private subnets to a NAT gateway
      code: vpc-unusable
    exit 3"
  `);
});

it('no tools', async () => {
  expect(await refused(newMachine(), smallUp, { tools: {} })).toMatchInlineSnapshot(`
    "✖ 4 problems must be fixed first; nothing was changed
      1. eksctl is not on PATH (tool-missing)
         why:  karmada-eks runs it
         next: 1. karmada-eks tools install --only eksctl
               2. or install eksctl >=0.216.0: https://docs.aws.amazon.com/eks/latest/eksctl/installation.html
      2. kubectl is not on PATH (tool-missing)
         why:  karmada-eks runs it
         next: 1. karmada-eks tools install --only kubectl
               2. or install kubectl >=1.30.0: https://kubernetes.io/docs/tasks/tools/
      3. kubectl-karmada is not on PATH (tool-missing)
         why:  karmada-eks runs it
         next: 1. karmada-eks tools install --only kubectl-karmada
               2. or install kubectl-karmada >=1.15.3 <1.17.0 or >=1.17.3: https://karmada.io/docs/installation/install-cli-tools
      4. aws is not on PATH (tool-missing)
         why:  kubectl gets its EKS tokens from it
         next: install aws >=1.23.9 <2 or >=2.7.0: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html
      code: plan-refused
    exit 3"
  `);
});

it('a kubectl-karmada that cannot work', async () => {
  const tools = { ...defaultVersions, 'kubectl-karmada': 'v1.17.1' };
  expect(await refused(newMachine(), smallUp, { tools })).toMatchInlineSnapshot(`
    "✖ kubectl-karmada 1.17.1 is not supported; >=1.15.3 <1.17.0 or >=1.17.3 is required
      why:  register ignores its endpoint before 1.15.3 (karmada 6882), etcd’s probe cannot run in 1.17.0 to 1.17.2 (karmada 7381)
      next: install a supported version: https://karmada.io/docs/installation/install-cli-tools
      code: tool-version
    exit 3"
  `);
});

it('expired credentials', async () => {
  expect(await refused(newMachine(), smallUp, { credentialsExpireAt: 0 })).toMatchInlineSnapshot(`
    "✖ identifying your AWS credentials (sts:GetCallerIdentity) failed
      why:  ExpiredToken: The security token included in the request is expired
      next: 1. renew the credentials (aws sso login, or new session keys)
            2. run the same command again to continue
      code: credentials-expired
    exit 3"
  `);
});

it('no credentials', async () => {
  const message = 'Could not load credentials from any providers';
  const faults = [{ call: 'aws *', kind: 'fail', code: 'CredentialsProviderError', message, times: -1 }] as const;
  expect(await refused(newMachine(), smallUp, { faults })).toMatchInlineSnapshot(`
    "✖ identifying your AWS credentials (sts:GetCallerIdentity) failed
      why:  CredentialsProviderError: Could not load credentials from any providers
      next: log in (aws sso login), or name a profile (--profile), or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
      code: credentials-missing
    exit 3"
  `);
});

it('no permission', async () => {
  const message = 'You are not authorized to perform this operation.';
  const faults = [
    { call: 'aws ec2:DescribeSubnets *', kind: 'fail', code: 'UnauthorizedOperation', message, times: -1 },
  ] as const;
  expect(await refused(newMachine(), smallUp, { faults })).toMatchInlineSnapshot(`
    "✖ listing subnets in us-west-2 failed
      why:  UnauthorizedOperation: You are not authorized to perform this operation.
      next: grant the identity this permission, or use another profile
      code: access-denied
    exit 3"
  `);
});

it('an address that cannot be asked for', async () => {
  expect(await refused(newMachine(), smallUp, { publicAddress: null })).toMatchInlineSnapshot(`
    "✖ could not get this machine's public address from AWS's check-ip service
      why:  getaddrinfo ENOTFOUND checkip.amazonaws.com
      next: set who may reach the Karmada API: --allow 203.0.113.7/32 (your own address; repeatable)
      code: address-unknown
    exit 3"
  `);
  const allowed = await cli(newMachine(), smallUp.replace('up', 'plan --allow 203.0.113.0/24').replace(' --yes', ''), {
    publicAddress: null,
  });
  expect(allowed.code).toBe(0);
});

it('a cluster of that name that is not ours', async () => {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'one', vpcId: vpc.id, subnetIds });
  expect(await refused(account)).toMatchInlineSnapshot(`
    "✖ EKS cluster one in us-west-2 exists and does not belong to fleet karmada
      next: 1. choose another name: --fleet, or --member name=…
            2. or add --use-existing to build the fleet on it: it keeps its nodes, and down does not delete it
            3. or mark only this member as existing: --member name=…,existing=true
      code: cluster-not-ours
    exit 3"
  `);
  await succeed(account, `${smallUp} --use-existing`);
});

it('several things at once', async () => {
  const tools = { eksctl: '0.200.0', kubectl: 'v1.34.4', aws: '2.36.7' };
  expect(await refused(newMachine('one-az'), smallUp, { tools, publicAddress: null })).toMatchInlineSnapshot(`
    "✖ 4 problems must be fixed first; nothing was changed
      1. eksctl 0.200.0 is not supported; >=0.216.0 is required (tool-version)
         why:  older versions do not support upgradePolicy and autoModeConfig
         next: install a supported version: https://docs.aws.amazon.com/eks/latest/eksctl/installation.html
      2. kubectl-karmada is not on PATH (tool-missing)
         why:  karmada-eks runs it
         next: 1. karmada-eks tools install --only kubectl-karmada
               2. or install kubectl-karmada >=1.15.3 <1.17.0 or >=1.17.3: https://karmada.io/docs/installation/install-cli-tools
      3. VPC vpc-00000000000000001 (main) in us-west-2 cannot hold the fleet (vpc-unusable)
         why:  its subnets are in too few zones: public in 1 zone, private with outbound access in 1
         next: add subnets with a default route in at least two zones, or choose another VPC
      4. could not get this machine's public address from AWS's check-ip service (address-unknown)
         why:  getaddrinfo ENOTFOUND checkip.amazonaws.com
         next: set who may reach the Karmada API: --allow 203.0.113.7/32 (your own address; repeatable)
      code: plan-refused
    exit 3"
  `);
});

it('no terminal and no consent', async () => {
  expect(await refused(newMachine(), smallUp.replace(' --yes', ''))).toMatchInlineSnapshot(`
    "✖ up needs consent: add --yes
      why:  nobody can be asked without a terminal, with --json, or where CI is set
      code: missing-value
    exit 2"
  `);
});

it('no terminal and no VPC', async () => {
  expect(await refused(newMachine(), `up --region ${region} --yes`)).toMatchInlineSnapshot(`
    "✖ a value is missing and there is no terminal to ask for it: VPC (ID or Name tag)
      next: set --vpc or KARMADA_EKS_VPC
      code: missing-value
    exit 2"
  `);
});

it('another run', async () => {
  const account = newMachine();
  const other = connect(account);
  const lock = '/home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/lock';
  await other.world.files.lock(lock);
  await other.world.files.write(`${lock}.owner`, 'ann@build-7 (pid 4711)');
  expect(await refused(account)).toMatchInlineSnapshot(`
    "✖ another run is working on this fleet
      why:  ann@build-7 (pid 4711) holds /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/lock
      next: wait until it finishes, then run the same command again
      code: fleet-locked
    exit 7"
  `);
});

it('status of a fleet that does not exist names the command that creates that fleet', async () => {
  expect(await refused(newMachine(), `status --region ${region} --fleet other`)).toMatchInlineSnapshot(`
    "✖ no fleet other in us-west-2
      why:  this machine has no record of it, and no EKS cluster or stack has the tags of a fleet of this name
      next: 1. set another fleet or region: --fleet, --region
            2. or create it: karmada-eks up --fleet other --region us-west-2
      code: fleet-not-found
    exit 3"
  `);
});

it('down of a fleet that does not exist', async () => {
  expect(
    await refused(newMachine(), `down --region ${region} --fleet nobody --yes --confirm nobody`),
  ).toMatchInlineSnapshot(`
    "✖ no fleet nobody in us-west-2
      why:  this machine has no record of it, and no EKS cluster or stack has the tags of a fleet of this name
      next: 1. set another fleet or region: --fleet, --region
            2. or create it: karmada-eks up --fleet nobody --region us-west-2
            3. or select the leftovers by the fleet’s id, the value of the tag karmada-eks/fleet: --fleet-id ID
            4. find the tag: aws resourcegroupstaggingapi get-resources --region us-west-2 --tag-filters Key=karmada-eks/fleet
      code: fleet-not-found
    exit 3"
  `);
});

it('down with another name', async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAt: 40 });
  expect(await refused(account, 'down --yes --confirm other')).toMatchInlineSnapshot(`
    "✖ --confirm does not match: expected karmada, got other; nothing was changed
      next: use --yes --confirm karmada
      code: invalid-value
    exit 2"
  `);
});
