/** Whether Karmada, in the parent's nodes, has a way to the endpoint of an existing cluster that is to be a push member. */
import { type SecurityGroupRule, securityGroupRules } from '../../aws/ec2/security-groups.js';
import type { Cluster } from '../../aws/eks.js';
import type { Clients } from '../../clients/clients.js';
import { warning } from '../../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../../errors/problem.js';
import { describeMember, type EksCluster, type EksMember } from '../../fleet/fleet.js';
import { contains } from '../../model/cidr.js';
import { clusterKey, type Network } from '../../model/facts.js';
import type { FoundClusters } from '../../ownership/name-ownership.js';
import { asWhom } from '../../world/place.js';
import { leadsTo } from '../network/connections.js';

/** As EKS has it. */
interface Pushed {
  readonly member: EksMember;
  readonly found: Cluster;
}

interface Known {
  readonly clusters: FoundClusters;
  readonly networks: ReadonlyMap<string, Network>;
}

/**
 * A Problem `vpc-unusable`, or a warning where it is not known; undefined: it has one. In one VPC the name leads to the private endpoint,
 * and security groups decide; in two the public one is called, or routes are needed too (EKS User Guide, cluster endpoint).
 */
export async function karmadasWay(
  clients: Clients,
  parent: EksCluster,
  pushed: Pushed,
  { clusters, networks }: Known,
): Promise<Diagnostic | undefined> {
  const [own, parents] = [networks.get(clusterKey(pushed.member)), networks.get(clusterKey(parent))];
  if (own === undefined || parents === undefined) return undefined;
  const isApart = own.vpcId !== parents.vpcId || own.region !== parents.region;
  if (isApart && pushed.found.resourcesVpcConfig?.endpointPublicAccess !== false) return undefined;
  const unled = isApart ? betweenVpcs(pushed, own, parents) : undefined;
  return unled ?? (await byGroups(clients, pushed, parents, clusters.get(clusterKey(parent))));
}

/** What was a Problem, where it is no reason to stop. */
export function asWarning({ what, why, next }: Diagnostic): Diagnostic {
  return warning({ what: what.replace('Karmada cannot reach', 'Karmada may not reach'), why, next });
}

function betweenVpcs(
  { member, found: { resourcesVpcConfig: config } }: Pushed,
  own: Network,
  parents: Network,
): Problem | undefined {
  const there = own.cidrs.every((range) => leadsTo(parents, range) !== 'no');
  const back = parents.cidrs.every((range) => leadsTo(own, range, config?.subnetIds) !== 'no');
  return there && back ? undefined : unconnected(member, own, parents);
}

async function byGroups(
  { world }: Clients,
  { member, found: { resourcesVpcConfig: config } }: Pushed,
  parents: Network,
  parent: Cluster | undefined,
): Promise<Diagnostic | undefined> {
  const groups = [config?.clusterSecurityGroupId ?? [], config?.securityGroupIds ?? []].flat();
  if (config?.endpointPrivateAccess !== true || groups.length === 0) return undefined;
  const rules = await securityGroupRules(world.aws, member, groups).catch(ifDenied);
  const nodes = parent?.resourcesVpcConfig?.clusterSecurityGroupId;
  // A rule cannot name a group of another region (EC2 User Guide, security group rules).
  const ofRanges = rules?.filter(({ ReferencedGroupInfo }) => ReferencedGroupInfo?.GroupId === undefined);
  const counted = member.region === parents.region ? rules : ofRanges;
  const verdicts = counted?.map((rule) => admitting(rule, parents, nodes)) ?? ['yes'];
  if (verdicts.includes('yes')) return undefined;
  const problem = notAdmitted(member, groups, parents);
  return verdicts.includes('unknown') ? asWarning(problem) : problem;
}

/** Whoever may not see the rules finds out when Karmada calls. */
function ifDenied(thrown: unknown): undefined {
  if (thrown instanceof Problem && thrown.code === 'access-denied') return undefined;
  throw thrown;
}

type Verdict = 'yes' | 'unknown' | 'no';

/** Whether a rule lets nodes of the parent in to port 443; whom a prefix list or a group of others admits is not read. */
function admitting(rule: SecurityGroupRule, { cidrs }: Network, nodes: string | undefined): Verdict {
  const { IsEgress, IpProtocol, FromPort = -1, ToPort = -1, CidrIpv4: range, ReferencedGroupInfo, PrefixListId } = rule;
  const isPort = IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= 443 && ToPort >= 443);
  if (IsEgress === true || !isPort) return 'no';
  const other = ReferencedGroupInfo?.GroupId;
  if (other !== undefined && other === nodes) return 'yes';
  if (range !== undefined && cidrs.some((cidr) => overlap(cidr, range))) return 'yes';
  // By a group that admits itself the nodes of that cluster get in.
  const isOthers = other !== undefined && other !== rule.GroupId;
  return isOthers || PrefixListId !== undefined ? 'unknown' : 'no';
}

/** Not one of its single addresses, which is somebody's. */
function overlap(cidr: string, range: string): boolean {
  return contains(range, cidr) || (contains(cidr, range) && !range.endsWith('/32'));
}

function notAdmitted(member: EksMember, groups: readonly string[], { cidrs }: Network): Problem {
  const [group = ''] = groups.toReversed();
  const admit = `aws ec2 authorize-security-group-ingress --region ${member.region} --group-id ${group} --protocol tcp --port 443 --cidr ${cidrs[0] ?? ''}${asWhom(member)}`;
  return new Problem('vpc-unusable', {
    what: `Karmada cannot reach ${describeMember(member)}: no security group of its private endpoint admits the nodes of the parent`,
    why: `from there its name leads to private addresses, and no rule for port 443 from ${cidrs.join(', ')} is in ${groups.join(', ')}`,
    next: [
      'join it in pull mode, so that Karmada need not reach it: --mode pull (up: mode=pull)',
      `or have its owner admit the VPC: ${admit}`,
    ],
  });
}

function unconnected(member: EksMember, own: Network, parents: Network): Problem {
  return new Problem('vpc-unusable', {
    what: `Karmada cannot reach ${describeMember(member)}: its endpoint is private in VPC ${own.vpcId}, and Karmada is in VPC ${parents.vpcId} in ${parents.region}`,
    why: `their subnets do not lead to each other (${own.cidrs.join(', ')} and ${parents.cidrs.join(', ')}) by a peering or a transit gateway`,
    next: [
      'join it in pull mode, so that Karmada need not reach it: --mode pull (up: mode=pull)',
      'or connect the VPCs, with routes in both directions',
    ],
  });
}
