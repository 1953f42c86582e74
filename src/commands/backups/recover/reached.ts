/** How far an earlier run of a recovery came. */
import { accessKarmada } from '../../../access/fleet-access.js';
import { membersOf } from '../../../access/member-list.js';
import type { Member } from '../../../fleet/fleet.js';
import type { Recovery } from '../../../pipelines/recover.js';
import { readRecovery } from '../../../state/recovery.js';
import { readRestoring } from '../../../state/restoring.js';
import type { CreateContext } from '../../../steps/context.js';
import { type Rotation, rotationOf, tokensOf } from '../../../steps/member/tokens/member-tokens.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import type { Call } from '../../../tools/run.js';

/**
 * By the mark of this backup's recovery in the parent; without it nothing of this recovery is there. A Karmada that was installed for it
 * and knows members was started: a new one knows none. `parent`: undefined while there is none.
 */
export async function reachedBy(
  { clients, fleet, paths }: CreateContext,
  { parent, sha256 }: { readonly parent: KubeAccess | undefined; readonly sha256: string },
  call: Call,
): Promise<Recovery['reached']> {
  if (parent === undefined || !(await clients.kubectl.isReady(parent, call))) return 'nothing';
  const mark = await readRecovery(clients, parent, call);
  if (mark?.sha256 !== sha256) return 'nothing';
  if (mark.isRestored) return 'restored';
  if ((await readRestoring(clients, parent, call)) !== undefined) return 'writing';
  const { karmada } = await accessKarmada(clients, fleet, paths, parent, call);
  if (karmada === undefined) return 'nothing';
  return (await membersOf(clients, karmada, call)).length > 0 ? 'restored' : 'nothing';
}

/** A rotation that is younger than the parent is this recovery's, and is gone on with. @param since when the parent was made, in ms */
export async function rotationsFor(
  context: CreateContext,
  members: readonly Member[],
  since: number | undefined,
  call: Call,
): Promise<readonly Rotation[]> {
  const id = context.clients.world.newId();
  return await Promise.all(
    members.map(async (member) => {
      const tokens = since === undefined ? [] : await tokensOf(context, member.name, call);
      const own = tokens.filter(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') > (since ?? 0));
      return { member, rotation: own.flatMap((each) => rotationOf(each) ?? []).at(-1) ?? id };
    }),
  );
}
