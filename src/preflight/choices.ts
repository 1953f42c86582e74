/** The choices in a region: its VPCs with a verdict each, its clusters, and instance types with their prices. */

import { nodePrice } from '../aws/prices.js';
import { nameIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import { problemsIn, warningsIn } from '../errors/diagnostic.js';
import { nameTag } from '../fleet/names.js';
import { regionClusters } from '../ownership/region-clusters.js';
import { ownRegion } from '../world/place.js';
import { findNetwork } from './network/network.js';
import type { NetworkSpec } from './network/subnets.js';

/** A VPC of the region, and whether it will do. */
export interface VpcChoice {
  readonly id: string;
  /** Its Name tag; empty when it has none. */
  readonly name: string;
  readonly cidr: string;
  /** What it has, when it will do: zones with public and with private subnets. */
  readonly holds: string;
  /** What is wrong with it, one line each; empty: it will do. */
  readonly problems: readonly string[];
  /** What does not stand in the way but should be known. */
  readonly warnings: readonly string[];
}

/** An existing EKS cluster and its VPC. */
export interface ClusterChoice {
  readonly cluster: string;
  readonly vpc: string;
}

/** All VPCs of a region, those that will do first; judged as `up` judges the one it is given. */
export async function listVpcs(
  clients: Clients,
  spec: Omit<NetworkSpec, 'vpc' | 'holdsNew' | 'account'>,
): Promise<readonly VpcChoice[]> {
  const vpcs = await clients.ec2(ownRegion(spec.region)).vpcs();
  const offers = await Promise.all(
    vpcs.map(async ({ VpcId: id = '', CidrBlock: cidr = '', Tags }): Promise<VpcChoice> => {
      const { found, diagnostics } = await findNetwork(clients, {
        ...spec,
        account: undefined,
        vpc: id,
        holdsNew: true,
      });
      const name = nameIn(Tags);
      const zones = [...new Set([...(found?.public ?? []), ...(found?.private ?? [])].map(({ zone }) => zone))].sort();
      const counts = `${found?.public.length ?? 0} usable public and ${found?.private.length ?? 0} usable private`;
      const holds = `${counts} subnets in ${zones.join(', ')}`;
      return {
        id,
        name,
        cidr,
        holds,
        problems: problemsIn(diagnostics).map(({ what, why }) => why ?? what),
        warnings: warningsIn(diagnostics).map(({ what }) => what),
      };
    }),
  );
  return offers.sort((a, b) => Number(a.problems.length > 0) - Number(b.problems.length > 0));
}

/** In ms: a list of regions is not waited for longer. */
const regionsLimitMs = 5_000;

/** Those of the regions that have no VPC, as far as that is known soon. */
export async function regionsWithoutVpc(
  { ec2, world }: Pick<Clients, 'ec2' | 'world'>,
  regions: readonly string[],
): Promise<ReadonlySet<string>> {
  const empty = new Set<string>();
  const over = new AbortController();
  const all = regions.map(async (region) => {
    const vpcs = await ec2(ownRegion(region))
      .vpcs()
      .catch(() => undefined);
    if (vpcs?.length === 0) empty.add(region);
  });
  const limit = world.clock.sleep(regionsLimitMs, over.signal).catch(() => undefined);
  await Promise.race([Promise.all(all), limit]);
  over.abort();
  return new Set(empty);
}

/** The names of clusters in a region that a fleet of this name cannot have: they are not its own. */
export async function takenClusters(clients: Clients, region: string, fleet: string): Promise<ReadonlySet<string>> {
  const clusters = await regionClusters(clients, ownRegion(region));
  return new Set(clusters.flatMap(({ name, tags }) => (name === undefined || tags?.[nameTag] === fleet ? [] : [name])));
}

/** The EKS clusters of a region that can be used: those that are ACTIVE. */
export async function listClusters(clients: Clients, region: string): Promise<readonly ClusterChoice[]> {
  const clusters = await regionClusters(clients, ownRegion(region));
  return clusters.flatMap(({ name, status, resourcesVpcConfig }) => {
    const vpc = resourcesVpcConfig?.vpcId;
    return name === undefined || vpc === undefined || status !== 'ACTIVE' ? [] : [{ cluster: name, vpc }];
  });
}

/** Types at least as large as the default one and usual in EKS; any other can be typed. */
export const listInstanceTypes: readonly string[] = ['m5.large', 'm6i.large', 'm5.xlarge', 't3.large'];

/** `$0.096 per hour each`, or that the price is not known; On-Demand Linux. */
export function hourlyPrice(region: string, instanceType: string): string {
  const price = nodePrice(region, instanceType);
  return price === undefined ? 'price unknown' : `$${price.usd} per hour each`;
}
