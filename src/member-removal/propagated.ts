/** What Karmada put into a member and deletes when it releases the member, read from Karmada and from the member. */

import pMap from 'p-map';
import type { Clients } from '../clients/clients.js';
import { counted } from '../errors/counted.js';
import { Problem } from '../errors/problem.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import {
  apiService,
  definition,
  type Manifest,
  type RunningStatus,
  runningObject,
  work,
} from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

export interface Propagated {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** What of it runs or is stored, e.g. `3 replicas running`; undefined for what only is there. */
  readonly running: string | undefined;
  /** Of a definition: the type that it defines, for kubectl. */
  readonly defines: string | undefined;
}

export interface MemberPlace {
  readonly name: string;
  /** Undefined: its cluster does not respond to this machine. */
  readonly access: KubeAccess | undefined;
}

/** Karmada deletes nothing in a member that does not carry it (karmada 1.18.2, objectwatcher.go, Delete). */
const managedLabel = 'karmada.io/managed';
/** What Karmada itself works with in a member (karmada 1.18.2, unified_auth_controller.go). */
const systemLabel = 'karmada.io/system';

/** The one who asks never finds two of one key: an API has one object of a kind and name. */
export function keyOf({ kind, namespace, name }: Pick<Propagated, 'kind' | 'namespace' | 'name'>): string {
  return [namespace, kind, name].filter((part) => part !== undefined).join('/');
}

/**
 * What Karmada deletes in the member when it lets it go: each Work of its execution namespace stands for an object
 * there, if that carries Karmada's label (karmada 1.18.2, execution_controller.go, handleWorkDelete). Of a member that
 * does not respond, what Karmada last saw.
 */
export async function propagatedTo(
  clients: Pick<Clients, 'kubectl' | 'concurrency'>,
  karmada: KubeAccess,
  { name, access }: MemberPlace,
  call: Call,
): Promise<readonly Propagated[]> {
  const ref = { kind: 'works.work.karmada.io', namespace: `karmada-es-${name}` };
  const works = await clients.kubectl.list(karmada, ref, work, call);
  const kept = works.flatMap(({ spec, status }) => {
    if (spec.preserveResourcesOnDeletion === true) return [];
    const seen = status?.manifestStatuses?.[0]?.status ?? undefined;
    return (spec.workload?.manifests ?? []).filter(isOfUser).map((manifest) => propagated(manifest, seen));
  });
  return access === undefined ? kept : await asTheyAre(clients, access, kept, call);
}

function isOfUser({ metadata }: Manifest): boolean {
  return metadata.labels?.[systemLabel] !== 'true';
}

function propagated({ apiVersion, kind, metadata, spec }: Manifest, status: RunningStatus | undefined): Propagated {
  const { namespace, name } = metadata;
  const defines = kind === 'CustomResourceDefinition' ? definedBy(spec) : undefined;
  return { apiVersion, kind, namespace, name, running: runningOf(kind, status), defines };
}

function definedBy(spec: unknown): string | undefined {
  const { group, names } = (spec ?? {}) as { readonly group?: string; readonly names?: { readonly plural?: string } };
  return names?.plural === undefined ? undefined : `${names.plural}.${group}`;
}

/** Those that are in the member as Karmada's, with what runs of them now. */
async function asTheyAre(
  clients: Pick<Clients, 'kubectl' | 'concurrency'>,
  access: KubeAccess,
  all: readonly Propagated[],
  call: Call,
): Promise<readonly Propagated[]> {
  const types = [...new Map(all.map((each) => [typeName(each), each])).values()];
  const selector = `${managedLabel}=true`;
  const lists = await pMap(
    types,
    async (type) => {
      const ref = { kind: typeName(type), selector, allNamespaces: true };
      const told = await clients.kubectl.listIfServed(access, ref, runningObject, call);
      if (told === undefined) await refuseUnlisted(clients, access, type, call);
      return told ?? [];
    },
    { concurrency: clients.concurrency },
  );
  const found = new Map(
    lists.flat().map(({ kind, metadata: { namespace, name }, status }) => [keyOf({ kind, namespace, name }), status]),
  );
  return all.flatMap((each) => {
    const key = keyOf(each);
    return found.has(key) ? [{ ...each, running: runningOf(each.kind, found.get(key)) }] : [];
  });
}

type Type = Pick<Propagated, 'apiVersion' | 'kind'>;

/** The type as kubectl takes it without doubt: `Deployment.v1.apps`. */
function typeName({ apiVersion, kind }: Type): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined ? kind : `${kind}.${version}.${group}`;
}

/**
 * A member may lack a type that was never defined there, and then has no object of it. Nothing else is a proof of that:
 * kubectl knows no type either whose API does not respond for a moment.
 */
async function refuseUnlisted(
  { kubectl }: Pick<Clients, 'kubectl'>,
  access: KubeAccess,
  type: Type,
  call: Call,
): Promise<void> {
  const { apiVersion, kind } = type;
  const [group = '', version] = apiVersion.split('/');
  const isBuiltIn = version === undefined || !group.includes('.') || group.endsWith('.k8s.io');
  if (!isBuiltIn) {
    const [definitions, service] = await Promise.all([
      kubectl.list(access, { kind: 'customresourcedefinitions' }, definition, call),
      kubectl.get(access, { kind: 'apiservices', name: `${version}.${group}` }, apiService, call),
    ]);
    const isDefined = definitions.some(({ spec }) => spec?.group === group && spec.names?.kind === kind);
    if (!isDefined && service?.spec?.service == null) return;
  }
  throw new Problem('cluster-unreachable', {
    what: `the Kubernetes API of ${access.context} does not list its objects of type ${typeName(type)}`,
    why: 'kubectl finds no such type, although the cluster defines it',
    next: ['run the same command again when the API of that type responds'],
  });
}

function runningOf(kind: string, status: RunningStatus | null | undefined): string | undefined {
  if (kind === 'PersistentVolumeClaim') return 'the data of its volume';
  if (kind === 'Pod') return status?.phase === 'Running' ? '1 pod running' : 'no pod running';
  if (kind === 'Job') return count(typeof status?.active === 'number' ? status.active : 0, 'pod');
  if (kind === 'CronJob') return count(Array.isArray(status?.active) ? status.active.length : 0, 'job');
  if (kind === 'DaemonSet') return count(status?.numberReady ?? 0, 'pod');
  const hasReplicas = ['Deployment', 'StatefulSet', 'ReplicaSet'].includes(kind) || status?.readyReplicas !== undefined;
  return hasReplicas ? count(status?.readyReplicas ?? 0, 'replica') : undefined;
}

function count(number: number, noun: string): string {
  return `${counted(number, noun)} running`;
}
