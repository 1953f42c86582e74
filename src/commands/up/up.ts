/** `up`: creates the fleet, or resumes an earlier run. */

import { forgetTaken } from '../../backup/kept/taken-before.js';
import type { Destruction } from '../../engine/destruction.js';
import { counted } from '../../errors/counted.js';
import { ExitCode } from '../../errors/exit-codes.js';
import type { OptionsOf } from '../../options/table.js';
import { withFleetLock } from '../locks/with-fleet-lock.js';
import { agreeToChange, agreeToDescribed } from '../review/agree-to-change.js';
import { agreeToContexts } from '../review/agree-to-contexts.js';
import { consent, plainConsent, type Review, requireConsent } from '../review/consent.js';
import { driftNotes, nothingToDo } from '../review/plan-table.js';
import { noteBackup, tellBackup } from '../shared/backup-first.js';
import { exitCodeOf } from '../shared/execute.js';
import { noteFormer } from '../shared/former-members.js';
import { firstSteps } from '../shared/next-steps.js';
import { executeRun, review, showRun } from '../shared/planned-run.js';
import { type PreparedUp, prepareUp } from '../shared/prepare-up.js';
import { recordMaking } from '../shared/record-making.js';
import { loadRequest, resolveWantedFleet } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { offeringTools } from '../tools-install/offer-tools.js';
import { executeUnjoin, showUnjoin } from '../unjoin/execute-unjoin.js';
import { preparePruning } from '../unjoin/prune.js';
import { type Asked, guidedUp, needsGuide, type UpOptions } from './guided-up.js';
import { planCommand } from './same-command.js';

export async function up(session: Session, options: UpOptions): Promise<number> {
  requireConsent(session, 'up', { '--yes': options.yes });
  const said = await loadRequest(session, options);
  if (needsGuide(session, options, said)) {
    return await guidedUp(session, options, said, (asked, agree) => attempt(session, options, asked, agree));
  }
  const wanted = await resolveWantedFleet(session, options, said);
  return await attempt<never>(session, options, { wanted, request: said.given }, ({ length }) =>
    plainConsent(session, options, 'Proceed', length === 0),
  );
}

/** Looks, shows the plan, and carries it out unless `agree` answers something else to do: that is the outcome then. */
async function attempt<Other extends string>(
  given: Session,
  options: UpOptions,
  { wanted, request }: Asked,
  agree: Review<Other>['proceed'],
): Promise<number | Other> {
  return await withFleetLock(given, wanted.known.paths, async (session) => {
    const { ui } = session;
    await agreeToContexts(session, options, wanted.fleet, wanted.fleet.members);
    const prepared = await offeringTools(session, () => prepareUp(session, wanted, options));
    await review(session, prepared, prepared.facts.warnings);
    for (const note of driftNotes(prepared.planned)) ui.note(note);
    await noteFormer(session, options, prepared);
    const pruning = await preparePruning(session, options, wanted.known.paths, prepared);
    if (nothingToDo(prepared.planned) && pruning === undefined) {
      ui.print(`fleet ${prepared.fleet.name} is up to date: nothing to do`);
      ui.data('plan', { nothingToDo: true, rows: [] });
      return ExitCode.ok;
    }
    if (!nothingToDo(prepared.planned)) showMaking(session, prepared, options, planCommand(request, wanted, options));
    if (pruning !== undefined) showUnjoin(session, pruning);
    await agreeToChange(session, options, wanted.known, prepared.fleet);
    const planned = [...prepared.planned, ...(pruning?.planned ?? [])];
    await agreeToDescribed(session, options, wanted.known, { fleet: prepared.fleet, planned });
    const agreed = await consent(session, options, { planned, proceed: agree });
    if (typeof agreed === 'string') return agreed;
    const code = await makeUp(session, prepared, agreed);
    if (code !== ExitCode.ok || pruning === undefined) return code;
    return await executeUnjoin(session, pruning, agreed);
  });
}

function showMaking(
  session: Session,
  prepared: PreparedUp,
  { yes, reinstallKarmada }: OptionsOf<'yes' | 'reinstallKarmada'>,
  command: string,
): void {
  showRun(session, prepared);
  if (reinstallKarmada) noteBackup(session, prepared.planned, prepared.backup);
  if (session.ui.ask.possible && !yes) session.ui.note(`details: ${command} --details`);
}

/** Where there is nothing to make, members may still have to be taken out. */
async function makeUp(session: Session, prepared: PreparedUp, agreed: readonly Destruction[]): Promise<number> {
  if (nothingToDo(prepared.planned)) return ExitCode.ok;
  const { fleet, paths, account, facts } = prepared;
  const { ownership } = facts;
  const report = await executeRun(session, 'up', prepared, agreed, () =>
    recordMaking(session, { fleet, paths, account, ownership }),
  );
  tellBackup(session, prepared.backup);
  if (report.ok) {
    await forgetTaken(session.clients.world.files, paths);
    session.ui.print(`\nfleet ${fleet.name} is up: ${counted(fleet.members.length, 'member')}\n`);
    session.ui.showNext(await firstSteps(session, fleet, paths));
  }
  return exitCodeOf(report);
}
