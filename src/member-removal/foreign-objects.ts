/** Objects that others put into namespaces, and of types, that Karmada created in a member. */
import pMap from 'p-map';
import type { Clients } from '../clients/clients.js';
import { asProblem, Problem } from '../errors/problem.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type RunningObject, runningObject } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { keyOf, type Propagated } from './propagated.js';

/** An object of Karmada's that is to stay, e.g. a namespace or definition that would take others' things with it. */
export interface Shared {
  readonly container: Propagated;
  /** What is in it, e.g. `Deployment/by-hand`. */
  readonly holds: readonly string[];
  /** Why that cannot be counted. */
  readonly uncounted?: string;
}

/** What Kubernetes puts into every namespace, or makes for what is in it. */
const madeByKubernetes = new Set(['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);
/** Told of by others, or computed: none of it is lost. */
const fleeting = /^(events(\.events\.k8s\.io)?|endpoints|.*\.metrics\.k8s\.io)$/;

/** Those of `going` that hold what Karmada did not put there. What cannot be counted counts as held. */
export async function sharedOf(
  clients: Pick<Clients, 'kubectl' | 'concurrency'>,
  access: KubeAccess,
  going: readonly Propagated[],
  call: Call,
): Promise<readonly Shared[]> {
  const containers = going.filter(({ kind, defines }) => kind === 'Namespace' || defines !== undefined);
  const known = new Set(going.map(keyOf));
  const look = async (container: Propagated): Promise<readonly Shared[]> => {
    try {
      const holds = await strangersIn(clients, access, container, known, call);
      return holds.length === 0 ? [] : [{ container, holds }];
    } catch (thrown) {
      return [{ container, holds: [], uncounted: reasonOf(thrown) }];
    }
  };
  return (await pMap(containers, look, { concurrency: clients.concurrency })).flat();
}

/** With the original error; an interruption is passed on unchanged. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Problem && thrown.code === 'interrupted') throw thrown;
  const { message, why } = asProblem(thrown);
  return why ?? message;
}

async function strangersIn(
  { kubectl }: Pick<Clients, 'kubectl'>,
  access: KubeAccess,
  { name, defines }: Propagated,
  known: ReadonlySet<string>,
  call: Call,
): Promise<readonly string[]> {
  const found =
    defines === undefined
      ? await rootsIn({ kubectl }, access, name, call)
      : rootsOf(await kubectl.list(access, { kind: defines, allNamespaces: true }, runningObject, call));
  return found
    .flatMap(({ kind, metadata: { namespace, name: own } }) => {
      if (known.has(keyOf({ kind, namespace, name: own }))) return [];
      return [defines === undefined ? `${kind}/${own}` : keyOf({ kind, namespace, name: own })];
    })
    .toSorted();
}

/**
 * The objects of all types that are in a namespace, except what Kubernetes creates there, what is reported by others,
 * and what is owned by another of them: that is deleted or kept with its owner.
 * @throws Problem `cluster-unreachable`, `tool-failed` when not all can be counted
 */
export async function rootsIn(
  { kubectl }: Pick<Clients, 'kubectl'>,
  access: KubeAccess,
  namespace: string,
  call: Call,
): Promise<readonly RunningObject[]> {
  const types = (await kubectl.listableTypes(access, 'namespaced', call)).filter(isLasting);
  const found = await kubectl.list(access, { kind: types.join(','), namespace }, runningObject, call);
  return rootsOf(found).filter(({ kind, metadata }) => !madeByKubernetes.has(`${kind}/${metadata.name}`));
}

/** Owners that live in a namespace: what they own is collected once they are gone (kubernetes, garbagecollector). */
const collectors: ReadonlySet<string> = new Set([
  // Of addresses that somebody wrote down Kubernetes makes slices (kubernetes, endpointslicemirroring).
  'Endpoints',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

/**
 * An owner that is not among them, as one that is in no namespace, takes nothing along when these go. What is being deleted already,
 * or will be for its owner is gone, is on its way.
 */
function rootsOf(found: readonly RunningObject[]): readonly RunningObject[] {
  const uids = new Set(found.map(({ metadata: { uid } }) => uid));
  const isOwned = ({ metadata: { ownerReferences = [] } }: RunningObject): boolean =>
    ownerReferences.some(({ kind, uid }) => uids.has(uid) || collectors.has(kind));
  return found.filter((each) => each.metadata.deletionTimestamp === undefined && !isOwned(each));
}

function isLasting(type: string): boolean {
  return !fleeting.test(type);
}
