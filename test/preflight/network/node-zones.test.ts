/** Where the nodes of a parent are: in no more zones than there are nodes, and in those of the volumes that there are. */
import { describe, expect, it } from 'vitest';
import type { ClassifiedSubnet, Network } from '../../../src/model/facts.js';
import { zonesOfNodes } from '../../../src/preflight/network/node-zones.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { addSubnet } from '../../../src/rehearsal/vpcs.js';
import { newMachine, readyStatus, region, succeed } from '../../lifecycle/fleet.js';

const subnet = (zone: string): ClassifiedSubnet => ({
  id: `subnet-${zone}`,
  zone,
  kind: 'private',
  freeAddresses: 250,
  mapPublicIp: false,
  natGateway: undefined,
});

const network: Network = {
  vpcId: 'vpc-1',
  vpcName: 'main',
  region,
  cidrs: ['10.0.0.0/16'],
  public: ['b', 'c', 'd'].map(subnet),
  private: ['d', 'c', 'b', 'a'].map(subnet),
  nodesArePrivate: true,
  natAddresses: [],
  hiddenNats: [],
  allNatAddresses: [],
};

describe('the zones of nodes', () => {
  const fleet = { nodes: 3, internal: false };
  const parent = { role: 'parent' } as const;

  it.each([
    ['a parent’s: those of the load balancer', fleet, parent, [], ['b', 'c', 'd']],
    [
      'behind an internal load balancer, which is in all: the first ones',
      { ...fleet, internal: true },
      parent,
      [],
      ['a', 'b', 'c'],
    ],
    ['two nodes: two zones', { ...fleet, nodes: 2 }, parent, [], ['b', 'c']],
    ['more nodes than zones: all', { ...fleet, nodes: 5 }, parent, [], ['a', 'b', 'c', 'd']],
    ['volumes are there: first their zones', fleet, parent, ['a', 'd', 'gone'], ['a', 'b', 'd']],
    ['a member’s: all', fleet, { role: 'member' } as const, [], ['d', 'c', 'b', 'a']],
  ])('are, %s', (_what, wanted, cluster, bound, zones) => {
    expect(zonesOfNodes(wanted, cluster, network, bound)).toEqual(zones);
  });
});

describe('a VPC with subnets in four zones', () => {
  const up = `up --region ${region} --vpc main --yes --member name=one`;
  it('has the parent’s nodes in three of them, and the member’s where EKS puts them', async () => {
    const account = newMachine();
    addFourthZone(account);
    await succeed(account, up);
    expect(zonesOf(account, 'karmada-parent')).toEqual(['us-west-2a', 'us-west-2b', 'us-west-2c']);
    expect(groupZones(account, 'one')).toEqual(['us-west-2a', 'us-west-2b', 'us-west-2c', 'us-west-2d']);
    const again = await succeed(account, up);
    expect(again.stdout).toContain('nothing to do');
    await readyStatus(account);
  });

  it('keeps them in the zones of etcd’s volumes with --replace-nodes, whatever zone would be first now', async () => {
    const account = newMachine();
    addFourthZone(account);
    const first = account.region(region).subnets.filter(({ zone }) => zone === 'us-west-2a');
    for (const each of first) each.freeAddresses = 0;
    await succeed(account, up);
    const zones = ['us-west-2b', 'us-west-2c', 'us-west-2d'];
    expect(zonesOf(account, 'karmada-parent')).toEqual(zones);
    for (const each of first) each.freeAddresses = 250;
    const group = account.region(region).clusters['karmada-parent']?.nodeGroups['nodes'];
    if (group !== undefined) group.status = 'DEGRADED';
    await succeed(account, `${up} --replace-nodes`);
    expect(zonesOf(account, 'karmada-parent')).toEqual(zones);
    await readyStatus(account);
  });
});

function addFourthZone(account: Account): void {
  const here = account.region(region);
  const vpc = here.vpcs.find(({ tags }) => tags['Name'] === 'main');
  if (vpc === undefined) throw new Error('there is no VPC main');
  here.availabilityZones.push({ name: 'us-west-2d', id: 'usw2-az4', type: 'availability-zone' });
  for (const [third, target] of [
    [3, 'igw-'],
    [103, 'nat-'],
  ] as const) {
    const { id } = addSubnet(account, region, vpc, { zone: 'us-west-2d', third, mapPublicIp: target === 'igw-' });
    const table = here.routeTables.find(
      ({ vpcId, routes }) => vpcId === vpc.id && routes.some((route) => route.target.startsWith(target)),
    );
    table?.subnetIds.push(id);
  }
}

function zonesOf(account: Account, cluster: string): readonly string[] {
  return account
    .region(region)
    .instances.flatMap((each) => (each.cluster === cluster ? [each.zone] : []))
    .toSorted();
}

function groupZones(account: Account, cluster: string): readonly string[] {
  const { clusters, subnets } = account.region(region);
  const ids = clusters[cluster]?.nodeGroups['nodes']?.subnetIds ?? [];
  return ids.flatMap((id) => subnets.find((each) => each.id === id)?.zone ?? []).toSorted();
}
