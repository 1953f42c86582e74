/** Prepares `up` and `plan`: the desired fleet, the facts, the steps, and the check of each step. */

import { wantCare } from '../../certificates/kept.js';
import { Problem } from '../../errors/problem.js';
import { apiNamesOf, type Fleet } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { withRevision } from '../../fleet/resolve.js';
import { type FleetCost, fleetCost } from '../../model/cost.js';
import type { Facts } from '../../model/facts.js';
import type { OptionsOf } from '../../options/table.js';
import { readRecord, refuseOtherAccount } from '../../ownership/fleet-record.js';
import { upSteps } from '../../pipelines/up.js';
import { runPreflight } from '../../preflight/checks.js';
import { withExistingVpcs } from '../../preflight/existing-vpcs.js';
import { restoringNow, unfinishedRestore } from '../../state/restoring.js';
import type { BackupStep } from '../../steps/backup/back-up-karmada.js';
import { accessOf, createContext, karmadaAccess, parentAccess } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { machinesThere } from '../review/machines-there.js';
import { type BackedUp, backupFirst } from './backup-first.js';
import { settleMoved } from './moved-members.js';
import { type PlannedRun, planRun } from './planned-run.js';
import type { ResolvedFleet } from './resolve-request.js';
import { callOf, type Session } from './session.js';
import { outdatedSchedule } from './wanted-schedule.js';

/** What `up` may do to what is there. */
export type PlanOptions = OptionsOf<'reconcile' | 'replaceNodes' | 'replaceAddons' | 'reinstallKarmada'> &
  Partial<OptionsOf<'useContext' | 'noBackup' | 'backupInto' | 'encryptTo' | 'iamPolicy'>>;

/** `fleet` is as wanted, with the Kubernetes version that was chosen. */
export interface PreparedUp extends PlannedRun {
  readonly account: string;
  readonly facts: Facts;
  readonly switchContext: boolean;
  /** What is backed up before Karmada is installed again; undefined: nothing. */
  readonly backup: BackupStep | undefined;
  /** Of the whole fleet while it is up, not only of what is still to do. */
  readonly cost: FleetCost;
}

/** @throws Problem for what can be known to be in the way before the first change, but for what the steps refuse: see `review`. */
export async function prepareUp(session: Session, wanted: ResolvedFleet, options: PlanOptions): Promise<PreparedUp> {
  return await session.clients.withReadCache(() => readForUp(session, wanted, options));
}

async function readForUp(session: Session, wanted: ResolvedFleet, options: PlanOptions): Promise<PreparedUp> {
  const { clients } = session;
  const { paths } = wanted.known;
  const call = callOf(session);
  const caller = await clients.whoCalls(wanted.fleet.parent.region);
  const record = await readRecord(clients.world.files, paths);
  refuseOtherAccount(record, caller.account, wanted.fleet.name);
  const located = await withExistingVpcs(clients, await settleMoved(clients, wanted.fleet, paths));
  const facts = await runPreflight(clients, { fleet: located, paths }, caller, call, {
    anywhere: options.iamPolicy === true,
  });
  const mark = await ofParent(session, located, paths, (parent) => restoringNow(clients, parent, call));
  if (mark !== undefined) throw unfinishedRestore(located, mark);
  const chosen: Fleet = { ...located, kubernetesVersion: facts.kubernetesVersion };
  const fleet = withRevision(chosen, wanted.known.request);
  const choices = {
    switchContext: options.useContext === true,
    reconciles: options.reconcile,
    replacesNodes: options.replaceNodes,
    replacesAddons: options.replaceAddons,
    reinstallsKarmada: options.reinstallKarmada,
    renewsCertificates:
      (await ofParent(session, fleet, paths, (parent) => wantCare(clients, parent, apiNamesOf(fleet), call))) ?? false,
  };
  const context = createContext({ fleet, clients, paths }, facts, choices);
  const backup = options.reinstallKarmada
    ? await backupOf(session, { fleet, paths, account: caller.account }, options)
    : undefined;
  const schedule = await ofParent(session, fleet, paths, (parent) => outdatedSchedule(session, context, parent));
  // A parent that exists and does not answer yet may do so once its steps are done.
  const run = await planRun(session, { fleet, paths, parentMayCome: true }, (lease) =>
    upSteps(context, lease, { before: backup?.step, schedule }),
  );
  const there = await machinesThere(clients, fleet, run.planned, options.reconcile);
  const cost = fleetCost(fleet, facts, there);
  return { ...run, account: caller.account, facts, switchContext: choices.switchContext, cost, backup };
}

/** Karmada is asked what it holds where this machine has a way to it. */
async function backupOf(
  session: Session,
  of: Pick<BackedUp, 'fleet' | 'paths' | 'account'>,
  { noBackup = false, backupInto, encryptTo = [] }: PlanOptions,
): Promise<BackupStep | undefined> {
  const { files } = session.clients.world;
  const access = karmadaAccess(of.paths);
  const karmada = (await files.read(access.kubeconfig)) === undefined ? undefined : access;
  const choices = { noBackup, backupInto, encryptTo };
  return await backupFirst(session, { ...of, parent: parentAccess(of), karmada }, choices);
}

/** What the parent answers, where there is one that this machine has a way to; what cannot be read is reported by the steps. */
async function ofParent<T>(
  { clients }: Session,
  { parent }: Fleet,
  paths: FleetPaths,
  ask: (access: KubeAccess) => Promise<T>,
): Promise<T | undefined> {
  const access = accessOf(paths, parent.cluster);
  if ((await clients.world.files.read(access.kubeconfig)) === undefined) return undefined;
  return await ask(access).catch((thrown: unknown) => {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return undefined;
  });
}
