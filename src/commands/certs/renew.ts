/** `certs renew`: signs Karmada's certificates anew, before they end or after it, and has everybody use the new ones. */

import { shutOutOf } from '../../access/endpoints/unseen-karmada.js';
import { dayOf, readCertificate } from '../../certificates/certificate.js';
import { type KeptCertificates, keptCertificates, staleCopies } from '../../certificates/kept.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { OptionsOf } from '../../options/table.js';
import { renewSteps } from '../../pipelines/renew.js';
import { outdatedReaders } from '../../steps/certificates/readers.js';
import type { FleetContext } from '../../steps/context.js';
import { userCertificates } from '../../steps/kubeconfig/user-certificates.js';
import { agreeToContexts } from '../review/agree-to-contexts.js';
import { consent, plainConsent, requireConsent } from '../review/consent.js';
import { nothingToDo, planTable } from '../review/plan-table.js';
import { exitCodeOf } from '../shared/execute.js';
import { stateOf } from '../shared/next-steps.js';
import { executeRun, type PlannedRun, planRun, review } from '../shared/planned-run.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { endingAuthorities } from './ending-authorities.js';

type RenewOptions = RequestOptions & OptionsOf<'yes' | 'certValidity' | 'moveWorkloads'>;

interface PreparedRenewal extends PlannedRun {
  /** A renewal that was interrupted is completed. */
  readonly isResumed: boolean;
  /** Until when copies of the admin certificate that is replaced go on working, as far as known, in ms since the epoch. */
  readonly oldUntil: number | undefined;
  readonly warnings: readonly string[];
}

export async function certsRenew(session: Session, options: RenewOptions): Promise<number> {
  requireConsent(session, 'certs renew', { '--yes': options.yes });
  return await withFleet(
    session,
    options,
    { lock: true },
    (open) => prepare(open, options),
    (open, prepared) => renew(open, prepared, options),
  );
}

async function prepare(
  { session, fleet, paths, caller, access }: OpenFleet,
  options: RenewOptions,
): Promise<PreparedRenewal> {
  const { clients } = session;
  const pulling = fleet.members.filter(({ mode }) => mode === 'pull');
  await agreeToContexts(session, options, fleet, pulling);
  const reach = await access();
  const { apis, ownership } = reach;
  const context: FleetContext = { fleet, caller, clients, paths, ownership };
  const parent = apis.get('parent');
  const kept = parent === undefined ? undefined : await keptCertificates(clients, parent, callOf(session));
  if (kept === undefined) throw notInstalled(fleet);
  // Whether the new certificates are presented could not be seen, after all was replaced.
  const shut = await shutOutOf(clients, fleet, reach);
  if (shut !== undefined) throw shut;
  const validity = options.certValidity;
  const halfDone = staleCopies(kept).length > 0 || (await isUnread(context, kept, session));
  // What was begun is completed, and not begun anew, unless it was to be another.
  const isResumed = halfDone && validity === undefined;
  const renewal = { validity, madeBefore: isResumed ? undefined : clients.world.clock.now() };
  const agents = pulling.filter(({ name }) => apis.has(name));
  const merged = await userCertificates(clients.world, fleet);
  const parts = { agents, files: merged.map(({ path }) => path) };
  const run = await planRun(session, { fleet, paths }, (lease) => renewSteps(context, lease, renewal, parts));
  await review(session, run);
  const silent = pulling.filter((member) => !agents.includes(member)).map(({ name }) => name);
  return {
    ...run,
    isResumed,
    oldUntil: lastOfFormer(kept, isResumed, merged),
    warnings: [
      ...endingAuthorities(kept, clients.world.clock.now()),
      ...silent.map((name) => `${name} cannot be reached: its agent is left as it is`),
    ],
  };
}

/** A renewal that is completed has replaced the one in `karmada-cert` already. */
function lastOfFormer(
  kept: KeptCertificates,
  isResumed: boolean,
  merged: readonly { readonly pem: string }[],
): number | undefined {
  const now = kept.main.get('karmada')?.certificate;
  const copies = staleCopies(kept).filter(({ name }) => name === 'karmada');
  const found = [
    now,
    ...copies.map(({ certificate }) => certificate),
    ...merged.map(({ pem }) => readCertificate(pem)),
  ];
  const ends = found.flatMap((each) => (each && !(isResumed && each.print === now?.print) ? each.until : []));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

async function isUnread(context: FleetContext, kept: KeptCertificates, { kill: signal }: Session): Promise<boolean> {
  return (await outdatedReaders(context, kept, { signal, say: () => undefined })).length > 0;
}

async function renew({ session, fleet }: OpenFleet, prepared: PreparedRenewal, options: RenewOptions): Promise<number> {
  const { ui } = session;
  for (const warning of prepared.warnings) ui.note(`warning: ${warning}`);
  if (nothingToDo(prepared.planned)) {
    ui.print('the certificates were renewed a moment ago: nothing to do');
    return ExitCode.ok;
  }
  ui.showTable(planTable(prepared.planned));
  const proceed = (): Promise<undefined> => plainConsent(session, options, 'Renew the certificates', true);
  const agreed = await consent<never>(session, options, { planned: prepared.planned, proceed });
  const report = await executeRun(session, 'certs renew', prepared, agreed);
  if (!report.ok) return exitCodeOf(report);
  const { oldUntil, isResumed } = prepared;
  ui.print(
    isResumed
      ? `the renewal of the certificates of fleet ${fleet.name} that was interrupted is complete`
      : `the certificates of fleet ${fleet.name} are renewed`,
  );
  const copies = 'copies of the former admin certificate, wherever they are, go on working until';
  if (oldUntil === undefined) ui.note(`${copies} they expire`);
  else if (oldUntil > session.clients.world.clock.now()) ui.note(`${copies} ${dayOf(oldUntil)}`);
  ui.showNext([{ purpose: 'how long each is valid', command: fleetCommand('certs check', fleet) }, stateOf(fleet)]);
  ui.data('certs-renew', { fleet: fleet.name, renewed: true });
  return exitCodeOf(report);
}

function notInstalled(fleet: OpenFleet['fleet']): Problem {
  return new Problem('karmada-unhealthy', {
    what: `${fleet.parent.cluster} has no Secret karmada-cert: Karmada is not installed`,
    next: [fleetCommand('up', fleet)],
  });
}
