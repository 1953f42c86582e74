/**
 * The location of a member, for Karmada's scheduler: from AWS for an EKS cluster, from the labels of its nodes
 * elsewhere.
 */

import type { CallContext } from '../../engine/step.js';
import type { Member } from '../../fleet/fleet.js';
import { networkOf } from '../../model/facts.js';
import { nodeSubnets } from '../../preflight/network/network.js';
import type { MemberPlace } from '../../tools/karmada/commands.js';
import { node } from '../../tools/kubectl/objects.js';
import { accessOf, type CreateContext } from '../context.js';

/** The labels that every cloud provider puts on nodes (Kubernetes, well-known labels). */
const regionLabel = 'topology.kubernetes.io/region';
const zoneLabel = 'topology.kubernetes.io/zone';

/** What is known before the cluster is read. */
export function expectedPlace(context: CreateContext, member: Member): MemberPlace {
  const { name } = member;
  if (member.kind === 'context') return { name, zones: [] };
  const zones = nodeSubnets(networkOf(context.facts, member)).map(({ zone }) => zone);
  return { name, provider: 'aws', region: member.region, zones };
}

/**
 * What is so. Nodes without labels leave it open. The zones of an EKS cluster that was there before are those of its nodes
 * too: they may be fewer than those of its VPC.
 */
export async function placeOf(context: CreateContext, member: Member, call: CallContext): Promise<MemberPlace> {
  if (member.kind === 'eks' && !member.existing) return expectedPlace(context, member);
  const access = accessOf(context.paths, member.name);
  const nodes = await context.clients.kubectl.list(access, { kind: 'nodes' }, node, call);
  const labels = (label: string): readonly string[] => [
    ...new Set(nodes.flatMap(({ metadata }) => metadata.labels?.[label] ?? [])),
  ];
  // `<provider>://…`, as each cloud controller manager writes it (Kubernetes, Node.spec.providerID).
  const provider = nodes.flatMap(({ spec }) => /^([a-z0-9-]+):\/\//.exec(spec?.providerID ?? '')?.[1] ?? [])[0];
  const region = labels(regionLabel)[0];
  const zones = labels(zoneLabel).toSorted();
  if (member.kind === 'eks') return { ...expectedPlace(context, member), ...(zones.length > 0 ? { zones } : {}) };
  return {
    name: member.name,
    ...(provider === undefined ? {} : { provider }),
    ...(region === undefined ? {} : { region }),
    zones,
  };
}
