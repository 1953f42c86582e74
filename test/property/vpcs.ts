/** Generated VPCs: a layout as plain data, put into a rehearsed account, with what it is good for in its own words. */
import fc from 'fast-check';
import type { Account } from '../../src/rehearsal/account.js';
import type { SubnetState, VpcState } from '../../src/rehearsal/state.js';
import { addBareVpc, addLocalZone, addNat, addRouteTable, addSubnet } from '../../src/rehearsal/vpcs.js';

/** It has a zone that EKS denies, use1-az3. */
export const region = 'us-east-1';
const zoneIds = ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6', 'use1-az3'] as const;

/** Where the default route of a subnet leads; `main` is what the main route table says. */
const ways = ['igw', 'nat', 'tgw', 'pcx', 'eni', 'none'] as const;
type Way = (typeof ways)[number];

interface SubnetLayout {
  /** Counts from 0; beyond the region's zones it lies in a local zone. */
  readonly zone: number;
  readonly way: Way | 'main';
  /** The target of its default route has gone. */
  readonly blackhole: boolean;
  /** A NAT gateway of its own in so many-th subnet, that works or not; else it shares that of the VPC. */
  readonly ownNat: { readonly works: boolean; readonly host: number } | undefined;
  readonly freeAddresses: number;
  readonly mapPublicIp: boolean;
  readonly oddity: 'outpost' | 'ipv6' | 'block-ingress' | 'block-bidirectional' | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A VPC as plain data. */
export interface Layout {
  readonly zones: number;
  /** Addresses of the VPC, as the length of its prefix. */
  readonly prefix: number;
  readonly subnets: readonly SubnetLayout[];
  readonly main: Way;
  readonly sharedNatWorks: boolean;
  readonly dns: boolean;
}

const rarely = <T>(value: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const tags = fc.dictionary(
  fc.constantFrom('Name', 'kubernetes.io/role/elb', 'kubernetes.io/cluster/other', 'team', 'aws:odd', '__proto__x'),
  fc.oneof(fc.constantFrom('1', 'shared', ''), fc.string({ unit: 'binary', maxLength: 20 })),
  { maxKeys: 3 },
);

const subnetOf = (zones: number): fc.Arbitrary<SubnetLayout> =>
  fc.record({
    zone: fc.oneof({ weight: 20, arbitrary: fc.nat(zones - 1) }, { weight: 1, arbitrary: fc.constant(zones) }),
    way: fc.constantFrom('igw', 'igw', 'igw', 'nat', 'nat', 'nat', ...ways, 'main'),
    blackhole: rarely(fc.constant(true)).map((gone) => gone ?? false),
    ownNat: rarely(fc.record({ works: fc.boolean(), host: fc.nat(20) }), 2),
    freeAddresses: fc.constantFrom(250, 251, 4091, 65_000, 250, 6, 5, 0, 40),
    mapPublicIp: rarely(fc.constant(false), 6).map((off) => off ?? true),
    oddity: rarely(fc.constantFrom('outpost', 'ipv6', 'block-ingress', 'block-bidirectional')),
    tags,
  });

/** One to six zones, none to sixteen subnets, of every kind that EC2 knows. */
export const layouts: fc.Arbitrary<Layout> = fc.integer({ min: 1, max: 6 }).chain((zones) =>
  fc.record({
    zones: fc.constant(zones),
    prefix: fc.constantFrom(16, 20, 24, 28),
    subnets: fc.array(subnetOf(zones), { maxLength: 16, size: 'max' }),
    main: fc.constantFrom(...ways),
    sharedNatWorks: rarely(fc.constant(false)).map((off) => off ?? true),
    dns: rarely(fc.constant(false)).map((off) => off ?? true),
  }),
);

/** A VPC that was made, and by kind the ids of the subnets that a cluster could use. */
export interface Built {
  readonly vpc: VpcState;
  readonly subnets: readonly SubnetState[];
  readonly usable: Readonly<Record<'public' | 'private', readonly SubnetState[]>>;
}

/** Puts the region's zones and the VPC, named `name`, into the account. */
export function build(account: Account, layout: Layout, name = 'main'): Built {
  const simulated = account.region(region);
  const letters = 'abcdef'.slice(0, layout.zones).split('');
  simulated.availabilityZones = letters.map((letter, index) => {
    return { name: `${region}${letter}`, id: zoneIds[index] ?? letter, type: 'availability-zone' };
  });
  const localZone = `${region}-bos-1a`;
  addLocalZone(account, region, localZone);
  const vpc = addBareVpc(account, region, name, simulated.vpcs.length);
  vpc.cidr = vpc.cidr.replace('/16', `/${layout.prefix}`);
  vpc.dnsHostnames = layout.dns;
  const subnets = layout.subnets.map((each, index) => {
    const zone = simulated.availabilityZones[each.zone];
    const made = addSubnet(account, region, vpc, { zone: zone?.name ?? localZone, third: index, ...oddityOf(each) });
    return Object.assign(made, {
      cidr: `10.0.${index}.0/${Math.max(layout.prefix, 24)}`,
      freeAddresses: each.freeAddresses,
      mapPublicIp: each.mapPublicIp,
      tags: { ...each.tags },
    });
  });
  const kinds = new Routes(account, vpc, layout, subnets).lay();
  const usable = (kind: Kind) =>
    subnets.filter((subnet, index) => kinds[index] === kind && isUsable(layout.subnets[index], subnet));
  return { vpc, subnets, usable: { public: usable('public'), private: usable('private') } };
}

type Kind = 'public' | 'private' | 'isolated';

function oddityOf({ oddity }: SubnetLayout) {
  if (oddity === 'outpost') return { outpostArn: `arn:aws:outposts:${region}:111122223333:outpost/op-1` };
  if (oddity === 'ipv6') return { ipv6Native: true };
  return oddity === undefined ? {} : { blockPublicAccess: oddity };
}

/** Whether EKS takes a subnet, whatever its routes are. */
function isUsable(layout: SubnetLayout | undefined, { zoneId, freeAddresses }: SubnetState): boolean {
  const isOdd = layout?.oddity === 'outpost' || layout?.oddity === 'ipv6';
  return !isOdd && zoneId !== 'use1-az3' && !zoneId.includes('bos') && freeAddresses >= 6;
}

/** Lays the route tables of a VPC and says what they make of each subnet. */
class Routes {
  readonly #account: Account;
  readonly #vpc: VpcState;
  readonly #layout: Layout;
  readonly #subnets: readonly SubnetState[];
  readonly #igw: string;
  #shared: string | undefined;

  constructor(account: Account, vpc: VpcState, layout: Layout, subnets: readonly SubnetState[]) {
    this.#account = account;
    this.#vpc = vpc;
    this.#layout = layout;
    this.#subnets = subnets;
    this.#igw = account.id('igw');
  }

  lay(): readonly Kind[] {
    const { main } = this.#layout;
    addRouteTable(this.#account, region, this.#vpc.id, { main: true, ...this.#to(this.#targetOf(main, undefined)) });
    return this.#layout.subnets.map((each, index) => {
      const subnet = this.#subnets[index];
      if (subnet === undefined) return 'isolated';
      if (each.way === 'main') return this.#kindOf(main, undefined, subnet, true);
      const target = this.#targetOf(each.way, each.ownNat);
      const request = { subnetIds: [subnet.id], blackhole: each.blackhole, ...this.#to(target) };
      addRouteTable(this.#account, region, this.#vpc.id, request);
      return this.#kindOf(each.way, each.ownNat, subnet, !each.blackhole);
    });
  }

  #to(target: string | undefined): { readonly defaultTarget?: string } {
    return target === undefined ? {} : { defaultTarget: target };
  }

  #targetOf(way: Way, own: SubnetLayout['ownNat']): string | undefined {
    if (way === 'none') return undefined;
    if (way === 'igw') return this.#igw;
    if (way !== 'nat') return this.#account.id(way);
    if (own !== undefined) return this.#nat(own.host, own.works);
    this.#shared ??= this.#nat(0, this.#layout.sharedNatWorks);
    return this.#shared;
  }

  #nat(host: number, works: boolean): string {
    const subnet = this.#hostOf(host);
    if (subnet === undefined) return this.#account.id('nat');
    const id = addNat(this.#account, region, subnet);
    if (!works) for (const nat of this.#account.region(region).natGateways) if (nat.id === id) nat.state = 'failed';
    return id;
  }

  #hostOf(host: number): SubnetState | undefined {
    return this.#subnets[host % Math.max(1, this.#subnets.length)];
  }

  #kindOf(way: Way, own: SubnetLayout['ownNat'], subnet: SubnetState, leads: boolean): Kind {
    if (!leads || way === 'none') return 'isolated';
    if (way === 'igw') return (subnet.blockPublicAccess ?? 'off') === 'off' ? 'public' : 'isolated';
    if (way !== 'nat') return 'private';
    const works = own === undefined ? this.#layout.sharedNatWorks : own.works;
    const host = this.#hostOf(own?.host ?? 0);
    return works && host?.blockPublicAccess !== 'block-bidirectional' ? 'private' : 'isolated';
  }
}

/** The same account with every list of its region in another order, as another call of EC2 may answer them. */
export function reordered(account: Account, order: readonly number[]): void {
  const { vpcs, subnets, routeTables, natGateways, availabilityZones } = account.region(region);
  for (const list of [vpcs, subnets, routeTables, natGateways, availabilityZones] as unknown[][]) {
    const keyed = list.map((item, index) => ({ item, key: order[index % order.length] ?? 0 }));
    list.splice(0, list.length, ...keyed.sort((a, b) => a.key - b.key).map(({ item }) => item));
  }
}
