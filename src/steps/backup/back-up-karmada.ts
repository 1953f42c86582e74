/** Backs Karmada up into a file, once in a run. */

import { hasEtcd, servingMembers } from '../../backup/save-snapshot.js';
import type { BackupSource, Taken } from '../../backup/take-backup.js';
import { takeBackup } from '../../backup/take-backup.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { readFleetConfigMap } from '../../state/fleet-configmap.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { seconds } from '../context.js';

/** A backup of one run. */
export interface BackupStep {
  readonly step: Step;
  /** What it took; undefined: nothing yet, or there was nothing to back up. */
  readonly taken: () => Taken | undefined;
}

/** @param path of the file; `unless`: what a run does that cannot have the backup, in addition to what to do */
export function backUpKarmada(source: BackupSource, path: string, unless: readonly string[] = []): BackupStep {
  const { clients, parent, fleet } = source;
  let taken: Taken | undefined;
  const step: Step = {
    id: 'back-up-karmada',
    title: 'back up Karmada',
    scope: 'parent',
    expectedMs: seconds(20),
    preview: () => ({
      changes: [`a backup of Karmada: ${path}`],
      commands: [kubectlCommands.portForward(parent, '<member of etcd>', karmadaNamespace, 2379)],
    }),
    check: async (call) => {
      if (taken !== undefined) return { state: 'ready', note: `backup: ${path}` };
      if (!(await holdsKarmada(source, call))) return { state: 'ready' };
      try {
        await servingMembers(clients, parent, call);
        return { state: 'absent' };
      } catch (thrown) {
        if (!(thrown instanceof Problem) || thrown.code !== 'backup-failed') throw thrown;
        return {
          state: 'blocked',
          problem: withNext(thrown, [`see its state: ${fleetCommand('status', fleet)}`, ...unless]),
        };
      }
    },
    apply: async (call) => {
      try {
        taken = await takeBackup(source, path, call);
      } catch (thrown) {
        throw thrown instanceof Problem && thrown.code !== 'interrupted' ? withNext(thrown, unless) : thrown;
      }
    },
  };
  return { step, taken: () => taken };
}

/** An installation that never ended, or another fleet's, holds nothing of this one. */
async function holdsKarmada({ clients, parent, fleet }: BackupSource, call: CallContext): Promise<boolean> {
  const [etcd, mark] = await Promise.all([hasEtcd(clients, parent, call), readFleetConfigMap(clients, parent, call)]);
  if (!etcd) return false;
  if (mark === undefined) return true;
  const isUnfinished = mark.installed === undefined && mark.installing !== undefined;
  return !isUnfinished && (mark.fleetId === undefined || mark.fleetId === fleet.id);
}

function withNext({ code, message, why, next, cause }: Problem, more: readonly string[]): Problem {
  return new Problem(code, { what: message, ...(why === undefined ? {} : { why }), next: [...next, ...more], cause });
}
