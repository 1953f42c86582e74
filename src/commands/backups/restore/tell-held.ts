/** Tells which policies are suspended after a restore, and the command that releases each. */
import { type HeldBack, type HeldPolicy, heldAnnotation } from '../../../backup/restore/held-back.js';
import { counted } from '../../../errors/counted.js';
import { karmadaContext } from '../../../fleet/names.js';
import type { Session } from '../../shared/session.js';

export function tellHeld(ui: Session['ui'], { policies }: Pick<HeldBack, 'policies'>): void {
  if (policies.length === 0) return;
  ui.note(
    `${counted(policies.length, 'policy', 'policies')} suspended, because members differ from the backup; to have them changed to what the backup wants:`,
  );
  for (const policy of policies) ui.note(`  ${releaseOf(policy)}`);
}

/** A merge patch removes only what it names. */
function releaseOf({ kind, namespace, name, before }: HeldPolicy): string {
  const { suspension, preserveResourcesOnDeletion } = before;
  const spec = {
    suspension: suspension === null ? null : { dispatching: null, ...(suspension as object) },
    preserveResourcesOnDeletion,
  };
  const patch = JSON.stringify({ metadata: { annotations: { [heldAnnotation]: null } }, spec });
  const where = namespace === undefined ? '' : ` --namespace ${namespace}`;
  return `kubectl --context ${karmadaContext} patch ${kind.toLowerCase()} ${name}${where} --type merge --patch '${patch}'`;
}
