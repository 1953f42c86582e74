/** `demo`: shows that a workload is divided among the members, and with `--failover` that it leaves one that is silent. */

import type { FleetAccess } from '../../access/fleet-access.js';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import { type Fleet, regionOf } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { OptionsOf } from '../../options/table.js';
import { demoSteps, endDemoSteps, removeDemoSteps } from '../../pipelines/demo.js';
import type { FleetContext } from '../../steps/context.js';
import { countReplicas, defaultWeights } from '../../steps/member/demo.js';
import type { Figure } from '../../ui/ui.js';
import { leaseOf, withLease } from '../locks/with-lease.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { shutOutOr } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { prepareFailover, runFailover } from './show-failover.js';

type DemoOptions = RequestOptions &
  OptionsOf<'weights' | 'keep' | 'remove' | 'showFailover' | 'silentMember' | 'moveWorkloads'>;

export async function demo(session: Session, options: DemoOptions): Promise<number> {
  return await withFleet(
    session,
    options,
    { lock: true },
    (open) => prepareDemo(open, options),
    (_, run) => run(),
  );
}

/** Answers what is to be done, when everything that it needs has been read. */
async function prepareDemo(open: OpenFleet, options: DemoOptions): Promise<() => Promise<number>> {
  const { session, fleet, paths, caller } = open;
  const weights = weightsOf(fleet, options.weights);
  const reach = await open.access();
  if (reach.karmada === undefined && reach.loadBalancer !== undefined)
    throw await shutOutOr(session, fleet, reach.loadBalancer);
  refuseUnreachable(fleet, reach);
  const context: FleetContext = { fleet, caller, clients: session.clients, paths, ownership: reach.ownership };
  if (options.remove) return () => endDemo(open, context);
  if (!options.showFailover) return () => runDemo(open, context, weights, options.keep);
  const show = await prepareFailover(open, context, weights, options);
  return () => runFailover(session, show);
}

async function runDemo(
  { session, fleet, paths }: OpenFleet,
  context: FleetContext,
  weights: readonly number[],
  keeps: boolean,
): Promise<number> {
  const lease = leaseOf(session, fleet);
  const report = await withLease(session, { fleet, paths, lease }, async (held) => {
    const shown = await executeSteps(held, 'demo', paths, demoSteps(context, lease, weights));
    if (shown.ok) await showDivision(session, context, weights);
    // A failed demo is deleted too, unless it is to be inspected.
    if (keeps || shown.interrupted) return shown;
    const removed = await executeSteps(held, 'demo', paths, removeDemoSteps(context));
    return shown.ok ? removed : shown;
  });
  return exitCodeOf(report);
}

async function endDemo({ session, fleet, paths }: OpenFleet, context: FleetContext): Promise<number> {
  const lease = leaseOf(session, fleet);
  const report = await withLease(session, { fleet, paths, lease }, (held) =>
    executeSteps(held, 'demo', paths, endDemoSteps(context, lease)),
  );
  return exitCodeOf(report);
}

/** What the members themselves show. */
async function showDivision(session: Session, context: FleetContext, weights: readonly number[]): Promise<void> {
  const counts = await countReplicas(context, callOf(session));
  const rows = context.fleet.members.map((member, index) => [
    member.name,
    regionOf(member) ?? '',
    figure(weights[index]),
    figure(counts[index] ?? 0),
  ]);
  session.ui.showTable({ name: 'division', columns: ['member', 'region', 'weight', 'replicas'], rows });
  session.ui.print(`\nnginx is divided ${counts.join('/')}`);
}

function figure(value: number | undefined): Figure {
  return { text: String(value ?? ''), value };
}

function weightsOf({ members }: Fleet, said: string | undefined): readonly number[] {
  if (said === undefined) return defaultWeights(members.length);
  const weights = said.split(',').map(Number);
  const right =
    weights.length === members.length && weights.every((each) => Number.isInteger(each) && each > 0 && each <= 100);
  if (right) return weights;
  throw new Problem('invalid-value', {
    what: `--weights needs ${counted(members.length, 'whole number')} from 1 to 100, one per member (got ${said})`,
    next: [`the members are ${members.map(({ name }) => name).join(', ')}`],
  });
}

function refuseUnreachable(fleet: Fleet, { karmada, apis, silent }: FleetAccess): void {
  const apart = fleet.members.flatMap(({ name }) => silent.get(name) ?? []);
  refuse(apart);
  if (karmada !== undefined && fleet.members.length > 0 && fleet.members.every(({ name }) => apis.has(name))) return;
  throw new Problem('fleet-not-ready', {
    what: `fleet ${fleet.name} has no members for the demo, or cannot be reached`,
    next: [`check it: ${fleetCommand('status', fleet)}`, `repair it: ${fleetCommand('up', fleet)}`],
  });
}
