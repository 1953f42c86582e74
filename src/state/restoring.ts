/** The mark of a restore that is under way, on the fleet's ConfigMap in the parent: any machine can go on with it. */
import { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import { karmadaNamespace } from '../fleet/names.js';
import { jsonAs } from '../model/json-text.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { workload } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { fleetMark } from './fleet-configmap.js';

const restoringSchema = z.object({
  /** Of etcd's data in the backup that is restored. */
  sha256: z.string(),
  /** The backup, as it was named on the machine that began. */
  file: z.string(),
  /** When the backup was taken, as ISO text. */
  madeAt: z.string(),
  /** The backup of what was there before, on that machine; null: none was taken. */
  before: z.string().nullable(),
  /** What Karmada held and the backup does not, as it was shown before; the first thousand. Null: the parent is new, by a recovery. */
  loses: z.array(z.string()).nullable(),
  /** How many of each component there were before all were stopped, by name. */
  replicas: z.record(z.string(), z.number()),
  /** Whether anything was written into etcd, perhaps not all of it. */
  isBegun: z.boolean(),
  /** Whether etcd holds all of it. */
  isWritten: z.boolean(),
});

export type Restoring = z.infer<typeof restoringSchema>;

const annotation = 'karmada-eks/restoring';

/** Undefined: no restore is under way. */
export const { read: readRestoring, write: markRestoring } = fleetMark(annotation, restoringSchema);

/** Whether etcd holds a mixture of what was there and what is restored, by the annotations of the fleet's ConfigMap. */
export function isHalfWritten(annotations: Readonly<Record<string, string>>): boolean {
  const mark = jsonAs(restoringSchema, annotations[annotation]);
  return mark?.isBegun === true && !mark.isWritten;
}

/** As `readRestoring`; a mark is of no account once everything runs again. */
export async function restoringNow(clients: Clients, parent: KubeAccess, call: Call): Promise<Restoring | undefined> {
  const mark = await readRestoring(clients, parent, call);
  if (mark === undefined) return undefined;
  const running = await clients.kubectl.list(
    parent,
    { kind: 'deployments', namespace: karmadaNamespace },
    workload,
    call,
  );
  const isUp = (name: string): boolean =>
    running.some(({ metadata, status }) => metadata.name === name && (status?.readyReplicas ?? 0) > 0);
  return Object.keys(mark.replicas).every(isUp) ? undefined : mark;
}

/** What is under way, and what ends it. */
export function toResume(
  fleet: Fleet,
  { file, madeAt, loses }: Restoring,
): { readonly what: string; readonly next: string } {
  const isRecovery = loses === null;
  const command = isRecovery ? `recover ${file} --vpc '${fleet.parent.vpc}'` : `restore ${file}`;
  return {
    what: `the ${isRecovery ? 'recovery from' : 'restore of'} ${file} (${madeAt}) is unfinished: Karmada is stopped; workloads in members keep running`,
    next: `resume it: ${fleetCommand(command, fleet)}`,
  };
}

/** Whatever works with Karmada meanwhile would find half of it. */
export function unfinishedRestore(fleet: Fleet, mark: Restoring): Problem {
  const { what, next } = toResume(fleet, mark);
  return new Problem('restore-unfinished', {
    what: `fleet ${fleet.name}: ${what}; nothing was changed`,
    next: [next, 'where that file is not there, use another backup of this fleet'],
  });
}
