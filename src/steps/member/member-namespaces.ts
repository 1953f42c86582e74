/**
 * The namespaces that Karmada uses in a member: claimed with the fleet's mark before it joins, cleaned up after it
 * leaves.
 */

import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { describeMember, type Member } from '../../fleet/fleet.js';
import { fleetTag, karmadaNamespace, pullSecretName } from '../../fleet/names.js';
import { reasonOf, rootsIn, type Shared } from '../../member-removal/foreign-objects.js';
import { explainedByNamespace } from '../../status/blocked-namespace.js';
import { agentName } from '../../status/karmada-versions.js';
import type { KubeRef } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import { accessOf, type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** For Karmada's account in the member; both joining and the agent make it (karmada 1.18.2, pkg/util/credential.go). */
export const credentialsNamespace = 'karmada-cluster';

/** The agent's own namespace comes last: until then it shows that something of the fleet is still in the member. */
const namespacesOfMode: Readonly<Record<Member['mode'], readonly string[]>> = {
  push: [credentialsNamespace],
  pull: [credentialsNamespace, karmadaNamespace],
};

/** Karmada marks its own namespaces so (karmada 1.18.2, pkg/util/constants.go); it takes one that is there as it is. */
const systemLabel = 'karmada.io/system';

type NamedRef = KubeRef & { readonly name: string };

/** The namespaces that are claimed before, and cleared after, in this order. */
export function usedNamespaces({ mode }: Member): readonly NamedRef[] {
  return namespacesOfMode[mode].map((name) => ({ kind: 'namespaces', name }));
}

/**
 * Makes the namespaces with the fleet's mark, so that nothing of another control plane is ever taken for ours.
 * @throws Problem `member-foreign` when one is there without our mark; `step-without-effect` when the mark did not come.
 */
export async function claimNamespaces(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  const found = await lastingNamespaces(context, member, call);
  const foreign = found.find(({ isOurs }) => !isOurs);
  if (foreign !== undefined) throw belongsElsewhere(member, foreign.ref.name);
  const labels = { [fleetTag]: context.fleet.id, [systemLabel]: 'true' };
  const missing = usedNamespaces(member)
    .filter(({ name }) => found.every(({ ref }) => ref.name !== name))
    .map(({ name }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }));
  if (missing.length === 0) return;
  await context.clients.kubectl.apply(accessOf(context.paths, member.name), missing, call);
  // Karmada would make them itself, without the mark, and nobody would know later that they are to go.
  const claimed = (await foundNamespaces(context, member, call)).filter(({ isOurs }) => isOurs);
  if (claimed.length === usedNamespaces(member).length) return;
  throw new Problem('step-without-effect', {
    what: `namespaces ${missing.map(({ metadata }) => metadata.name).join(', ')} of ${describeMember(member)} were not created`,
    next: ['run the same command again'],
  });
}

/** Those that stay: an `unjoin` just before returns while its namespace goes, and nothing can be made in it until it has. */
async function lastingNamespaces(
  context: FleetContext,
  member: Member,
  call: CallContext,
): Promise<readonly FoundNamespace[]> {
  let found: readonly FoundNamespace[] = [];
  const patience = {
    everyMs: seconds(2),
    limitMs: minutes(2),
    onTimeout: () => doesNotGo(context, member, found, call),
  };
  await waitUntil(context, call, patience, async () => {
    found = await foundNamespaces(context, member, call);
    return found.every(({ isGoing }) => !isGoing);
  });
  return found;
}

async function doesNotGo(
  context: FleetContext,
  member: Member,
  found: readonly FoundNamespace[],
  call: CallContext,
): Promise<Problem> {
  const names = found.flatMap(({ ref, isGoing }) => (isGoing ? [ref.name] : []));
  const access = accessOf(context.paths, member.name);
  const problem = new Problem('join-failed', {
    what: `namespace ${names.join(', ')} of ${describeMember(member)} is being deleted, but still exists after 2 minutes`,
    next: [
      `check what it contains: kubectl --kubeconfig ${access.kubeconfig} -n ${names[0]} get all`,
      'run the same command again',
    ],
  });
  return await explainedByNamespace(context.clients, access, names[0] ?? '', problem, call);
}

/** Problem `member-foreign` when the member has one of the namespaces without the fleet's mark. */
export async function foreignNamespace(
  context: FleetContext,
  member: Member,
  call: CallContext,
): Promise<Problem | undefined> {
  const found = await foundNamespaces(context, member, call);
  const foreign = found.find(({ isOurs }) => !isOurs);
  return foreign === undefined ? undefined : belongsElsewhere(member, foreign.ref.name);
}

/**
 * What is to go of the namespaces that carry the fleet's mark, or are going already: `unjoin` does not wait for that. Of one that
 * holds what others put there, what is Karmada's alone.
 */
export async function removableParts(
  context: FleetContext,
  member: Member,
  call: CallContext,
): Promise<readonly NamedRef[]> {
  const found = await foundNamespaces(context, member, call);
  const parts = found.map(async ({ ref, isOurs, isGoing }): Promise<readonly NamedRef[]> => {
    if (isGoing) return [ref];
    if (!isOurs) return [];
    return (await sharedNamespace(context, member, ref, call)) === undefined
      ? [ref]
      : await karmadasIn(context, member, ref.name, call);
  });
  return (await Promise.all(parts)).flat();
}

/** Those of the fleet's namespaces in a member that hold what others put there, or may do so. */
export async function sharedNamespaces(context: FleetContext, member: Member, call: Call): Promise<readonly Shared[]> {
  const found = await foundNamespaces(context, member, call);
  const ours = found.filter(({ isOurs, isGoing }) => isOurs && !isGoing);
  const shared = await Promise.all(ours.map(({ ref }) => sharedNamespace(context, member, ref, call)));
  return shared.flatMap((each) => each ?? []);
}

/** Undefined where all that is in it is Karmada's, or Kubernetes' own. */
async function sharedNamespace(
  context: FleetContext,
  member: Member,
  { name }: NamedRef,
  call: Call,
): Promise<Shared | undefined> {
  const container = { apiVersion: 'v1', kind: 'Namespace', namespace: undefined, name, running: undefined };
  try {
    const found = await rootsIn(context.clients, accessOf(context.paths, member.name), name, call);
    const karmadas = new Set(karmadasOf(member).map(({ kind, name: own }) => `${kind}/${own}`));
    const holds = found.flatMap(({ kind, metadata: { name: own, labels } }) =>
      karmadas.has(`${kind}/${own}`) || labels?.[systemLabel] === 'true' || labels?.['app'] === agentName
        ? []
        : [`${kind}/${own}`],
    );
    return holds.length === 0 ? undefined : { container: { ...container, defines: undefined }, holds };
  } catch (thrown) {
    return { container: { ...container, defines: undefined }, holds: [], uncounted: reasonOf(thrown) };
  }
}

/**
 * What Karmada puts into its namespaces in a member (karmada 1.18.2, pkg/util/credential.go and karmadactl/register/register.go;
 * observed): the rest of what is there belongs to one of these.
 */
function karmadasOf({ name, mode }: Member): readonly NamedRef[] {
  const accounts = [`karmada-${name}`, 'karmada-impersonator'].flatMap((account) => [
    { kind: 'Secret', name: account, namespace: credentialsNamespace },
    { kind: 'ServiceAccount', name: account, namespace: credentialsNamespace },
  ]);
  const agent = [
    { kind: 'Deployment', name: agentName, namespace: karmadaNamespace },
    { kind: 'Secret', name: 'karmada-kubeconfig', namespace: karmadaNamespace },
    { kind: 'Secret', name: pullSecretName, namespace: karmadaNamespace },
    { kind: 'ServiceAccount', name: 'karmada-agent-sa', namespace: karmadaNamespace },
  ];
  return [...accounts, ...(mode === 'pull' ? agent : [])];
}

async function karmadasIn(
  context: FleetContext,
  member: Member,
  namespace: string,
  call: CallContext,
): Promise<readonly NamedRef[]> {
  const access = accessOf(context.paths, member.name);
  const refs = karmadasOf(member).filter((ref) => ref.namespace === namespace);
  const found = await Promise.all(
    refs.map(async (ref) => ((await context.clients.kubectl.get(access, ref, anyObject, call)) ? [ref] : [])),
  );
  return found.flat();
}

interface FoundNamespace {
  readonly ref: NamedRef;
  readonly isOurs: boolean;
  readonly isGoing: boolean;
}

async function foundNamespaces(context: FleetContext, member: Member, call: Call): Promise<readonly FoundNamespace[]> {
  const access = accessOf(context.paths, member.name);
  const found = await Promise.all(
    usedNamespaces(member).map(async (ref) => {
      const namespace = await context.clients.kubectl.get(access, ref, anyObject, call);
      if (namespace === undefined) return [];
      const { labels, deletionTimestamp } = namespace.metadata;
      return [{ ref, isOurs: labels?.[fleetTag] === context.fleet.id, isGoing: deletionTimestamp !== undefined }];
    }),
  );
  return found.flat();
}

function belongsElsewhere(member: Member, namespace: string): Problem {
  return new Problem('member-foreign', {
    what: `${describeMember(member)} already belongs to another Karmada control plane`,
    why: `it has a namespace ${namespace} that this fleet did not create`,
    next: [
      'remove it there first: kubectl karmada unjoin (push) or unregister (pull)',
      `if that control plane is gone, delete the namespace: kubectl delete namespace ${namespace}`,
    ],
  });
}
