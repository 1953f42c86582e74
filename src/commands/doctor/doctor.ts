/** `doctor`: everything that `up` would refuse or warn about, and more, in one list with what to do. */

import { type Finding, inGroups, isDetail, needed } from '../../doctor/diagnosis.js';
import { anyVpc, runDoctor } from '../../doctor/run-doctor.js';
import { counted } from '../../errors/counted.js';
import { okUnless } from '../../errors/diagnostic.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem, type Severity } from '../../errors/problem.js';
import { fleetPaths } from '../../fleet/paths.js';
import { mergeRequests } from '../../fleet/request.js';
import { resolveFleet } from '../../fleet/resolve.js';
import type { FleetRequest } from '../../fleet/schema.js';
import { noOptions } from '../../options/read-options.js';
import type { OptionsOf } from '../../options/table.js';
import { withExistingVpcs } from '../../preflight/existing-vpcs.js';
import { prepareUp } from '../shared/prepare-up.js';
import {
  fleetFrom,
  loadRequest,
  type RequestOptions,
  type ResolvedFleet,
  withSuggested,
} from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';

type DoctorOptions = RequestOptions & OptionsOf<'output' | 'verbose'>;

/** Ends with 0 unless something would stop `up`: warnings and what could not be checked are no failure. */
export async function doctor(session: Session, options: DoctorOptions): Promise<number> {
  const { ui } = session;
  const json = options.output === 'json';
  const { wanted, findings } = await session.clients.withReadCache(() => examined(session, options));
  // Otherwise aborted checks would be reported as failures.
  if (session.kill.aborted) throw new Problem('interrupted', { what: 'stopped before all checks finished' });
  const counts = countsOf(findings);
  const report = {
    fleet: wanted.fleet.name,
    region: wanted.fleet.parent.region,
    counts,
    findings: findings.map(({ next: fix, ...finding }) => ({ ...finding, fix })),
  };
  if (json) ui.showDocument('json', report);
  else {
    const isHidden = (finding: Finding): boolean => !options.verbose && isDetail(finding);
    ui.showFindings(findings.map((finding) => ({ ...labelled(finding, findings), isDetail: isHidden(finding) })));
    ui.print(`\n${summary(counts)}${findings.some(isHidden) ? '\n-v shows every check' : ''}`);
  }
  ui.data('doctor', report);
  return counts.error > 0 ? ExitCode.refused : ExitCode.ok;
}

async function examined(
  session: Session,
  options: DoctorOptions,
): Promise<{ readonly wanted: ResolvedFleet; readonly findings: readonly Finding[] }> {
  const { known, suggested, found } = await loadRequest(session, options);
  const asked = withSuggested(known, suggested);
  const request = known.createVpc === undefined ? mergeRequests(asked, { vpc: anyVpc }) : asked;
  const wanted = await located(session, await fleetFrom(session, request, found).catch(unasked(session, request)));
  return { wanted, findings: await findingsOf(session, wanted) };
}

/** If AWS does not identify the caller, the findings report it, and the fleet is taken as given. */
function unasked({ clients }: Session, request: FleetRequest): (thrown: unknown) => Promise<ResolvedFleet> {
  return async (thrown) => {
    const fleet = resolveFleet(request);
    const { name, parent } = fleet;
    const isAsked = await clients.whoCalls(parent.region).then(
      () => true,
      () => false,
    );
    if (isAsked) throw thrown;
    const folder = { name, region: parent.region, account: undefined };
    return { fleet, known: { ...folder, paths: fleetPaths(clients.world.environment.dataDir, folder) } };
  };
}

/** If EKS cannot be read, the findings report it. */
async function located({ clients }: Session, wanted: ResolvedFleet): Promise<ResolvedFleet> {
  const fleet = await withExistingVpcs(clients, wanted.fleet).catch(() => wanted.fleet);
  return { ...wanted, fleet };
}

/** Includes what the steps themselves refuse, if there is something for them to check and nothing else is wrong. */
async function findingsOf(session: Session, wanted: ResolvedFleet): Promise<readonly Finding[]> {
  const { findings, clustersExist } = await runDoctor(
    session.clients,
    { fleet: wanted.fleet, paths: wanted.known.paths },
    callOf(session),
  );
  const isWhole = wanted.fleet.parent.vpc !== anyVpc && findings.every(({ severity }) => severity !== 'error');
  if (!clustersExist || !isWhole) return findings;
  const topic = { group: 'clusters', id: 'steps' } as const;
  const steps = await needed(topic, async () => {
    const { planned } = await prepareUp(session, wanted, noOptions);
    const problems = planned.flatMap(({ problem }) => problem ?? []);
    return okUnless(problems, 'no step of up would be blocked');
  });
  return inGroups([...findings, ...steps]);
}

/** Names which of several a fact is about, e.g. one of two regions; omitted if there is only one. */
function labelled(finding: Finding, all: readonly Finding[]): Finding {
  const { about, group, severity, what } = finding;
  const abouts = new Set(all.flatMap((each) => (each.group === group && each.about !== undefined ? [each.about] : [])));
  return about === undefined || severity !== 'ok' || abouts.size < 2
    ? finding
    : { ...finding, what: `${about}: ${what}` };
}

type Counts = Readonly<Record<Severity, number>>;

function countsOf(findings: readonly Finding[]): Counts {
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  return { ok: count('ok'), warning: count('warning'), error: count('error'), unknown: count('unknown') };
}

function summary({ ok, warning, error, unknown }: Counts): string {
  const verdict = error > 0 ? 'up would fail' : 'ready for up';
  return `${verdict}\n${ok} ok, ${counted(warning, 'warning')}, ${counted(error, 'error')}, ${unknown} unknown`;
}
