/** Addresses are counted before the first change: what is refused would have failed, and what is not comes up. */
import { describe, expect, it } from 'vitest';
import type { InstanceCapacity } from '../../../src/aws/ec2/capacity.js';
import type { FleetMemberCluster } from '../../../src/fleet/fleet.js';
import { type ClassifiedSubnet, clusterKey, type Network } from '../../../src/model/facts.js';
import { judgeAddresses } from '../../../src/preflight/network/addresses.js';
import { type Account, newAccount } from '../../../src/rehearsal/account.js';
import { addVpc } from '../../../src/rehearsal/vpcs.js';
import { said } from '../../cli/output.js';
import { cli, isChange } from '../../lifecycle/cli.js';
import { region, smallUp, succeed } from '../../lifecycle/fleet.js';

const m5Large: InstanceCapacity = { vcpus: 2, interfaces: 3, addresses: 10 };
const fleet = { nodes: 3, instanceTypes: ['m5.large'], internal: false } as unknown as Parameters<
  typeof judgeAddresses
>[0]['fleet'];

const cluster = (name: string, role: 'parent' | 'member'): FleetMemberCluster => {
  return { cluster: name, region, account: undefined, vpc: 'main', scope: role === 'parent' ? 'parent' : name, role };
};

/** Three zones; `free` of each public and each private subnet. */
function network(free: { readonly public: number; readonly private: number }): Network {
  const subnet = (kind: 'public' | 'private') => (zone: string) =>
    ({
      id: `subnet-${kind}-${zone}`,
      zone,
      kind,
      freeAddresses: free[kind],
      natGateway: undefined,
      mapPublicIp: false,
    }) satisfies ClassifiedSubnet;
  return {
    vpcId: 'vpc-1',
    vpcName: 'main',
    region,
    cidrs: [],
    public: ['a', 'b', 'c'].map(subnet('public')),
    private: ['a', 'b', 'c'].map(subnet('private')),
    nodesArePrivate: true,
    natAddresses: [],
    hiddenNats: [],
    allNatAddresses: [],
  };
}

const judged = (free: Parameters<typeof network>[0], ...missing: FleetMemberCluster[]): readonly string[] => {
  const networks = new Map(missing.map((each) => [clusterKey(each), network(free)]));
  return judgeAddresses({ fleet, missing, networks, capacity: m5Large }).map(({ severity }) => severity);
};

describe('counted are', () => {
  const parent = cluster('p', 'parent');
  const [one, two] = [cluster('one', 'member'), cluster('two', 'member')];
  const plenty = { public: 250, private: 250 };

  it('the load balancer, for which each of its subnets has 8 when the control plane has its interface', () => {
    expect(judged({ ...plenty, public: 8 }, parent)).toEqual(['error', 'error', 'error']);
    expect(judged({ ...plenty, public: 9 }, parent)).toEqual(['ok']);
  });

  it('6 of EKS, when the other control planes have theirs', () => {
    expect(judged({ ...plenty, public: 5 }, one)).toEqual(['error', 'error', 'error']);
    expect(judged({ ...plenty, public: 6 }, one)).toEqual(['ok']);
    expect(judged({ ...plenty, public: 6 }, one, two)).toEqual(['error', 'error', 'error']);
    expect(judged({ ...plenty, public: 7 }, one, two)).toEqual(['ok']);
  });

  it('nodes with their pods; with what the CNI keeps ready only where others need it', () => {
    // One of the control plane, 1 node, 9 of its pods.
    expect(judged({ ...plenty, private: 10 }, parent)).toEqual(['error', 'error', 'error']);
    expect(judged({ ...plenty, private: 11 }, parent)).toEqual(['warning', 'warning', 'warning']);
    expect(judged({ ...plenty, private: 21 }, parent)).toEqual(['ok']);
    // Three of control planes, two nodes with two interfaces, and the third with its pods.
    expect(judged({ ...plenty, private: 45 }, parent, one, two)).toEqual(['error', 'error', 'error']);
    expect(judged({ ...plenty, private: 46 }, parent, one, two)).toEqual(['warning', 'warning', 'warning']);
    expect(judged({ ...plenty, private: 63 }, parent, one, two)).toEqual(['ok']);
  });

  it('nothing of clusters that are there', () => {
    expect(judged({ public: 0, private: 0 })).toEqual([]);
  });
});

function made(free: { readonly public: number; readonly private: readonly number[] }): Account {
  const account = newAccount();
  const { publicSubnets, privateSubnets } = addVpc(account, { region, name: 'main' });
  for (const subnet of publicSubnets) subnet.freeAddresses = free.public;
  for (const [index, subnet] of privateSubnets.entries()) subnet.freeAddresses = free.private[index] ?? 250;
  return account;
}

it('refuses with each subnet, what takes its addresses, and the zones that have room', async () => {
  const account = made({ public: 20, private: [30] });
  const ended = await cli(account, smallUp, { alone: true });
  expect(ended.calls.filter(({ key }) => isChange(key))).toEqual([]);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ subnet-00000000000000006 in us-west-2a has 30 free addresses, expected at least 46
      why:  3 control planes (karmada-parent, one, two), each of which wants 6 free and takes 1; 3 nodes take up to 20 each with pods, 10 with each interface of m5.large
      next: 1. free addresses in it, or add a larger subnet in its zone with the same route table
            2. or leave its zone out: --zones us-west-2b,us-west-2c
            3. or create fewer nodes or members, or use another VPC
      code: vpc-unusable
    exit 3"
  `);
  const zones = `${region}b,${region}c`;
  await succeed(account, `${smallUp} --zones ${zones}`, { alone: true });
});

it('leaves a fleet alone that has filled its subnets', async () => {
  const account = made({ public: 11, private: [63, 63, 63] });
  await succeed(account, smallUp, { alone: true });
  const again = await succeed(account, smallUp, { alone: true });
  expect(again.stdout).toContain('is up to date: nothing to do');
});
