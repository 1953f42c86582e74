/** Odd VPCs, one function each: puts a VPC `main` into an account. */
import type { Account } from '../../src/rehearsal/account.js';
import { addBareVpc, addLocalZone, addRouteTable, addSubnet, addVpc, type MadeVpc } from '../../src/rehearsal/vpcs.js';
import { region } from '../lifecycle/fleet.js';

export type Layout = (account: Account) => void;

const main = { region, name: 'main' } as const;

const full = (change: (made: MadeVpc, account: Account) => void): Layout => {
  return (account) => change(addVpc(account, main), account);
};

const defaultRoute = ({ privateTable }: MadeVpc) => {
  return privateTable.routes.filter(({ destination }) => destination === '0.0.0.0/0');
};

export const layouts = {
  full: full(() => undefined),
  noNat: (account) => void addVpc(account, { ...main, variant: 'no-nat' }),
  noAutoAssign: (account) => void addVpc(account, { ...main, variant: 'no-auto-assign' }),
  noNatNoAutoAssign: (account) => {
    for (const subnet of addVpc(account, { ...main, variant: 'no-nat' }).publicSubnets) subnet.mapPublicIp = false;
  },
  twoZones: (account) => void addVpc(account, { ...main, variant: 'two-azs' }),
  oneZone: (account) => void addVpc(account, { ...main, variant: 'one-az' }),
  twoOfOneName: (account) => {
    addVpc(account, main);
    addVpc(account, main);
  },
  blackhole: full((made) => {
    for (const route of defaultRoute(made)) route.state = 'blackhole';
  }),
  failedNat: full((_, account) => {
    for (const nat of account.region(region).natGateways) nat.state = 'failed';
  }),
  isolatedOnly: (account) => {
    const vpc = addBareVpc(account, region, 'main');
    addRouteTable(account, region, vpc.id, { main: true });
    for (const [third, zone] of ['a', 'b', 'c'].entries())
      addSubnet(account, region, vpc, { zone: `${region}${zone}`, third });
  },
  blockedAccess: full(({ publicSubnets, privateSubnets }) => {
    for (const subnet of [...publicSubnets, ...privateSubnets]) subnet.blockPublicAccess = 'block-bidirectional';
  }),
  blockedIngress: full(({ publicSubnets }) => {
    for (const subnet of publicSubnets) subnet.blockPublicAccess = 'block-ingress';
  }),
  elsewhereOnly: (account) => {
    const vpc = addBareVpc(account, region, 'main');
    const zone = `${region}-lax-1a`;
    addLocalZone(account, region, zone);
    addRouteTable(account, region, vpc.id, { main: true, defaultTarget: account.id('igw') });
    addSubnet(account, region, vpc, { zone, third: 1, mapPublicIp: true });
    const outpostArn = `arn:aws:outposts:${region}:111122223333:outpost/op-1`;
    addSubnet(account, region, vpc, { zone: `${region}a`, third: 2, outpostArn });
  },
  foreignTags: full(({ publicSubnets }) => {
    for (const subnet of publicSubnets) subnet.tags['kubernetes.io/cluster/other'] = 'shared';
  }),
  fewAddresses: full(({ privateSubnets: [first] }) => {
    if (first !== undefined) first.freeAddresses = 20;
  }),
  tightAddresses: full(({ privateSubnets: [first] }) => {
    if (first !== undefined) first.freeAddresses = 50;
  }),
  dnsOff: full(({ vpc }) => {
    vpc.dnsHostnames = false;
  }),
} as const satisfies Record<string, Layout>;
