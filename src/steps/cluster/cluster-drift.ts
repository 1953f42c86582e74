/** How a cluster that this fleet created differs from what is requested now, in what `up` never changes in an existing one. */

import type { Cluster } from '../../aws/eks.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { controlPlaneLogTypes } from '../../fleet/settings/control-plane-logs.js';
import { lackingTags } from '../../fleet/settings/tags.js';
import { contains } from '../../model/cidr.js';
import { publicAccessTo } from '../../preflight/public-access.js';
import type { CreateContext } from '../context.js';

/** One line each; nothing for what was never requested. */
export function clusterDrift(context: CreateContext, cluster: FleetMemberCluster, found: Cluster): readonly string[] {
  return [
    ...versionDrift(context, found),
    ...endpointDrift(context, cluster, found),
    ...logDrift(context, found),
    ...tagDrift(context, found),
  ].map((line) => `${line}; this is not changed in an existing cluster`);
}

function versionDrift({ facts }: CreateContext, { version }: Cluster): readonly string[] {
  const wanted = facts.kubernetesVersion;
  if (version === undefined || wanted === '' || version === wanted) return [];
  return [`Kubernetes ${version}, new clusters get ${wanted}`];
}

/** EKS writes a range in another way than it was given, so what counts is whom the ranges admit. */
function endpointDrift(
  { fleet, facts }: CreateContext,
  cluster: FleetMemberCluster,
  { resourcesVpcConfig: vpc }: Cluster,
): readonly string[] {
  if (fleet.privateEndpoints && vpc?.endpointPublicAccess === true)
    return ['public endpoint, private only requested (apply by hand: eksctl utils update-cluster-vpc-config)'];
  if (!fleet.privateEndpoints && vpc?.endpointPublicAccess === false)
    return ['private endpoint only, a public one requested'];
  const wanted = publicAccessTo(fleet, cluster, facts.networks);
  const has = vpc?.publicAccessCidrs ?? [];
  if (wanted.length === 0 || vpc?.endpointPublicAccess !== true || (covers(has, wanted) && covers(wanted, has)))
    return [];
  return [`public endpoint open to ${has.join(', ')}, requested ${wanted.join(', ')}`];
}

function covers(wide: readonly string[], narrow: readonly string[]): boolean {
  return narrow.every((each) => wide.some((range) => contains(range, each)));
}

/** What is sent besides costs somebody money on purpose. */
function logDrift({ fleet: { controlPlaneLogs } }: CreateContext, { logging }: Cluster): readonly string[] {
  const wanted = controlPlaneLogs.includes('all') ? controlPlaneLogTypes : controlPlaneLogs;
  const has = (logging?.clusterLogging ?? []).flatMap(({ enabled, types }) => (enabled ? (types ?? []) : []));
  if (wanted.every((type) => has.some((each) => each === type))) return [];
  return [`control-plane logs ${has.join(', ') || 'none'}, ${controlPlaneLogs.join(', ')} requested`];
}

/** Others that it has may be anybody's. */
function tagDrift({ fleet }: CreateContext, { tags = {} }: Cluster): readonly string[] {
  const lacking = lackingTags(fleet.tags, tags);
  return lacking.length === 0 ? [] : [`without tags ${lacking.join(', ')}`];
}
