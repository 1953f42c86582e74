/** Backs Karmada up into a file of this machine or an object of S3, once in a run. */

import { dirname } from 'node:path';
import { backupFiles } from '../../backup/backup-files.js';
import type { BackupFiles } from '../../backup/backup-port.js';
import type { BackupSource } from '../../backup/backup-source.js';
import { hasEtcd, servingMembers } from '../../backup/etcd/save-snapshot.js';
import { noteTaken, takenBefore } from '../../backup/kept/taken-before.js';
import type { Taken } from '../../backup/make-backup.js';
import { takeBackup } from '../../backup/take-backup.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { readFleetConfigMap } from '../../state/fleet-configmap.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { claim } from '../../tools/kubectl/objects.js';
import { seconds } from '../context.js';
import { etcdClaims, holdsNothing } from '../karmada/karmada-condition.js';

/** A backup of one run. */
export interface BackupStep {
  readonly step: Step;
  /** Of the file, absolute, or an address of S3. */
  readonly path: string;
  /** What it took, or what an interrupted run had taken; undefined: nothing yet, or there was nothing to back up. */
  readonly taken: () => Taken | undefined;
}

/** Of a run that needs a backup first; undefined: the backup is all that the run is for. */
interface Precaution {
  /** What else to do where there can be none. */
  readonly unless: string;
  /** Whether the run deletes Karmada: once it has begun, only a backup that was taken before can be had. */
  readonly deletes?: boolean;
}

export function backUpKarmada(source: BackupSource, path: string, precaution?: Precaution): BackupStep {
  const { clients, parent, fleet } = source;
  const places = backupFiles(clients.world, fleet.parent.region);
  const others = precaution === undefined ? [] : [precaution.unless];
  let taken: Taken | undefined;
  const step: Step = {
    id: 'back-up-karmada',
    title: 'back up Karmada',
    scope: 'parent',
    ...(precaution?.deletes === true ? { perRun: true } : {}),
    expectedMs: seconds(20),
    preview: () => ({
      changes: [`a backup of Karmada: ${path}`],
      commands: [kubectlCommands.portForward(parent, '<member of etcd>', karmadaNamespace, 2379)],
    }),
    check: async (call) => {
      if (taken !== undefined) return { state: 'ready', note: `backup: ${taken.path}` };
      const nothing = await whyNothing(source, call);
      if (nothing !== undefined) return { state: 'ready', note: `Karmada is not backed up: ${nothing}` };
      const refusal = await refusalOf(places, dirname(path));
      if (refusal !== undefined) return { state: 'blocked', problem: withNext(refusal, others) };
      const silence = await silenceOf(source, call);
      if (silence === undefined) return { state: 'absent' };
      if (precaution?.deletes === true) taken = await takenBefore(source, places);
      if (taken !== undefined) return { state: 'ready', note: `Karmada was backed up before: ${taken.path}` };
      return { state: 'blocked', problem: withNext(silence, [seeStatus(fleet), ...others]) };
    },
    apply: async (call) => {
      call.say(openMeanwhile, 'lasting');
      try {
        const madeAt = clients.world.clock.now();
        taken = await takeBackup(source, path, call);
        if (precaution?.deletes === true) await noteTaken(source, taken, madeAt);
      } catch (thrown) {
        throw thrown instanceof Problem && thrown.code !== 'interrupted' ? withNext(thrown, others) : thrown;
      }
    },
  };
  return { step, path, taken: () => taken };
}

/** etcd asks nobody who they are. */
const openMeanwhile =
  'etcd is forwarded to a port of 127.0.0.1 until the backup is taken: meanwhile every process on this machine can read and change Karmada';

/** Why there is no etcd to take a snapshot of; undefined: there is. */
async function silenceOf({ clients, parent }: BackupSource, call: CallContext): Promise<Problem | undefined> {
  if (!(await hasEtcd(clients, parent, call)))
    return new Problem('backup-failed', {
      what: `Karmada’s etcd in ${parent.context} does not run: its StatefulSet is gone, and its volumes remain`,
      why: 'they may hold all that Karmada knew',
      next: [`list them: kubectl -n ${karmadaNamespace} get pvc -l app=etcd`],
    });
  try {
    await servingMembers(clients, parent, call);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'backup-failed') return thrown;
    throw thrown;
  }
}

/** Why nothing can be kept there; undefined: something can, or that shows when it is written. */
async function refusalOf(places: BackupFiles, folder: string): Promise<Problem | undefined> {
  try {
    await places.mustExist(folder);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return thrown;
    throw thrown;
  }
}

function seeStatus(fleet: Fleet): string {
  return `see its state: ${fleetCommand('status', fleet)}`;
}

/** Why there is nothing to back up; undefined: there may be something. */
async function whyNothing(source: BackupSource, call: CallContext): Promise<string | undefined> {
  const { clients, parent, fleet } = source;
  const [etcd, claims, mark] = await Promise.all([
    hasEtcd(clients, parent, call),
    clients.kubectl.list(parent, etcdClaims, claim, call),
    readFleetConfigMap(clients, parent, call),
  ]);
  if (!etcd && claims.length === 0) return 'it has no etcd';
  if (mark?.fleetId !== undefined && mark.fleetId !== fleet.id) return `it is of another fleet (id ${mark.fleetId})`;
  return (await holdsNothing(source, call)) ? 'its installation never ended, and it holds nothing' : undefined;
}

function withNext({ code, message, why, next, cause }: Problem, more: readonly string[]): Problem {
  return new Problem(code, { what: message, ...(why === undefined ? {} : { why }), next: [...next, ...more], cause });
}
