/** Looks, by the fleet's tag alone, for whatever of it is still in AWS: also what no step knows of. */
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Clients } from './clients.js';
import { regionClusters } from './region-clusters.js';

/** Something that is still there. */
export interface Leftover {
  readonly kind: 'EKS cluster' | 'CloudFormation stack' | 'load balancer' | 'volume';
  readonly name: string;
  readonly region: string;
  readonly detail: string;
}

/** Everything in the fleet's regions that carries its tag. */
export async function findLeftovers(clients: Clients, fleet: Fleet): Promise<readonly Leftover[]> {
  const regions = [...new Set(clustersOf(fleet).map(({ region }) => region))];
  const found = await Promise.all(
    regions.flatMap((region) => [
      clustersIn(clients, fleet, region),
      stacksIn(clients, fleet, region),
      loadBalancersIn(clients, fleet, region),
      volumesIn(clients, fleet, region),
    ]),
  );
  return found.flat();
}

async function clustersIn(clients: Clients, fleet: Fleet, region: string): Promise<readonly Leftover[]> {
  const clusters = await regionClusters(clients, region);
  return clusters
    .filter(({ tags }) => tags?.[fleetTag] === fleet.id)
    .map(({ name = '', status = '' }) => ({ kind: 'EKS cluster', name, region, detail: status }));
}

async function stacksIn(clients: Clients, fleet: Fleet, region: string): Promise<readonly Leftover[]> {
  const stacks = await clients.cloudformation(region).stacks();
  return stacks
    .filter(({ Tags }) => Tags?.some(({ Key, Value }) => Key === fleetTag && Value === fleet.id))
    .map(({ StackName = '', StackStatus = '' }) => ({
      kind: 'CloudFormation stack',
      name: StackName,
      region,
      detail: StackStatus,
    }));
}

async function loadBalancersIn(clients: Clients, fleet: Fleet, region: string): Promise<readonly Leftover[]> {
  const balancers = await clients.loadBalancers(region);
  return balancers
    .filter(({ tags }) => tags[fleetTag] === fleet.id)
    .map(({ name, vpcId }) => ({ kind: 'load balancer', name, region, detail: `in ${vpcId}` }));
}

async function volumesIn(clients: Clients, fleet: Fleet, region: string): Promise<readonly Leftover[]> {
  const volumes = await clients.ec2(region).volumesTagged(fleetTag, fleet.id);
  return volumes.map(({ VolumeId = '', Size, State }) => ({
    kind: 'volume',
    name: VolumeId,
    region,
    detail: `${Size ?? '?'} GiB, ${State ?? ''}`,
  }));
}
