/** `plan`: what `up` would do, how long it takes, what it costs and which permissions it needs; changes nothing. */

import { s3Address } from '../../backup/address.js';
import { type Recipients, readRecipients } from '../../backup/encryption/recipients.js';
import { predecessors } from '../../engine/pipeline.js';
import type { PlannedStep } from '../../engine/plan.js';
import { ExitCode } from '../../errors/exit-codes.js';
import type { Fleet } from '../../fleet/fleet.js';
import { type IamPolicy, iamPolicy, rolePolicies, unconfinedActions } from '../../iam/iam-policy.js';
import { rangesOf } from '../../model/api-access.js';
import type { OptionsOf } from '../../options/table.js';
import { type EarlierCluster, earlierClusters } from '../../ownership/earlier-clusters.js';
import { readRememberedClusters } from '../../ownership/fleet-record.js';
import { showDestructions } from '../review/consent.js';
import { costNotes, costTable } from '../review/cost-table.js';
import {
  commandText,
  driftNotes,
  expectedMs,
  expectedTime,
  foldedPlanTable,
  nothingToDo,
  planTimeline,
} from '../review/plan-table.js';
import { backupFolder } from '../shared/backup-place.js';
import { noteFormer } from '../shared/former-members.js';
import { review, showRun } from '../shared/planned-run.js';
import { type PlanOptions, type PreparedUp, prepareUp } from '../shared/prepare-up.js';
import { type RequestOptions, type ResolvedFleet, resolveWantedFleet } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';

import { planForPolicy, unseenNote } from './plan-for-policy.js';
import { refuseTemplate, showPolicy } from './show-policy.js';

type PlanFlags = RequestOptions &
  PlanOptions &
  OptionsOf<
    'encryptTo' | 'scheduledBackups' | 'commands' | 'details' | 'iamPolicy' | 'planOutput' | 'detailedExitcode'
  >;

export async function plan(session: Session, options: PlanFlags): Promise<number> {
  const { ui } = session;
  const format = options.planOutput;
  if (!options.iamPolicy) refuseTemplate(format);
  const recipients = await readRecipients(options.encryptTo);
  // Nothing changes here, so what is known of the fleet and what is there may come from one check.
  const { wanted, prepared, fleet, unseen } = await session.clients.withReadCache(async () => {
    const meant = await resolveWantedFleet(session, options);
    if (options.iamPolicy) return { wanted: meant, ...(await planForPolicy(session, meant, options)) };
    const found = await prepareUp(session, meant, options);
    return { wanted: meant, prepared: found, fleet: found.fleet, unseen: [] };
  });
  await review(session, prepared, prepared.facts.warnings);
  await noteFormer(session, { prune: false }, { ...prepared, fleet });
  const earlier = await earlierIn(session, wanted, fleet);
  const printsPolicy = options.iamPolicy || format !== 'text';
  if (printsPolicy && wanted.known.request === undefined) await reserveId(session, wanted);
  if (options.iamPolicy) {
    const { facts, planned } = prepared;
    const policy = policyOf(session, { ...prepared, fleet }, options, { recipients, earlier });
    if (unseen.length > 0) ui.note(unseenNote(unseen));
    showPolicy(ui, { fleet, policy, accounts: rolePolicies(fleet, facts, planned, { unseen, earlier }) }, format);
  } else if (format === 'text') {
    showPlan(session, prepared, options);
  } else {
    const whole = asData(prepared, policyOf(session, prepared, options, { recipients, earlier }), earlier);
    ui.showDocument(format === 'yaml' ? format : 'json', whole);
    ui.data('whole-plan', { plan: whole });
  }
  const isDone = nothingToDo(prepared.planned) && unseen.length === 0;
  return options.detailedExitcode && !isDone ? ExitCode.changes : ExitCode.ok;
}

/** What `down` would go on to look for, which the description does not say. */
async function earlierIn(
  { clients }: Session,
  { known }: ResolvedFleet,
  fleet: Fleet,
): Promise<readonly EarlierCluster[]> {
  const { made } = await readRememberedClusters(clients.world.files, known.paths, fleet);
  return earlierClusters(fleet, made);
}

/** The policy names the fleet's id, so that `up` has to take this very one. */
async function reserveId({ clients }: Session, { fleet, known }: ResolvedFleet): Promise<void> {
  await clients.world.files.write(known.paths.reservedId, `${fleet.id}\n`);
}

function showPlan(session: Session, prepared: PreparedUp, options: OptionsOf<'commands' | 'details'>): void {
  const { ui } = session;
  const { planned, perGroup, fleet } = prepared;
  for (const note of driftNotes(planned)) ui.note(note);
  if (nothingToDo(planned)) {
    ui.print(`fleet ${fleet.name}: nothing to do`);
    ui.data('plan', { nothingToDo: true, rows: [] });
    return;
  }
  showRun(session, prepared, options.details);
  ui.data('timeline', { bars: planTimeline(planned, perGroup) });
  if (options.details) showDetails(session, prepared);
  showDestructions(ui, planned);
  if (options.commands) {
    ui.print(`\n${commandText(planned)}`);
    ui.data('commands', { steps: planned.map(({ step: { id }, commands }) => ({ id, commands })) });
  }
  if (!options.details) ui.note('--details shows every step, its time and each cost; -o json gives all as data');
}

/** Every step, when it runs, and each line of the cost. */
function showDetails({ ui }: Session, { planned, perGroup, fleet, cost }: PreparedUp): void {
  ui.print('');
  const { table, alike } = foldedPlanTable(planned, fleet);
  ui.showTable(table);
  for (const members of alike) ui.print(members);
  ui.print('');
  ui.showTimeline(planTimeline(planned, perGroup));
  ui.print(`\nabout ${expectedTime(planned, perGroup)} in total\n`);
  ui.showTable(costTable(cost));
  for (const note of costNotes(cost)) ui.note(note);
}

/** With what S3 and KMS are asked, where backups are to go there and are encrypted. @throws Problem `invalid-value` */
function policyOf(
  session: Session,
  { fleet, facts, planned }: PreparedUp,
  { backupInto, scheduledBackups: areScheduled }: PlanFlags,
  { recipients, earlier }: { readonly recipients: Recipients; readonly earlier: readonly EarlierCluster[] },
): IamPolicy {
  const folder = backupInto && backupFolder(session, backupInto, '--backup-to');
  const place = folder === undefined ? undefined : s3Address(folder);
  return iamPolicy(fleet, facts, planned, { backups: { place, recipients, areScheduled }, earlier });
}

/** Everything that is known of the plan, as one object. */
function asData(
  { fleet, facts, planned, perGroup, cost }: PreparedUp,
  policy: IamPolicy,
  earlier: readonly EarlierCluster[],
): object {
  const { kubernetesVersion, kubernetesSupport, karmadaVersion, access } = facts;
  const warnings = facts.warnings.map(({ what }) => what);
  const sourceRanges = rangesOf(access);
  const accounts = rolePolicies(fleet, facts, planned, { earlier });
  return {
    fleet,
    facts: { kubernetesVersion, kubernetesSupport, karmadaVersion, sourceRanges, warnings },
    expectedMs: expectedMs(planned, perGroup),
    steps: planned.map(stepData),
    timeline: planTimeline(planned, perGroup),
    cost,
    iamPolicy: policy,
    ...(accounts.length === 0 ? {} : { iamOfAccounts: accounts }),
    iamStillPossible: unconfinedActions(policy),
  };
}

function stepData({ step, state, changes, commands, destroys, note, drift }: PlannedStep): object {
  const { id, title, scope, expectedMs: ms, perRun } = step;
  const after = predecessors(step);
  return {
    id,
    title,
    // Keys that other programs read.
    lane: scope,
    after,
    expectedMs: ms,
    state,
    ...(perRun === undefined ? {} : { perRun }),
    changes,
    commands,
    ...(destroys.length === 0 ? {} : { destroys }),
    ...(note === undefined ? {} : { note }),
    ...(drift === undefined ? {} : { drift }),
  };
}
