/** A fleet whose Karmada API is internal: its whole life, the VPC that it needs, and that it stays as it was made. */
import { describe, expect, it } from 'vitest';
import { type Account, newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import {
  changes,
  down,
  expectGone,
  fleetFolder,
  newMachine,
  otherRegion,
  readyStatus,
  region,
  smallUp,
  succeed,
} from './fleet.js';

const internalUp = `${smallUp} --internal`;

function onlyBalancer(account: Account) {
  const region0 = account.region(region);
  const [balancer] = region0.loadBalancers.filter(({ deletedAt }) => deletedAt === undefined);
  const interfaces = region0.networkInterfaces.filter(({ loadBalancer }) => loadBalancer === balancer?.name);
  return { scheme: balancer?.scheme, subnetIds: balancer?.subnetIds, interfaces };
}

describe.sequential('an internal fleet', { shuffle: false }, () => {
  const account = newMachine();
  const before = resourceIds(account);

  it('is made with an internal load balancer in the private subnets, which admits the VPC', async () => {
    // The public address of this machine does not matter, and is not asked for.
    const { stderr } = await succeed(account, internalUp, { publicAddress: null });
    const { scheme, subnetIds, interfaces } = onlyBalancer(account);
    const vpc = account.region(region).vpcs[0]?.id;
    const privateIds = account
      .region(region)
      .subnets.filter(({ vpcId, mapPublicIp }) => vpcId === vpc && !mapPublicIp)
      .map(({ id }) => id);
    expect(scheme).toBe('internal');
    expect(subnetIds).toEqual(privateIds);
    expect(interfaces.map(({ publicIp }) => publicIp)).toEqual([undefined, undefined, undefined]);
    expect(stderr).toContain(`warning: the Karmada API is internal: this machine must be in VPC ${vpc}`);
    expect(await readyStatus(account)).toMatchObject({ controlPlane: { sourceRanges: ['10.0.0.0/16'] } });
  }, 60_000);

  it('leaves nothing to do, without saying it again', async () => {
    const planned = await succeed(account, 'plan', { publicAddress: null });
    expect(planned.stdout).toBe('fleet karmada: nothing to do\n');
    expect(changes(planned)).toEqual([]);
  });

  it('is known as internal on this machine and in the parent', () => {
    const record = JSON.parse(account.state.files[`${fleetFolder}/fleet.json`] ?? '{}') as { request?: unknown };
    expect(record.request).toMatchObject({ internal: true });
    const { objects = {} } = account.state.apis[`eks/${region}/karmada-parent`] ?? {};
    const mark = Object.entries(objects).find(([key]) => key.endsWith('karmada-system/karmada-eks'));
    expect(JSON.stringify(mark)).toMatch(/\\?"internal\\?":true/);
  });

  it('is not made internet-facing: that is refused before anything changes', async () => {
    const refused = await cli(account, smallUp, { vars: { KARMADA_EKS_INTERNAL: 'false' } });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'the load balancer of fleet karmada is internal and cannot be changed to internet-facing',
    );
    expect(refused.stderr).toContain('keep it as it is: --internal');
    expect(changes(refused)).toEqual([]);
  });

  it('stays described as internal when a machine that never saw it wants it otherwise', async () => {
    const elsewhere = restore(snapshot(account));
    for (const path of Object.keys(elsewhere.state.files)) {
      if (path.startsWith(fleetFolder)) delete elsewhere.state.files[path];
    }
    const description = (): unknown => elsewhere.state.apis[`eks/${region}/karmada-parent`]?.objects;
    const before = JSON.stringify(description());
    const refused = await cli(elsewhere, smallUp, { vars: { KARMADA_EKS_INTERNAL: 'false' } });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('cannot be changed to internet-facing');
    expect(JSON.stringify(description())).toBe(before);
    // Who does not say it goes on with what the fleet is.
    await succeed(elsewhere, smallUp);
    await readyStatus(elsewhere);
  });

  it('goes without a trace', async () => {
    await succeed(account, down);
    expectGone(account, before);
  });
});

describe('an internet-facing fleet', () => {
  it('is not made internal: that is refused before anything changes', async () => {
    const account = newMachine();
    await succeed(account, smallUp);
    const refused = await cli(account, internalUp);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'the load balancer of fleet karmada is internet-facing and cannot be changed to internal',
    );
    expect(refused.stderr).toContain('KARMADA_EKS_INTERNAL=false');
    expect(changes(refused)).toEqual([]);
    expect(onlyBalancer(account).scheme).toBe('internet-facing');
    await readyStatus(account);
  });
});

describe('a VPC without public subnets', () => {
  it.runIf(triesMore)('holds an internal fleet, and no other', async () => {
    const account = newAccount();
    const { vpc, publicTable, privateTable } = addVpc(account, { region, name: 'main' });
    // As with a transit gateway: a way out, and no internet gateway.
    for (const { routes } of [publicTable, privateTable]) {
      for (const route of routes) if (route.target !== 'local') route.target = 'tgw-0a1b2c3d4e5f60718';
    }
    const refused = await cli(account, smallUp);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('no public subnet')]);
    await succeed(account, internalUp);
    await readyStatus(account);
    expect(onlyBalancer(account).subnetIds).toHaveLength(3);
    expect(vpc.id).toMatch(/^vpc-/);
  });
});

describe('a VPC without private subnets that have a way out', () => {
  it.runIf(triesMore)('has the internal load balancer in its public subnets', async () => {
    const account = newAccount();
    const { publicSubnets } = addVpc(account, { region, name: 'main', variant: 'no-nat' });
    await succeed(account, internalUp);
    const { scheme, subnetIds, interfaces } = onlyBalancer(account);
    expect([scheme, subnetIds]).toEqual(['internal', publicSubnets.map(({ id }) => id)]);
    expect(interfaces.every(({ publicIp }) => publicIp === undefined)).toBe(true);
    await readyStatus(account);
  });
});

describe('members of an internal fleet', () => {
  it('come from their VPC when they pull; another VPC than the parent’s must be peered', async () => {
    const account = newMachine();
    account.region(otherRegion).vpcs.forEach((vpc) => {
      vpc.cidr = '10.9.0.0/16';
    });
    const members = `--member name=one --member name=far,mode=pull,region=${otherRegion}`;
    const words = `plan -o json --region ${region} --vpc main --internal ${members}`;
    const { stdout, stderr } = await succeed(account, words);
    expect(JSON.parse(stdout)).toMatchObject({ facts: { sourceRanges: ['10.0.0.0/16', '10.9.0.0/16'] } });
    expect(stderr).toMatch(/pull member far is not in the VPC .*: vpc-\w+ must be peered with vpc-\w+/);
    const said = await succeed(account, `${words} --allow 192.168.7.0/24`);
    expect(JSON.parse(said.stdout)).toMatchObject({ facts: { sourceRanges: ['10.9.0.0/16', '192.168.7.0/24'] } });
  });

  it('leave the VPCs of push members out', async () => {
    const account = newMachine();
    const words = `plan -o json --region ${region} --vpc main --internal --member name=far,region=${otherRegion}`;
    const { stdout, stderr } = await succeed(account, words);
    expect(JSON.parse(stdout)).toMatchObject({ facts: { sourceRanges: ['10.0.0.0/16'] } });
    expect(stderr).not.toContain('peered');
    expect(stdout).not.toContain('IPv4 of load balancer');
  });
});
