/** Why what is being deleted in a namespace is still there, as the cluster itself knows it: nodes that do not respond, finalizers, pods that use a claim. */
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import {
  anyObject,
  claim,
  event,
  isReady,
  type KubeClaim,
  type KubeEvent,
  type KubeNode,
  type KubeObject,
  type KubePod,
  node,
  pod,
} from '../tools/kubectl/objects.js';
import { type Call, truncatedText } from '../tools/run.js';

interface Seen {
  readonly pods: readonly KubePod[];
  readonly claims: readonly KubeClaim[];
  /** Deployments and StatefulSets. */
  readonly workloads: readonly KubeObject[];
  readonly nodes: readonly KubeNode[];
  readonly events: readonly KubeEvent[];
}

interface Held {
  readonly who: string;
  readonly why: string;
}

/** A claim has it as long as a pod uses it (kubernetes, pkg/volume/util/finalizer.go), which says more. */
const inUseFinalizer = 'kubernetes.io/pvc-protection';

/** Enough to see what is wrong; more of them have mostly the same cause. */
const mostReasons = 2;

/** First causes first, for a sentence, e.g. `pod etcd-0 and 2 more: held by finalizer example.com/audit`; undefined while none is known. Pure. */
export function holdersIn(seen: Seen): string | undefined {
  const held = [
    ...seen.pods.filter(isGoing).flatMap((each) => podHeld(each, seen)),
    ...seen.workloads.filter(isGoing).flatMap((each) => byFinalizers(each, each.kind.toLowerCase())),
    ...seen.claims.filter(isGoing).flatMap((each) => claimHeld(each, seen)),
  ];
  const reasons = [...new Set(held.map(({ why }) => why))].map((why) => {
    const [first, ...more] = held.filter((each) => each.why === why);
    return `${first?.who}${more.length === 0 ? '' : ` and ${more.length} more`}: ${why}`;
  });
  return reasons.length === 0 ? undefined : reasons.slice(0, mostReasons).join('; ');
}

function isGoing({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** The object stays until the kubelet of its node says that it has ended (kubernetes documents, Pod Lifecycle). */
function podHeld(each: KubePod, { nodes, events }: Seen): readonly Held[] {
  const who = `pod ${each.metadata.name}`;
  const home = nodes.find(({ metadata }) => metadata.name === each.spec?.nodeName);
  if (home !== undefined && !isReady(home)) {
    const { reason, message } = home.status?.conditions?.find(({ type }) => type === 'Ready') ?? {};
    const told = [reason, message].filter(Boolean).join(': ');
    return [{ who, why: `node ${home.metadata.name} does not respond${told === '' ? '' : ` (${told})`}` }];
  }
  const killing = events.find(
    ({ reason, involvedObject: { kind, name } }) =>
      reason === 'FailedKillPod' && kind === 'Pod' && name === each.metadata.name,
  );
  if (killing !== undefined) return [{ who, why: truncatedText(killing.message.replace(/\s+/g, ' ').trim()) }];
  return byFinalizers(each, 'pod');
}

function claimHeld(each: KubeClaim, { pods }: Seen): readonly Held[] {
  const { name } = each.metadata;
  const isUser = ({ spec }: KubePod): boolean =>
    spec?.volumes?.some(({ persistentVolumeClaim: used }) => used?.claimName === name) === true;
  const users = pods.filter(isUser);
  // Of a pod that is going itself the reason is told already.
  if (users.some(isGoing)) return [];
  const [user] = users;
  if (user !== undefined) return [{ who: `claim ${name}`, why: `in use by pod ${user.metadata.name}` }];
  return byFinalizers(each, 'claim');
}

function byFinalizers({ metadata: { name, finalizers = [] } }: KubeObject, kind: string): readonly Held[] {
  const lasting = finalizers.filter((finalizer) => finalizer !== inUseFinalizer);
  return lasting.length === 0 ? [] : [{ who: `${kind} ${name}`, why: `held by finalizer ${lasting.join(', ')}` }];
}

/** Undefined also where it cannot be read: what it explains is reported in any case. */
export async function heldDeletions(
  { kubectl }: Clients,
  access: KubeAccess,
  namespace: string,
  call: Call,
): Promise<string | undefined> {
  const all = async <T>(kind: string, as: Parameters<typeof kubectl.list<T>>[2]): Promise<readonly T[]> =>
    await kubectl.list(access, { kind, namespace }, as, call);
  try {
    const [pods, claims, deployments, sets, events] = await Promise.all([
      all('pods', pod),
      all('persistentvolumeclaims', claim),
      all('deployments', anyObject),
      all('statefulsets', anyObject),
      all('events', event),
    ]);
    const nodes = pods.some(isGoing) ? await kubectl.list(access, { kind: 'nodes' }, node, call) : [];
    return holdersIn({ pods, claims, workloads: [...deployments, ...sets], nodes, events });
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return undefined;
    throw thrown;
  }
}

/** A failure to delete something in a namespace, with what holds it before the failure’s own words. */
export async function explainedByHolders(
  clients: Clients,
  access: KubeAccess,
  namespace: string,
  problem: Problem,
  call: Call,
): Promise<Problem> {
  return withReason(problem, await heldDeletions(clients, access, namespace, call));
}

/** The same failure with its first cause before its own words; as it is without one. Pure. */
export function withReason(problem: Problem, reason: string | undefined): Problem {
  if (reason === undefined || reason === '') return problem;
  const { code, what, why, next } = problem;
  return new Problem(code, { what, why: [reason, ...(why ? [why] : [])].join('; '), next, cause: problem });
}
