/** Notes in the new parent that its Karmada is a recovery's: before it is installed, and once it has what was in the backup. */
import type { OpenedBackup } from '../../backup/opened-backup.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { markRecovery, type RecoveryMark, readRecovery } from '../../state/recovery.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { karmadaCondition } from '../karmada/karmada-condition.js';

/** A Karmada that is there without the note is not overwritten, nor one that was recovered. */
export function beginRecovery(context: FleetContext, backup: OpenedBackup): Step {
  const { clients } = context;
  const access = parentAccess(context);
  return {
    id: 'begin-recovery',
    title: 'note which backup Karmada is recovered from',
    scope: 'parent',
    expectedMs: seconds(1),
    preview: () => ({ changes: ['a mark on the fleet’s ConfigMap'], commands: [] }),
    check: async (call) => {
      const mark = await readRecovery(clients, access, call);
      const problem = await whyNot(context, backup, mark, call);
      if (problem !== undefined) return { state: 'blocked', problem };
      return { state: mark === undefined ? 'absent' : 'ready' };
    },
    apply: (call) => markRecovery(clients, access, markOf(backup, false), call),
  };
}

export function endRecovery(context: FleetContext, backup: OpenedBackup): Step {
  const { clients } = context;
  const access = parentAccess(context);
  return {
    id: 'end-recovery',
    title: 'note that Karmada has what was in the backup',
    scope: 'parent',
    expectedMs: seconds(1),
    preview: () => ({ changes: ['a mark on the fleet’s ConfigMap'], commands: [] }),
    check: async (call) => ({ state: (await readRecovery(clients, access, call))?.isRestored ? 'ready' : 'absent' }),
    apply: (call) => markRecovery(clients, access, markOf(backup, true), call),
  };
}

function markOf({ manifest, path }: OpenedBackup, isRestored: boolean): RecoveryMark {
  return { sha256: manifest.etcd.sha256, file: path, isRestored };
}

async function whyNot(
  context: FleetContext,
  { manifest, path }: OpenedBackup,
  mark: RecoveryMark | undefined,
  call: CallContext,
): Promise<Problem | undefined> {
  if (mark === undefined) {
    if ((await karmadaCondition(context, call)).kind === 'none') return undefined;
    return standing(context, 'has a Karmada that no recovery has installed', path);
  }
  if (mark.isRestored) return standing(context, `was recovered from ${mark.file}`, path);
  if (mark.sha256 === manifest.etcd.sha256) return undefined;
  return standing(context, `is being recovered from ${mark.file}`, path);
}

function standing({ fleet }: FleetContext, why: string, path: string): Problem {
  return new Problem('parent-stands', {
    what: `${fleet.parent.cluster} in ${fleet.parent.region} ${why}; it is not overwritten`,
    next: [
      `put Karmada in it back to this backup: ${fleetCommand(`restore ${path}`, fleet)}`,
      'or go on with a recovery that was begun: the same command with its backup',
    ],
  });
}
