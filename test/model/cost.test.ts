/** What a fleet costs: by line, from the table of prices, and never guessed. */
import { expect, it } from 'vitest';
import { loadBalancerPrice, nodePrice, pricedRegions } from '../../src/aws/prices.js';
import { costNotes, costSummary, costTable } from '../../src/commands/review/cost-table.js';
import { clustersOf, type Fleet } from '../../src/fleet/fleet.js';
import { resolveFleet } from '../../src/fleet/resolve.js';
import type { FleetRequest } from '../../src/fleet/schema.js';
import { nobody } from '../../src/model/api-access.js';
import { type FleetCost, fleetCost } from '../../src/model/cost.js';
import { clusterKey, type Facts, type Network } from '../../src/model/facts.js';

function fleetOf(request: FleetRequest = {}): Fleet {
  return resolveFleet({ region: 'us-east-1', vpc: 'main', ...request });
}

function factsOf(fleet: Fleet, more: Partial<Facts> = {}, nodesArePrivate = false): Facts {
  const subnet = { freeAddresses: 100, mapPublicIp: true, natGateway: undefined, kind: 'public' } as const;
  const networkIn = (region: string): Network => ({
    vpcId: 'vpc-1',
    vpcName: 'main',
    region,
    cidrs: ['10.0.0.0/16'],
    public: ['a', 'b', 'c'].map((zone) => ({ id: `subnet-${zone}`, zone: `${region}${zone}`, ...subnet })),
    private: [],
    nodesArePrivate,
    natAddresses: [],
    hiddenNats: [],
    allNatAddresses: [],
  });
  return {
    caller: { account: '111122223333', arn: 'arn:aws:iam::111122223333:user/me', partition: 'aws' },
    kubernetesVersion: '1.35',
    volumeKey: undefined,
    kubernetesSupport: 'standard',
    karmadaVersion: '1.18.2',
    access: nobody,
    networks: new Map(clustersOf(fleet).map((each) => [clusterKey(each), networkIn(each.region)])),
    ownership: new Map(),
    warnings: [],
    ...more,
  };
}

const monthly = (fleet: Fleet, facts: Facts): readonly (readonly [number, string, string | undefined])[] =>
  fleetCost(fleet, facts).lines.map(({ count, item, usdPerMonth }) => [count, item, usdPerMonth?.toFixed(2)]);

it('counts a parent and two members with public nodes as docs/cost.md does', () => {
  const fleet = fleetOf();
  const cost = fleetCost(fleet, factsOf(fleet));
  expect(monthly(fleet, factsOf(fleet))).toEqual([
    [3, 'EKS cluster, standard', '219.00'],
    [9, 'node m5.large', '630.72'],
    [9, 'node disk, 80 GiB gp3', '57.60'],
    [9, 'public IPv4 of a node', '32.85'],
    [3, 'etcd volume, 5 GiB gp3', '1.20'],
    [1, 'Network Load Balancer', '16.43'],
    [3, 'IPv4 of load balancer', '10.95'],
  ]);
  expect(cost.usdPerMonth).toBeCloseTo(968.75, 2);
  expect(cost.usdPerHour).toBeCloseTo(1.327, 3);
  expect(cost.unknown).toEqual([]);
});

it('counts no addresses of nodes that have none, and six times as much for extended support', () => {
  const fleet = fleetOf({ members: 0 });
  const lines = monthly(fleet, factsOf(fleet, { kubernetesSupport: 'extended' }, true));
  expect(lines.map(([, item]) => item)).not.toContain('public IPv4 of a node');
  expect(lines[0]).toEqual([1, 'EKS cluster, extended', '438.00']);
});

it('counts no address of an internal load balancer', () => {
  const [fleet, internal] = [fleetOf(), fleetOf({ internal: true })];
  expect(monthly(internal, factsOf(internal)).map(([, item]) => item)).not.toContain('IPv4 of load balancer');
  const saved = fleetCost(fleet, factsOf(fleet)).usdPerMonth - fleetCost(internal, factsOf(internal)).usdPerMonth;
  expect(saved).toBeCloseTo(10.95, 2);
});

it('prices each region by itself', () => {
  const fleet = fleetOf({ members: [{ name: 'eu', region: 'eu-central-1' }] });
  const { lines } = fleetCost(fleet, factsOf(fleet));
  const nodes = lines.filter(({ item }) => item === 'node m5.large');
  expect(nodes.map(({ region, price }) => [region, price?.usd])).toEqual([
    ['us-east-1', 0.096],
    ['eu-central-1', 0.115],
  ]);
});

/** The sentences, and the last row of the table. */
function toldOf(cost: FleetCost): unknown {
  const total = costTable(cost).rows.at(-1);
  return [costSummary(cost), ...costNotes(cost), total?.map((cell) => (typeof cell === 'string' ? cell : cell.text))];
}

it('takes the dearest of several types, and for Spot Instances the price of On-Demand ones', () => {
  const fleet = fleetOf({ members: 1, instanceType: ['t3.large', 'm5.xlarge'], spot: true });
  const cost = fleetCost(fleet, factsOf(fleet));
  expect(monthly(fleet, factsOf(fleet)).filter(([, item]) => item.startsWith('node '))).toEqual([
    [3, 'node t3.large or m5.xlarge, at most', '420.48'],
    [3, 'node t3.large or m5.xlarge, Spot, at most', '420.48'],
    [6, 'node disk, 80 GiB gp3', '38.40'],
  ]);
  expect(costSummary(cost)).toMatch(/^at most /);
  expect(cost.notes).toContainEqual(expect.stringContaining('Spot prices vary'));
  expect(costSummary(fleetCost(fleetOf(), factsOf(fleetOf())))).toMatch(/^about /);
});

it('names what it has no price for, leaves it out of the totals, and says “at least”', () => {
  const fleet = fleetOf({ region: 'il-central-1', members: 0, instanceType: 'g5.xlarge' });
  const cost = fleetCost(fleet, factsOf(fleet));
  expect(cost.unknown).toEqual(['node g5.xlarge in il-central-1', 'Network Load Balancer in il-central-1']);
  // 0.10 for the cluster, 0.005 for each of three nodes and three zones, and 255 GiB of gp3 at 0.1056 per month.
  expect(cost.usdPerHour).toBeCloseTo(0.13 + (255 * 0.1056) / 730, 5);
  expect(toldOf(cost)).toMatchInlineSnapshot(`
    [
      "at least 0.17 USD per hour, 121.83 per month (730 hours); no price known for node g5.xlarge in il-central-1, Network Load Balancer in il-central-1; not included",
      "no price known for node g5.xlarge in il-central-1, Network Load Balancer in il-central-1; not included",
      "traffic is not included: load balancer capacity units (NLCU), NAT gateways, between zones and between regions",
      "existing NAT gateways (0.0504 USD per hour plus traffic each) are not included; none are created",
      "On-Demand list prices as of 2026-10-15, excluding tax and discounts; use -o json for the source of each",
      [
        "total, at least",
        "",
        "",
        "0.1669",
        "121.83",
      ],
    ]
  `);
});

it('says “about” and the day of the prices where all of them are known', () => {
  const fleet = fleetOf({ region: 'us-west-2' });
  const cost = fleetCost(fleet, factsOf(fleet));
  expect(toldOf(cost)).toMatchInlineSnapshot(`
    [
      "about 1.33 USD per hour, 968.75 per month (730 hours)",
      "traffic is not included: load balancer capacity units (NLCU), NAT gateways, between zones and between regions",
      "existing NAT gateways (0.045 USD per hour plus traffic each) are not included; none are created",
      "On-Demand list prices as of 2026-10-15, excluding tax and discounts; use -o json for the source of each",
      [
        "total",
        "",
        "",
        "1.3270",
        "968.75",
      ],
    ]
  `);
});

it('has a price for all of a default fleet in every region, but for load balancers that AWS’s list leaves out', () => {
  for (const region of pricedRegions()) {
    const instanceType = nodePrice(region, 'm5.large') === undefined ? 'm6i.large' : 'm5.large';
    const fleet = fleetOf({ region, instanceType });
    const missing = loadBalancerPrice(region) === undefined ? [`Network Load Balancer in ${region}`] : [];
    expect(fleetCost(fleet, factsOf(fleet)).unknown, region).toEqual(missing);
  }
});

it('gives numbers without the noise of their addition', () => {
  for (const region of pricedRegions()) {
    const fleet = fleetOf({ region, members: 7, instanceType: 'm6i.large' });
    const { lines, usdPerHour, usdPerMonth } = fleetCost(fleet, factsOf(fleet));
    for (const usd of [usdPerHour, usdPerMonth, ...lines.flatMap((line) => [line.usdPerHour, line.usdPerMonth])]) {
      expect(String(usd ?? 0), region).toMatch(/^\d+(\.\d{1,6})?$/);
    }
  }
});

it('knows no price in regions that are not in the table', () => {
  for (const region of ['cn-north-1', 'eusc-de-east-1']) {
    const fleet = fleetOf({ region, members: 0 });
    expect(fleetCost(fleet, factsOf(fleet)).usdPerHour).toBe(0);
  }
});

it('does not count clusters that are paid for already', () => {
  const fleet = fleetOf({ members: 1 });
  const facts = factsOf(fleet, { ownership: new Map(clustersOf(fleet).map((each) => [clusterKey(each), 'existing'])) });
  expect(monthly(fleet, facts).map(([, item]) => item)).toEqual([
    'etcd volume, 5 GiB gp3',
    'Network Load Balancer',
    'IPv4 of load balancer',
  ]);
  expect(fleetCost(fleet, facts).notes).toContainEqual(
    'not included: 2 existing clusters with nodes, already paid for',
  );
});
