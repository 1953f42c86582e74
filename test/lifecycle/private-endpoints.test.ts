/** EKS endpoints that only their own network reaches: from a machine in it, from a connected one, and from outside. */
import { describe, expect, it } from 'vitest';
import { putInto, putIntoVpc } from '../../src/rehearsal/account/machines.js';
import type { Account } from '../../src/rehearsal/account.js';
import type { VpcState } from '../../src/rehearsal/state.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, otherRegion, readyStatus, region, smallUp, succeed } from './fleet.js';
import { joinable } from './joinable.js';

const host = 'rehearsal';
const up = `${smallUp} --private-endpoints`;

function vpcOf(account: Account, where = region): VpcState {
  return account.region(where).vpcs[0] ?? expect.unreachable('no VPC');
}

/** On a machine in the VPC. */
function inside(): Account {
  const account = newMachine();
  putIntoVpc(account, host, region, vpcOf(account));
  return account;
}

/** Routes of all subnets of a region to a network. */
function route(account: Account, where: string, destination: string, target = 'tgw-0a1b2c3d4e5f60718'): void {
  for (const { routes } of account.region(where).routeTables) routes.push({ destination, target, state: 'active' });
}

async function refused(account: Account, words: string, code = 3): Promise<string> {
  const ended = await cli(account, words);
  expect([ended.code, changes(ended)]).toEqual([code, []]);
  return ended.stderr.trim();
}

it('are made from a machine in the VPC, with push and pull members, and taken away', async () => {
  const account = inside();
  const { stdout } = await succeed(account, up);
  expect(stdout).toContain('EKS APIs     private only, open to their VPCs');
  await readyStatus(account);
  const { clusters } = account.region(region);
  expect(Object.values(clusters).map((each) => [each.privateOnly, each.privateAccessCidrs])).toEqual(
    Array.from({ length: 3 }, () => [true, [vpcOf(account).cidr]]),
  );
  expect((await succeed(account, up)).stderr).not.toContain('drift');
  expect(await refused(account, `join --yes --member name=far,mode=pull,region=${otherRegion}`)).toMatch(
    /^✖ this machine is not in VPC vpc-\w+ \(main\) in eu-west-1, so .* endpoints of far$/m,
  );
  const open = await succeed(account, `${smallUp} --public-access-cidr 192.0.2.10/32`);
  expect(open.stderr).toContain('drift: one: private endpoint only, a public one requested');
  await fromOutside(account);
  await succeed(account, down);
  expect(Object.keys(clusters)).toEqual([]);
});

/** Nothing is called broken that only this machine does not reach, and nobody waits for minutes. */
async function fromOutside(account: Account): Promise<void> {
  const { machines } = account.state;
  account.state.machines = {};
  for (const words of ['status', 'demo', 'backup', up, down, 'unjoin one --yes']) {
    const began = account.now();
    const text = await refused(account, words, 4);
    expect(account.now() - began).toBeLessThan(60_000);
    expect(text.replace(/\w{32}/, 'ID').replace(/(sg|vpc)-[0-9a-f]{17}/g, '$1-1')).toMatchInlineSnapshot(`
      "✖ EKS cluster karmada-parent in us-west-2 does not respond to this machine (192.168.1.20)
        why:  its API endpoint is private: only its own network reaches it (ID.gr7.us-west-2.eks.amazonaws.com, port 443: no answer from 10.0.100.10 within 10 s)
        next: 1. run the command on a machine in its VPC vpc-1, or in a network that is connected to it, whose address its security group sg-1 admits
              2. or let this machine in for as long as you need it, by the public address that it has: aws eks update-cluster-config --name karmada-parent --region us-west-2 --resources-vpc-config endpointPublicAccess=true,publicAccessCidrs=ADDRESS/32
              3. until then nothing in the cluster can be seen from here, so nothing of it is changed or deleted
        code: cluster-unreachable"
    `);
  }
  const diagnosis = await cli(account, 'doctor');
  expect([diagnosis.code, diagnosis.stdout]).toEqual([
    3,
    expect.stringMatching(/✖ EKS cluster karmada-parent .*\n +why: its API endpoint is private/),
  ]);
  account.state.machines = machines ?? {};
}

describe('from outside', () => {
  it('are refused before the first change', async () => {
    expect(await refused(newMachine(), up)).toMatchInlineSnapshot(`
      "✖ this machine is not in VPC vpc-00000000000000001 (main) in us-west-2, so it could not reach the private endpoints of karmada-parent, one, two
        why:  no network interface of the VPC is this machine’s, whose addresses are 192.168.1.20
        next: 1. run it on a machine in that VPC, such as an EC2 instance in one of its subnets
              2. or, on a machine in a network that is connected to the VPC, name the range it calls from: --private-access-cidr 192.168.1.20/32
              3. or give the clusters public endpoints: omit --private-endpoints; --public-access-cidr limits them
        code: outside-network"
    `);
  });

  it('are refused to a machine at home that has an address of the VPC, or of a machine in it', async () => {
    const account = inside();
    const { address = '' } = account.state.machines?.[host] ?? {};
    putInto(account, host, { address, mac: '5e:00:00:00:00:02', reaches: [] });
    expect(await refused(account, up)).toContain(
      `addresses are ${address} (${address} is in the VPC’s range, but so is that of many other networks and containers)`,
    );
  });

  it('are refused for a member in another VPC, however near the parent is', async () => {
    const text = await refused(inside(), `${up} --member name=far,mode=pull,region=${otherRegion}`);
    expect(text).toMatch(/^✖ this machine is not in VPC vpc-\w+ \(main\) in eu-west-1, so .* endpoints of far$/m);
  });

  it('cannot be restricted otherwise too', async () => {
    expect(await refused(inside(), `${up} --public-access-cidr 192.0.2.0/24`, 2)).toContain('--public-access-cidr');
    expect(await refused(inside(), `${smallUp} --private-access-cidr 10.9.0.0/16`, 2)).toContain(
      '--private-access-cidr requires --private-endpoints',
    );
    expect(await refused(inside(), `${up} --private-access-cidr 0.0.0.0/0`, 2)).toContain(
      'expected the range of a network, got 0.0.0.0/0',
    );
    expect(await refused(inside(), `${up.replace('--vpc main', '--create-vpc')}`)).toContain('is still to be made');
  });
});

describe('from a network that is connected', () => {
  const named = `${up} --private-access-cidr 10.99.0.0/16`;

  function connected(reaches: readonly string[] | 'all' = 'all'): Account {
    const account = newMachine();
    const vpcs = [region, otherRegion].map((where) => vpcOf(account, where).id);
    putInto(account, host, {
      address: '10.99.0.7',
      mac: '5e:00:00:00:00:02',
      reaches: reaches === 'all' ? vpcs : [...reaches],
    });
    return account;
  }

  it('are refused without a route back', async () => {
    expect(await refused(connected(), named)).toMatchInlineSnapshot(`
      "✖ VPC vpc-00000000000000001 (main) in us-west-2 has no way back to 10.99.0.0/16, so no machine there could reach private endpoints in it
        why:  not all subnets of the clusters have an active route to it by a peering, a transit gateway or a VPN
        next: 1. add that route to the route tables of these subnets, or set the range that is connected: --private-access-cidr
              2. or run it on a machine in that VPC, such as an EC2 instance in one of its subnets
        code: outside-network"
    `);
  });

  it.runIf(triesMore)('are made with one, and admit that range', async () => {
    const account = connected();
    route(account, region, '10.99.0.0/16');
    await succeed(account, named);
    expect(account.region(region).clusters['one']?.privateAccessCidrs).toEqual(['10.0.0.0/16', '10.99.0.0/16']);
    await readyStatus(account);
  });

  it('end the run as soon as the first does not answer, with its group and ranges; the next run continues', async () => {
    const account = connected([]);
    route(account, region, '10.99.0.0/16');
    const ended = await cli(account, named);
    expect(ended.code).toBe(4);
    expect(ended.stderr.slice(ended.stderr.indexOf('✖'))).toMatchInlineSnapshot(`
      "✖ the private endpoint of EKS cluster karmada-parent in us-west-2 does not answer this machine (10.99.0.7)
        why:  0000000000000000000000000000001a.gr7.us-west-2.eks.amazonaws.com, port 443: no answer from 10.0.100.10 within 10 s; its security group sg-0000000000000001e admits 10.0.0.0/16, 10.99.0.0/16
        next: 1. check that this machine’s DNS server tells the private addresses of that name, that its network leads to them, and that the address it calls from is admitted; to admit another: aws ec2 authorize-security-group-ingress --region us-west-2 --group-id sg-0000000000000001e --protocol tcp --port 443 --cidr CIDR
              2. then run the same command again, or run it on a machine in the VPC; it continues with this control plane
              3. or delete everything: karmada-eks down --fleet karmada --region us-west-2, on such a machine, or once this one is let in by its public address: aws eks update-cluster-config --name karmada-parent --region us-west-2 --resources-vpc-config endpointPublicAccess=true,publicAccessCidrs=ADDRESS/32
        code: outside-network
      the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
      "
    `);
    if (!triesMore) return;
    putIntoVpc(account, host, region, vpcOf(account));
    await succeed(account, named);
    await readyStatus(account);
  });
});

describe('a push member in another VPC', () => {
  const far = `up --region ${region} --vpc main --yes --private-endpoints --member name=far,region=${otherRegion}`;

  function both(): Account {
    const account = newMachine();
    const there = vpcOf(account, otherRegion);
    there.cidr = '10.1.0.0/16';
    for (const subnet of account.region(otherRegion).subnets) subnet.cidr = subnet.cidr.replace('10.0.', '10.1.');
    for (const { routes } of account.region(otherRegion).routeTables)
      for (const each of routes) each.destination = each.destination.replace('10.0.0.0', '10.1.0.0');
    putIntoVpc(account, host, region, vpcOf(account), [there.id]);
    route(account, otherRegion, '10.0.0.0/16');
    return account;
  }

  it('is refused where Karmada has no way to it, and is offered to call itself', async () => {
    const account = both();
    expect(await refused(account, `${far} --private-access-cidr 10.0.0.0/16`)).toMatchInlineSnapshot(`
      "✖ Karmada could not reach push member far: the endpoint of far would be private in VPC vpc-0000000000000000d (main) in eu-west-1, and Karmada is in VPC vpc-00000000000000001 (main) in us-west-2
        why:  their subnets do not lead to each other (10.1.0.0/16 and 10.0.0.0/16) by a peering or a transit gateway
        next: 1. join it in pull mode, so that Karmada need not reach it: --member name=far,mode=pull
              2. or connect the VPCs, with routes in both directions, or put the member into the parent’s VPC
        code: vpc-unusable"
    `);
    if (!triesMore) return;
    const pull = `${far.replace('name=far', 'name=far,mode=pull')} --private-access-cidr 10.0.0.0/16`;
    await succeed(account, pull);
    await readyStatus(account);
  });

  it.runIf(triesMore)('is reached with routes in both directions', async () => {
    const account = both();
    route(account, region, '10.1.0.0/16');
    await succeed(account, `${far} --private-access-cidr 10.0.0.0/16`);
    await readyStatus(account);
  });
});

describe('an existing cluster with a private endpoint', () => {
  async function withShop(): Promise<Account> {
    const account = await joinable();
    const shop = account.region(region).clusters['shop'] ?? expect.unreachable('no shop');
    putInto(account, host, { address: '10.1.0.250', mac: '5e:00:00:00:00:02', reaches: [shop.vpcId] });
    Object.assign(shop, { privateOnly: true, privateAccessCidrs: ['10.1.0.0/16'] });
    return account;
  }

  it('is refused as a push member where Karmada has no way to it', async () => {
    expect(await refused(await withShop(), 'join --cluster shop --yes')).toMatchInlineSnapshot(`
      "EKS cluster shop in us-west-2 → member shop (push)
      ✖ Karmada cannot reach EKS cluster shop in us-west-2: its endpoint is private in VPC vpc-00000000000000065, and Karmada is in VPC vpc-00000000000000001 in us-west-2
        why:  their subnets do not lead to each other (10.1.0.0/16 and 10.0.0.0/16) by a peering or a transit gateway
        next: 1. join it in pull mode, so that Karmada need not reach it: --mode pull (up: mode=pull)
              2. or connect the VPCs, with routes in both directions
        code: vpc-unusable"
    `);
  });

  it.runIf(triesMore)(
    'is refused as a push member in a connected VPC if none of its groups admits Karmada, which then joins it',
    async () => {
      const account = await withShop();
      route(account, region, '10.0.0.0/16');
      route(account, region, '10.1.0.0/16');
      const text = await refused(account, 'join --cluster shop --yes');
      expect(text).toContain(
        '✖ Karmada cannot reach EKS cluster shop in us-west-2: no security group of its private endpoint',
      );
      expect(text).toMatch(/authorize-security-group-ingress .* --port 443 --cidr 10\.0\.0\.0\/16$/m);
      account.region(region).clusters['shop']?.privateAccessCidrs?.push('10.0.0.0/16');
      await succeed(account, 'join --cluster shop --yes');
    },
  );

  it('is refused as a push member of a fleet that is still to be made', async () => {
    const account = await withShop();
    const ended = await cli(
      account,
      `up --fleet other --region ${region} --vpc main --yes --member name=shop,cluster=shop,existing=true`,
    );
    expect([ended.code, changes(ended), ended.stderr]).toEqual([
      3,
      [],
      expect.stringContaining('✖ Karmada cannot reach EKS cluster shop'),
    ]);
  });

  it('is refused as a push member in Karmada’s VPC if none of its groups admits that', async () => {
    const account = await withShop();
    const { vpcs, clusters } = account.region(region);
    const shop = clusters['shop'] ?? expect.unreachable('no shop');
    const main = vpcs[0] ?? expect.unreachable('no VPC');
    Object.assign(shop, { vpcId: main.id, privateAccessCidrs: ['10.0.0.250/32'], privateOnly: false });
    putIntoVpc(account, host, region, main);
    expect(await refused(account, 'join --cluster shop --yes')).toMatchInlineSnapshot(`
      "EKS cluster shop in us-west-2 → member shop (push)
      ✖ Karmada cannot reach EKS cluster shop in us-west-2: no security group of its private endpoint admits the nodes of the parent
        why:  from there its name leads to private addresses, and no rule for port 443 from 10.0.0.0/16 is in sg-00000000000000072
        next: 1. join it in pull mode, so that Karmada need not reach it: --mode pull (up: mode=pull)
              2. or have its owner admit the VPC: aws ec2 authorize-security-group-ingress --region us-west-2 --group-id sg-00000000000000072 --protocol tcp --port 443 --cidr 10.0.0.0/16
        code: vpc-unusable"
    `);
    shop.privateAccessCidrs?.push(main.cidr);
    await succeed(account, 'join --cluster shop --yes');
    await readyStatus(account);
  });

  it('joins by pull, and the plan says that', async () => {
    const account = await withShop();
    const { stdout } = await succeed(account, 'join --cluster shop --mode pull --yes');
    expect(stdout).toContain(
      'pull member shop: EKS cluster shop in us-west-2, which exists; its API endpoint is private: only its own network reaches it, and its agent calls Karmada',
    );
    await readyStatus(account);
    account.state.machines = {};
    const status = await cli(account, 'status');
    expect(status.stdout).toMatch(/✔ shop +Ready .*\n.*EKS cluster shop .* does not respond to this machine/);
  });
});
