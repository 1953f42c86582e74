/** A VPC that the fleet makes for itself: planned, made, found again without the flag, and taken away by down. */
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { findStack } from '../../src/rehearsal/account/stacks.js';
import type { Account } from '../../src/rehearsal/account.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { down, newMachine, region, succeed } from './fleet.js';

const up = `up --region ${region} --create-vpc --yes --member name=one --member name=two,mode=pull`;

function networkOf(account: Account): object {
  const { internetGateways = [], addresses = [], ...all } = account.region(region);
  const { vpcs, subnets, routeTables, natGateways, networkInterfaces, securityGroups } = all;
  return structuredClone({
    vpcs,
    subnets,
    routeTables,
    natGateways,
    networkInterfaces,
    securityGroups,
    internetGateways,
    addresses,
  });
}

it('is planned, made, found again and deleted', async () => {
  const account = newMachine();
  const before = networkOf(account);
  const plan = await succeed(account, up.replace('up', 'plan').replace(' --yes', ' --details'));
  expect(plan.stdout).toContain('karmada-eks-karmada, 10.64.0.0/16, by CloudFormation stack karmada-eks-karmada-vpc');
  expect(plan.stdout).toMatch(/1 × NAT gateway +us-west-2 +0.045\/h/);
  expect(plan.stdout).toContain('open to 192.0.2.10/32, <new NAT gateway>/32');
  const made = await succeed(account, up);
  expect(made.stderr).toMatch(/done: +create VPC karmada-eks-karmada/);
  expect(account.region(region).vpcs).toContainEqual(
    expect.objectContaining({ cidr: '10.64.0.0/16', tags: expect.objectContaining({ Name: 'karmada-eks-karmada' }) }),
  );
  const again = await succeed(account, `up --region ${region} --yes`);
  expect(again.stdout).toContain('up to date');
  const { stdout } = await succeed(account, 'status');
  expect(stdout).toContain('what is there costs about 1.33 USD per hour');
  await succeed(account, down);
  expect(networkOf(account)).toEqual(before);
});

/** A network interface of somebody else, as a database has one. */
function addForeign(account: Account): void {
  const subnet = account.region(region).subnets.find(({ tags }) => tags['kubernetes.io/role/internal-elb'] === '1');
  const { id: subnetId, vpcId, zone } = subnet ?? expect.unreachable('no private subnet');
  const place = { subnetId, vpcId, zone, privateIp: '10.64.0.200' };
  account.region(region).networkInterfaces.push({ id: 'eni-0ff', description: 'RDSNetworkInterface', ...place });
}

it.runIf(triesMore)('stays with what is somebody else’s in it, until that is gone', async () => {
  const account = newMachine();
  await succeed(account, `up --region ${region} --create-vpc --yes --members 0`);
  addForeign(account);
  const kept = await cli(account, down);
  expect(kept.code).toBe(ExitCode.leftovers);
  const { vpcs, natGateways } = account.region(region);
  expect([vpcs.length, natGateways.length]).toEqual([2, 2]);
  account.region(region).networkInterfaces = [];
  await succeed(account, down);
  expect(account.region(region).vpcs).toHaveLength(1);
});

it.runIf(triesMore)('stays where its stack has termination protection, which is told and stays on', async () => {
  const account = newMachine();
  await succeed(account, `up --region ${region} --create-vpc --yes --members 0`);
  const stack = findStack(account, region, 'karmada-eks-karmada-vpc') ?? expect.unreachable('no stack');
  stack.terminationProtection = true;
  const kept = await cli(account, `${down} --remove-leftovers`);
  expect(kept.stdout + kept.stderr).toContain('termination protection of stack karmada-eks-karmada-vpc is on');
  expect([stack.terminationProtection, stack.status]).toEqual([true, 'CREATE_COMPLETE']);
  stack.terminationProtection = false;
  await succeed(account, down);
  expect(account.region(region).vpcs).toHaveLength(1);
});
