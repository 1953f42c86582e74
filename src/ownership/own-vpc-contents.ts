/** What is in the VPC that a fleet made for itself, and whose it is: what is not the fleet's keeps the VPC. */

import { type VpcContents, vpcContents, vpcOfStack } from '../aws/ec2/vpc-contents.js';
import { loadBalancersOf } from '../aws/elb/load-balancers.js';
import { type Tags, tagsIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import type { AwsPlace } from '../world/place.js';
import { ownersIn } from './cluster-tags.js';
import { findOwnVpc, type OwnVpcStack } from './own-vpc.js';

/** Something in the VPC. */
export interface VpcContent {
  /** e.g. `network interface eni-0abc (RDSNetworkInterface)`. */
  readonly what: string;
  /**
   * `fleet`: of one of its clusters, and goes with that or is a leftover itself; `going`: of a load balancer that is deleted already, whose
   * interfaces outlive it by minutes; `others`: keeps the VPC.
   */
  readonly whose: 'fleet' | 'going' | 'others';
}

/** A VPC of the fleet that is there, with what is in it besides what its stack made. */
export interface OwnVpcFound extends OwnVpcStack {
  readonly contents: readonly VpcContent[];
  readonly natGateways: number;
}

/** `clusters`: names of those that the fleet made in the region. Undefined: there is no such stack, or it is not surely the fleet's. */
export async function inspectOwnVpc(
  clients: Clients,
  fleet: { readonly name: string; readonly id: string },
  place: AwsPlace,
  clusters: readonly string[],
): Promise<OwnVpcFound | undefined> {
  const found = await findOwnVpc(clients, fleet, place);
  return found?.verdict.whose === 'ours' ? await inspectStack(clients, found, place, clusters) : undefined;
}

/** As `inspectOwnVpc`, of a stack that is surely the fleet's. */
export async function inspectStack(
  { world: { aws } }: Pick<Clients, 'world'>,
  found: OwnVpcStack,
  place: AwsPlace,
  clusters: readonly string[],
): Promise<OwnVpcFound> {
  const vpcId = found.vpcId ?? (await vpcOfStack(aws, place, found.stack.StackId ?? ''));
  if (vpcId === undefined) return { ...found, contents: [], natGateways: 0 };
  const [contents, balancers] = await Promise.all([vpcContents(aws, place, vpcId), loadBalancersOf(aws, place)]);
  const living = contents.natGateways.filter(({ State }) => State !== 'deleted' && State !== 'deleting');
  const isOwn = (tags: Tags): boolean => ownersIn(tags).some((owner) => clusters.includes(owner));
  const ofStack = (tags: Tags): boolean => tags['aws:cloudformation:stack-id'] === found.stack.StackId;
  const own = { isOwn, ofStack, clusters, balancers: new Map(balancers.map(({ name, tags }) => [name, isOwn(tags)])) };
  return { ...found, vpcId, contents: contentsOf(contents, own), natGateways: living.length };
}

interface Marks {
  readonly isOwn: (tags: Tags) => boolean;
  readonly ofStack: (tags: Tags) => boolean;
  readonly clusters: readonly string[];
  /** The load balancers of the region by name, and whether each is of a cluster of the fleet. */
  readonly balancers: ReadonlyMap<string, boolean>;
}

/** The default group, the main route table and the default network ACL go with the VPC; what needs an interface is told by that. */
function contentsOf(all: VpcContents, marks: Marks): readonly VpcContent[] {
  const { isOwn, ofStack } = marks;
  const others = (kind: string, id: string | undefined): VpcContent => ({
    what: `${kind} ${id ?? ''}`,
    whose: 'others',
  });
  const groups = all.groups.filter(({ GroupName }) => GroupName !== 'default');
  return [
    ...interfaces(all, marks),
    ...groups.map(({ GroupId, GroupName, Tags }): VpcContent => {
      const what = `security group ${GroupId} (${GroupName})`;
      return { what, whose: isOwn(tagsIn(Tags)) ? 'fleet' : 'others' };
    }),
    ...all.subnets.flatMap(({ SubnetId, Tags }) => (ofStack(tagsIn(Tags)) ? [] : [others('subnet', SubnetId)])),
    ...all.peerings.map((each) => others('VPC peering connection', each.VpcPeeringConnectionId)),
    ...all.endpoints
      .filter(({ NetworkInterfaceIds: ids = [] }) => ids.length === 0)
      .map(({ VpcEndpointId }) => others('VPC endpoint', VpcEndpointId)),
    ...all.vpnGateways.map(({ VpnGatewayId }) => others('VPN gateway', VpnGatewayId)),
    ...all.routeTables
      .filter(
        ({ Associations = [], Tags }) => !Associations.some(({ Main }) => Main === true) && !ofStack(tagsIn(Tags)),
      )
      .map(({ RouteTableId }) => others('route table', RouteTableId)),
    ...all.networkAcls.map(({ NetworkAclId }) => others('network ACL', NetworkAclId)),
    ...all.egressOnlyGateways.map((each) => others('egress-only internet gateway', each.EgressOnlyInternetGatewayId)),
    ...all.carrierGateways.map(({ CarrierGatewayId }) => others('carrier gateway', CarrierGatewayId)),
  ];
}

/**
 * Of a cluster are those of its control plane (EKS User Guide, network requirements: their description), of its nodes, and what the VPC CNI
 * made and tagged. A group alone tells nothing: whoever talks to a cluster may be in its group.
 */
function interfaces(all: VpcContents, marks: Marks): readonly VpcContent[] {
  const { isOwn, ofStack, clusters } = marks;
  const nodes = all.instances.flatMap(({ InstanceId, Tags }) => (isOwn(tagsIn(Tags)) ? [InstanceId] : []));
  const ownNats = all.natGateways.flatMap(({ NatGatewayId, Tags }) => (ofStack(tagsIn(Tags)) ? [NatGatewayId] : []));
  return all.interfaces.flatMap((each): readonly VpcContent[] => {
    const { NetworkInterfaceId, Description = '', TagSet, Attachment } = each;
    const nat = /^Interface for NAT Gateway (\S+)/.exec(Description)?.[1];
    if (nat !== undefined && ownNats.includes(nat)) return [];
    const isClusters =
      isOwn(tagsIn(TagSet)) ||
      (Attachment?.InstanceId !== undefined && nodes.includes(Attachment.InstanceId)) ||
      clusters.some((cluster) => Description === `Amazon EKS ${cluster}`) ||
      isOfClassicBalancer(all, marks, each);
    const what = `network interface ${NetworkInterfaceId}${Description === '' ? '' : ` (${Description})`}`;
    return [{ what, whose: isClusters ? 'fleet' : ofBalancer(Description, marks) }];
  });
}

/** The cloud controller makes one group for each classic load balancer, `k8s-elb-…`, and nothing else is in it (cloud-provider-aws, aws.go). */
function isOfClassicBalancer(
  { groups }: VpcContents,
  { isOwn }: Marks,
  each: VpcContents['interfaces'][number],
): boolean {
  const { Description = '', Groups = [] } = each;
  if (!/^ELB [^/]+$/.test(Description)) return false;
  const owned = groups.filter(({ GroupName = '', Tags }) => GroupName.startsWith('k8s-elb-') && isOwn(tagsIn(Tags)));
  return Groups.some(({ GroupId }) => owned.some((group) => group.GroupId === GroupId));
}

/** e.g. `ELB net/name/0a1b`: those of classic load balancers are `ELB name`. */
function ofBalancer(description: string, { balancers }: Marks): VpcContent['whose'] {
  const name = /^ELB (?:net|app|gwy)\/([^/]+)\//.exec(description)?.[1];
  if (name === undefined) return 'others';
  const isFleets = balancers.get(name);
  if (isFleets === undefined) return 'going';
  return isFleets ? 'fleet' : 'others';
}

/** Why the VPC is kept, for people: things of others in it, or that its stack is protected; undefined: nothing keeps it. */
export function heldBy({ contents, stack }: Pick<OwnVpcFound, 'contents' | 'stack'>): string | undefined {
  const others = contents.filter(({ whose }) => whose === 'others').map(({ what }) => what);
  const reasons = others.length === 0 ? [] : [`it holds what the fleet did not make: ${others.join(', ')}`];
  // The fleet never sets it: whoever did wants the VPC to stay.
  if (stack.EnableTerminationProtection === true) reasons.push(protectedWords(stack.StackName ?? ''));
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function protectedWords(stack: string): string {
  return `termination protection of stack ${stack} is on (aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack} lifts it)`;
}
