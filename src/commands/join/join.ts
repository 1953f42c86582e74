/** `join`: adds clusters to an existing fleet: new ones, existing ones, and those of any kubeconfig context. */

import type { Destruction } from '../../engine/destruction.js';
import { counted } from '../../errors/counted.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { describeMember, type Fleet, type Member } from '../../fleet/fleet.js';
import { isSameCluster, resolveFleet } from '../../fleet/resolve.js';
import { writeRecord } from '../../ownership/fleet-record.js';
import { agreeToDescribed } from '../review/agree-to-change.js';
import { consent, plainConsent, requireConsent } from '../review/consent.js';
import { nothingToDo } from '../review/plan-table.js';
import { exitCodeOf } from '../shared/execute.js';
import { membersInKarmada, stateOf } from '../shared/next-steps.js';
import { executeRun, review, showRun } from '../shared/planned-run.js';
import { recordMaking } from '../shared/record-making.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import type { JoinFlags } from './join-options.js';
import { type PreparedJoin, prepareJoin } from './prepare-join.js';

export async function join(session: Session, options: JoinFlags): Promise<number> {
  requireConsent(session, 'join', { '--yes': options.yes });
  return await withFleet(
    session,
    options,
    { lock: true, offersTools: true },
    (open) => prepareJoin(open, options, (_: Fleet, joining: readonly Member[]) => showNames(session, joining)),
    (open, prepared) => joinMembers(open, prepared, options),
  );
}

async function joinMembers({ session, paths }: OpenFleet, prepared: PreparedJoin, options: JoinFlags): Promise<number> {
  const { ui, clients } = session;
  const { fleet, joining, planned, account, described, facts } = prepared;
  const destroys = await agree(session, options, prepared);
  if (nothingToDo(planned)) {
    // Members joined by another machine are new to this one's record; other changes made there were not agreed to here.
    if (described.elsewhere === undefined) await writeRecord(clients, paths, fleet, account);
    const names = joining.map(({ name }) => name).join(', ');
    ui.print(`already in fleet ${fleet.name}: ${names}; nothing to do`);
    ui.data('plan', { nothingToDo: true, rows: [] });
    return ExitCode.ok;
  }
  const report = await executeRun(session, 'join', prepared, destroys, () =>
    recordMaking(session, { fleet, paths, account, ownership: facts.ownership, agreed: agreedWith(prepared) }),
  );
  if (report.ok) {
    const names = joining.map(({ name }) => name).join(', ');
    ui.print(`\n${names} joined fleet ${fleet.name}: ${counted(fleet.members.length, 'member')}\n`);
    ui.showNext([await membersInKarmada(session, fleet, paths), stateOf(fleet)]);
  }
  return exitCodeOf(report);
}

/** Members that others added or removed are not asked about: nothing is done to them here. */
function agreedWith({ fleet, joining, described }: PreparedJoin): Fleet | undefined {
  if (described.elsewhere === undefined) return undefined;
  const isJoining = (old: Member): boolean =>
    joining.some((each) => each.name === old.name || isSameCluster(each, old));
  const { members } = resolveFleet(described.elsewhere.recorded);
  return { ...fleet, members: [...members.filter((old) => !isJoining(old)), ...joining] };
}

/** A derived name is shown before it is used for anything. */
function showNames({ ui }: Session, joining: readonly Member[]): void {
  for (const member of joining) ui.note(`${describeMember(member)} → member ${member.name} (${member.mode})`);
  ui.data('joining', { members: joining });
}

/** What was copied to examine the new members is removed again when they are not to join after all. */
async function agree(session: Session, options: JoinFlags, prepared: PreparedJoin): Promise<readonly Destruction[]> {
  const { fleet, joining, planned, described, warnings, forget } = prepared;
  const proceed = ({ length }: readonly Destruction[]): Promise<undefined> =>
    plainConsent(session, options, 'Proceed', length === 0);
  try {
    await review(session, prepared, warnings);
    if (nothingToDo(planned)) return [];
    showRun(session, { ...prepared, fleet: { ...fleet, members: joining }, costLabel: 'added cost' });
    await agreeToDescribed(session, options, described, prepared);
    return await consent<never>(session, options, { planned, proceed });
  } catch (thrown) {
    await forget();
    throw thrown;
  }
}
