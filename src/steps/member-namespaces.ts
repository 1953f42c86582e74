/** The namespaces that Karmada uses in a member that was there before the fleet: claimed before, cleared after. */
import { clusterKey } from '../discover/facts.js';
import { Problem } from '../errors/problem.js';
import type { Member } from '../fleet/fleet.js';
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import type { StepContext } from '../pipeline/step.js';
import type { KubeRef } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import { accessOf, type Site } from './site.js';

/** For Karmada's account in the member (push), and for the agent (pull). */
const namespaceOfMode: Readonly<Record<Member['mode'], string>> = { push: 'karmada-cluster', pull: karmadaNamespace };

/** Karmada marks its own namespaces so (karmada 1.18.2, pkg/util/constants.go); it takes one that is there as it is. */
const systemLabel = 'karmada.io/system';

type NamespaceRef = KubeRef & { readonly name: string };

/** The namespace to be claimed and cleared; undefined for a cluster of ours, which goes as a whole. */
export function adoptedNamespace(site: Site, member: Member): NamespaceRef | undefined {
  if (site.facts.ownership.get(clusterKey(member)) !== 'existing') return undefined;
  return { kind: 'namespaces', name: namespaceOfMode[member.mode] };
}

/**
 * Makes the namespace with the fleet's mark, so that nothing of another control plane is ever taken for ours.
 * @throws Problem `member-foreign` when it is there without our mark.
 */
export async function claimNamespace(site: Site, member: Member, context: StepContext): Promise<void> {
  const ref = adoptedNamespace(site, member);
  if (ref === undefined) return;
  const { kubectl } = site.clients;
  const access = accessOf(site.paths, member.name);
  const found = await kubectl.get(access, ref, anyObject, context);
  if (found?.metadata.labels?.[fleetTag] === site.fleet.id) return;
  if (found !== undefined) throw foreign(member, ref.name);
  const labels = { [fleetTag]: site.fleet.id, [systemLabel]: 'true' };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ref.name, labels } };
  await kubectl.apply(access, [namespace], context);
}

/** Whether a namespace with the fleet's mark is still in the member. */
export async function isClaimed(site: Site, member: Member, context: StepContext): Promise<boolean> {
  const ref = adoptedNamespace(site, member);
  if (ref === undefined) return false;
  const found = await site.clients.kubectl.get(accessOf(site.paths, member.name), ref, anyObject, context);
  return found?.metadata.labels?.[fleetTag] === site.fleet.id;
}

function foreign(member: Member, namespace: string): Problem {
  return new Problem('member-foreign', {
    what: `cluster ${member.cluster} in ${member.region} already belongs to another Karmada control plane`,
    why: `it has a namespace ${namespace} that this fleet did not make`,
    next: [
      'take it out there first: kubectl karmada unjoin (push) or unregister (pull)',
      `if it belongs nowhere any more, remove the namespace: kubectl delete namespace ${namespace}`,
    ],
  });
}
