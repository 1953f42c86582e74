/** The versions of an installed Karmada, of its agents and of kubectl-karmada, and what to do where they differ. */
import semver from 'semver';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import { readFleetConfigMap } from '../state/fleet-configmap.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type ComponentWorkload, type KubePod, pod } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { karmadaWorkloads } from './karmada-health.js';

/** The Deployment that `register` makes in a pull member, and the label of its pods, which outlive it for a while (1.18.2). */
export const agentName = 'karmada-agent';
export const agentDeployment = { kind: 'deployments', name: agentName, namespace: karmadaNamespace } as const;

/** Images that Karmada releases under its own version; etcd and Kubernetes' components have others (karmada 1.18.2, cmdinit). */
const versioned: readonly string[] = [
  'karmada-aggregated-apiserver',
  'karmada-controller-manager',
  'karmada-scheduler',
  'karmada-webhook',
  agentName,
];

/** `…/karmada-scheduler:v1.18.2` has version 1.18.2; an image without such a tag has none. */
function versionIn(image: string): string | undefined {
  const [, name = '', tag = ''] = /([^/:@]+):([^/:@]+)(?:@[^/]+)?$/.exec(image) ?? [];
  return versioned.includes(name) ? (semver.valid(tag) ?? undefined) : undefined;
}

/** The versions among these images, oldest first, each once. */
function versionsIn(images: readonly string[]): readonly string[] {
  return [...new Set(images.flatMap((image) => versionIn(image) ?? []))].sort(semver.compare);
}

/** The versions of the components that are there: one, unless an upgrade was interrupted; none where the images have no such tags. */
function versionsOf(workloads: readonly ComponentWorkload[]): readonly string[] {
  const containers = workloads.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  return versionsIn(containers.flatMap(({ image }) => image ?? []));
}

/** The versions of the Karmada in a parent; what was noted when it was installed, where its images do not have them. */
export async function installedVersions(clients: Clients, parent: KubeAccess, call: Call): Promise<readonly string[]> {
  const workloads = await karmadaWorkloads(clients, parent, call);
  const versions = versionsOf(workloads);
  if (workloads.length === 0 || versions.length > 0) return versions;
  const noted = (await readFleetConfigMap(clients, parent, call))?.installed;
  return noted === undefined ? [] : [noted];
}

/** The version of the agent among a pull member's pods; the oldest of several. */
export function agentVersionIn(pods: readonly KubePod[]): string | undefined {
  const own = pods.filter(({ metadata }) => metadata.name.startsWith(`${agentName}-`));
  const containers = own.flatMap(({ spec }) => spec?.containers ?? []);
  return versionsIn(containers.flatMap(({ image }) => image ?? []))[0];
}

/** @throws Problem when the member does not respond */
export async function agentPods(clients: Clients, member: KubeAccess, call: Call): Promise<readonly KubePod[]> {
  return await clients.kubectl.list(member, { kind: 'pods', namespace: karmadaNamespace }, pod, call);
}

/** The version of kubectl-karmada on this machine; undefined if it cannot be run. */
export async function toolVersion({ karmada }: Clients, call: Call): Promise<string | undefined> {
  try {
    return (await karmada.version(call)).replace(/^v/, '');
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return undefined;
  }
}

/** What runs in a fleet, and the tool of this machine. */
export interface KarmadaVersions {
  /** Of the control plane: one, unless an upgrade was interrupted. */
  readonly installed: readonly string[];
  /** Of kubectl-karmada; undefined if unknown. */
  readonly tool: string | undefined;
  /** Of the agents of pull members, by the members' names. */
  readonly agents: ReadonlyMap<string, string>;
}

/** One difference, and what to do about it where anything is to be done here. */
export interface VersionDrift {
  readonly what: string;
  readonly next: readonly string[];
}

/** Where versions differ; empty while nothing is installed. */
export function versionDrift({ installed, tool, agents }: KarmadaVersions): readonly VersionDrift[] {
  const newest = installed.at(-1);
  if (newest === undefined) return [];
  const others = [...agents].filter(([, version]) => version !== newest);
  const mixed = `components of Karmada have different versions (${installed.join(', ')}): an upgrade was not completed`;
  return [
    ...(installed.length === 1 ? [] : [{ what: mixed, next: [] }]),
    ...(tool === undefined || tool === newest ? [] : [toolDrift(tool, newest)]),
    ...others.map(([member, version]) => ({
      what: `the agent of pull member ${member} has version ${version}, Karmada has ${newest}`,
      next: [],
    })),
  ];
}

/** Nothing upgrades an installed Karmada here: what is right is the tool of its version. */
function toolDrift(tool: string, installed: string): VersionDrift {
  const isOlder = semver.valid(tool) !== null && semver.lt(tool, installed);
  const install = `karmada-eks tools install --only kubectl-karmada --kubectl-karmada-version ${installed}`;
  return {
    what: `kubectl-karmada ${tool} is ${isOlder ? 'older' : 'newer'} than the installed Karmada ${installed}`,
    next: [`${isOlder ? '' : 'an installed Karmada is not upgraded: '}use the matching version: ${install}`],
  };
}

/** On one line. */
export function driftLine({ what, next }: VersionDrift): string {
  return [what, ...next].join('; ');
}
