/**
 * The Lease in the parent that records who is working on the fleet: on which machine, since when, and the last
 * heartbeat. It is the lock between machines, and a change of it is refused if somebody else was faster.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clients } from '../clients/clients.js';
import { fleetTag } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type KubeLease, lease } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { type ProcessId, processIn, processText } from '../world/processes.js';

/** Not in Karmada's own namespace: init replaces that one, and `down` removes it. */
const place = { name: 'karmada-eks', namespace: 'kube-system' } as const;
const apiPath = `/apis/coordination.k8s.io/v1/namespaces/${place.namespace}/leases/${place.name}`;

/** The Lease, for sentences. */
export const leaseName = `Lease ${place.namespace}/${place.name}`;

/** How often a run gives a heartbeat, in ms. */
export const heartbeatMs = 60_000;

/** A run that gave no heartbeat for so long counts as dead, in ms: two may get lost. */
export const deadAfterMs = 180_000;

/**
 * How long a run that looks dead is watched before it is taken over, in ms: whatever the clocks of the two machines
 * show, a live run has sent a heartbeat by then, or has given up and stopped its programs.
 */
export const watchMs = deadAfterMs + 60_000;

export interface Holder {
  /** `user@host (pid 7)` */
  readonly who: string;
  /** Id of the installation that the run is of: a copied data folder has the same. */
  readonly installation: string;
  /** The run's process; undefined if the lease does not contain it. */
  readonly process: ProcessId | undefined;
}

/** A lease as it was read or written; times in ms since the epoch, by the holder's clock. */
export interface FleetLease extends Holder {
  /** Id of the fleet that the run works on; undefined if the lease does not contain it. */
  readonly fleetId: string | undefined;
  readonly since: number;
  readonly lastSign: number;
  /** Which object, and which version of it, a change refers to. */
  readonly uid: string;
  readonly version: string;
}

/** Those without a guard too: the guard itself gives heartbeats. */
type LeaseClients = Pick<Clients, 'kubectl' | 'world'>;

/** Undefined: nobody works on the fleet. Raises what kubectl's reads raise. */
export async function readLease(
  clients: LeaseClients,
  parent: KubeAccess,
  call: Call,
): Promise<FleetLease | undefined> {
  const found = await clients.kubectl.get(parent, { kind: 'leases.coordination.k8s.io', ...place }, lease, call);
  return found && leaseOf(found);
}

/** The lease that was made; undefined when there is one already. */
export async function makeLease(
  clients: LeaseClients,
  parent: KubeAccess,
  fleetId: string,
  holder: Holder,
  call: Call,
): Promise<FleetLease | undefined> {
  const now = clients.world.clock.now();
  const made = await clients.kubectl.createNew(parent, manifest(fleetId, holder, now, now), lease, call);
  return made && leaseOf(made);
}

/** A heartbeat, or with another holder a take-over; undefined when the lease is not any more what was read. */
export async function renewLease(
  clients: LeaseClients,
  parent: KubeAccess,
  fleetId: string,
  read: FleetLease,
  holder: Holder,
  call: Call,
): Promise<FleetLease | undefined> {
  const now = clients.world.clock.now();
  const { metadata, ...rest } = manifest(fleetId, holder, isHeldBy(read, holder) ? read.since : now, now);
  const named = { ...rest, metadata: { ...metadata, uid: read.uid, resourceVersion: read.version } };
  const renewed = await clients.kubectl.replace(parent, named, lease, call);
  return renewed && leaseOf(renewed);
}

/** False when it is not any more what was read. */
export async function removeLease(
  clients: LeaseClients,
  parent: KubeAccess,
  read: FleetLease,
  call: Call,
): Promise<boolean> {
  return await clients.kubectl.removeVersion(parent, apiPath, read.version, call);
}

/** Whether this very run has it. */
export function isHeldBy(found: FleetLease, { who, installation, process }: Holder): boolean {
  return found.who === who && found.installation === installation && isDeepStrictEqual(found.process, process);
}

/** By the clocks of two machines, which may differ: what looks dead is watched before it counts as dead. */
export function seemsAlive({ lastSign }: FleetLease, now: number): boolean {
  return now - lastSign <= deadAfterMs;
}

function manifest(fleetId: string, holder: Holder, since: number, now: number) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...place, labels: { [fleetTag]: fleetId } },
    spec: {
      holderIdentity: identityOf(holder),
      leaseDurationSeconds: deadAfterMs / 1000,
      acquireTime: microTime(since),
      renewTime: microTime(now),
    },
  };
}

function leaseOf({ metadata, spec }: KubeLease): FleetLease {
  return {
    ...holderIn(spec.holderIdentity ?? ''),
    fleetId: metadata.labels?.[fleetTag],
    since: momentOf(spec.acquireTime),
    lastSign: momentOf(spec.renewTime),
    uid: metadata.uid,
    version: metadata.resourceVersion,
  };
}

/** `you@host (pid 7) <machine>/<pid>/<start> <installation>`: every version expects the installation last. */
function identityOf({ who, process, installation }: Holder): string {
  return [who, ...(process === undefined ? [] : [processText(process)]), installation].join(' ');
}

/** Leases of earlier versions do not name the process. */
function holderIn(identity: string): Holder {
  const words = identity.split(' ');
  const installation = words.pop() ?? '';
  const process = processIn(words.at(-1) ?? '');
  if (process !== undefined) words.pop();
  return { who: words.join(' ') || 'somebody', installation, process };
}

/** Six digits after the second: the API refuses any other form (observed with Kubernetes 1.34). */
function microTime(moment: number): string {
  return new Date(moment).toISOString().replace('Z', '000Z');
}

/** What is no time was long ago. */
function momentOf(time: string | null | undefined): number {
  return Date.parse(time ?? '') || 0;
}
