/** What is refused of a VPC that the fleet is to make, before anything is changed. */
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addBareVpc, addVpc } from '../../src/rehearsal/vpcs.js';
import { triesMore } from './cases.js';
import { cli, isChange } from './cli.js';
import { down, newMachine, otherRegion, region, succeed } from './fleet.js';

const plan = `plan --region ${region} --create-vpc`;

it.each([
  ['--vpc main', ExitCode.usage, '--vpc and --create-vpc: expected one of them, got both'],
  ['--subnet subnet-1,subnet-2', ExitCode.usage, '--create-vpc and --subnet: expected one of them, got both'],
  [
    `--member name=far,region=${otherRegion}`,
    ExitCode.usage,
    `member far is in ${otherRegion}, but --create-vpc makes a VPC in ${region} only`,
  ],
  [
    `--zones ${region}a,${region}x`,
    ExitCode.refused,
    `a VPC cannot be created in ${region}: ${region}x cannot be used`,
  ],
  ['--instance-type m9.huge', ExitCode.usage, 'm9.huge is not available'],
])('with %s', async (words, code, told) => {
  const account = newMachine();
  const ended = await cli(account, `${plan} ${words}`);
  expect(ended.stderr).toContain(told);
  expect([ended.code, ended.calls.filter(({ key }) => isChange(key))]).toEqual([code, []]);
});

it('in too small or public ranges', async () => {
  for (const cidr of ['10.64.0.0/24', '8.8.0.0/16', 'here'])
    expect((await cli(newMachine(), `${plan} ${cidr}`)).code, cidr).toBe(ExitCode.usage);
});

it('in a range that is too small for what is to be made: with one that will do', async () => {
  const { code, stderr } = await cli(newMachine(), `${plan} 10.8.0.0/22 --members 20`);
  expect(code).toBe(ExitCode.refused);
  expect(stderr).toContain('make a larger VPC: --create-vpc 10.8.0.0/21');
  expect(stderr).not.toContain('free addresses in it');
  expect((await cli(newMachine(), `${plan} 10.8.0.0/21 --members 20`)).stderr).not.toContain('free addresses');
});

it('where a VPC is suggested: what is asked for takes precedence, in doctor too', async () => {
  const vars = { KARMADA_EKS_DEFAULT_VPC: 'main' };
  const { code, stdout } = await cli(newMachine(), `doctor --region ${region} --create-vpc`, { vars });
  expect(stdout).toContain('VPC karmada-eks-karmada, 10.64.0.0/16, will be made');
  expect(code).toBe(ExitCode.ok);
});

it.runIf(triesMore)('where quotas have no room, all of them told with how to raise them', async () => {
  const account = newMachine();
  for (let block = 40; block < 45; block += 1) addBareVpc(account, region, `other-${block}`, block);
  account.state.quotas = { 'L-0263D0A3': 1, 'L-FE5A380F': 1 };
  const { code, stderr } = await cli(account, plan);
  expect(code).toBe(ExitCode.refused);
  expect(stderr).toMatch(/the quota of VPCs in us-west-2 is too low: \d of 5 VPCs are in use; needed: 1 more/);
  expect(stderr).toMatch(/the quota of Elastic IPs in us-west-2 is too low/);
  expect(stderr).toMatch(/the quota of NAT gateways of us-west-2a in us-west-2 is too low/);
});

it.runIf(triesMore)(
  'where the VPC was created with other settings, or a stack of its name is somebody else’s',
  async () => {
    const account = newMachine();
    await succeed(account, `up --region ${region} --create-vpc --yes --members 0`);
    const other = await cli(account, `up --region ${region} --create-vpc 10.9.0.0/16 --yes`);
    expect(other.stderr).toContain('was created with other settings: --create-vpc 10.64.0.0/16');
    const moved = await cli(account, `up --region ${region} --vpc main --yes`);
    expect(moved.stderr).toContain('expected a VPC that exists, or one to create: got both main and 10.64.0.0/16');
    const [stack] = account.region(region).stacks.filter(({ name }) => name === 'karmada-eks-karmada-vpc');
    const tags = { ...(stack?.tags ?? {}) };
    if (stack !== undefined) stack.tags = { owner: 'somebody' };
    const foreign = await cli(account, `plan --region ${region}`);
    expect(foreign.stderr).toContain('does not belong to fleet karmada');
    if (stack !== undefined) stack.tags = tags;
    await succeed(account, down);
  },
);

it('a machine without a record finds a VPC that is all there is of a fleet, and deletes it', async () => {
  const account = newMachine();
  const killed = await cli(account, `up --region ${region} --create-vpc --yes --members 0`, { killAfterMs: 60_000 });
  expect(killed.code).toBe('killed');
  for (const path of Object.keys(account.state.files))
    if (path.includes('karmada-eks')) delete account.state.files[path];
  const tags = account.region(region).stacks.map((stack) => stack.tags['karmada-eks/fleet']);
  await succeed(account, `${down} --region ${region} --fleet-id ${tags.find((tag) => tag?.endsWith(region) === true)}`);
  expect(account.region(region).vpcs).toHaveLength(1);
});

it('where the parent exists in another VPC', async () => {
  const account = newMachine();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'others' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
  const { code, stderr } = await cli(account, `${plan} --use-existing`);
  expect(code).toBe(ExitCode.refused);
  expect(stderr).toContain('its parent karmada-parent exists in another one');
});

it.runIf(triesMore)(
  'nothing: a member that joins later, an internal API, limited endpoints, a NAT gateway in each zone',
  async () => {
    const account = newMachine();
    const words = '--create-vpc 10.9.0.0/20 --nat-gateway-per-zone --internal --public-access-cidr 198.18.0.0/15';
    await succeed(account, `up --region ${region} --yes ${words} --member name=one,mode=pull`);
    expect(account.region(region).natGateways.length).toBe(1 + 3);
    await succeed(account, 'join --create --cluster late --yes');
    expect(account.region(region).clusters['late']?.vpcId).toBe(account.region(region).clusters['one']?.vpcId);
    expect((await succeed(account, `up --region ${region} --yes`)).stdout).toContain('up to date');
    await succeed(account, down);
    expect(account.region(region).vpcs).toHaveLength(1);
  },
);
