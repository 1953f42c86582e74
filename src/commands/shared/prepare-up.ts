/** What `up` and `plan` begin with: the fleet that is wanted, the facts, the steps, and a look at each of them. */

import type { PipelineStep } from '../../engine/pipeline.js';
import { type PlannedStep, planSteps } from '../../engine/plan.js';
import { refuse } from '../../errors/refuse.js';
import type { Fleet } from '../../fleet/fleet.js';
import { withRevision } from '../../fleet/resolve.js';
import type { LeaseHolder } from '../../lease/hold-lease.js';
import { type FleetCost, fleetCost } from '../../model/cost.js';
import type { Facts } from '../../model/facts.js';
import type { Parsed } from '../../options/run-options.js';
import { readRecord, refuseOtherAccount } from '../../ownership/fleet-record.js';
import { upSteps } from '../../pipelines/up.js';
import { runPreflight, withExistingVpcs } from '../../preflight/preflight.js';
import { createContext } from '../../steps/context.js';
import { callOf, type Session } from '../session.js';
import type { ResolvedFleet } from './resolve-request.js';
import { leaseOf } from './with-lease.js';

export interface PreparedUp {
  /** As wanted, with the Kubernetes version that was chosen. */
  readonly fleet: Fleet;
  readonly account: string;
  readonly facts: Facts;
  /** Of the whole fleet while it is up, not only of what is still to do. */
  readonly cost: FleetCost;
  readonly lease: LeaseHolder;
  readonly steps: readonly PipelineStep[];
  readonly planned: readonly PlannedStep[];
  /** How many steps of one group run at once. */
  readonly perGroup: number;
}

/** @throws Problem for everything that can be known to be in the way before the first change. */
export async function prepareUp(session: Session, wanted: ResolvedFleet, parsed: Parsed): Promise<PreparedUp> {
  return await session.clients.withReadCache(() => readForUp(session, wanted, parsed));
}

async function readForUp(session: Session, wanted: ResolvedFleet, parsed: Parsed): Promise<PreparedUp> {
  const { clients, ui } = session;
  const { paths } = wanted.known;
  const call = callOf(session);
  const caller = await clients.whoCalls(wanted.fleet.parent.region);
  const record = await readRecord(clients.world.files, paths);
  refuseOtherAccount(record, caller.account, wanted.fleet.name);
  const located = await withExistingVpcs(clients, wanted.fleet);
  const facts = await runPreflight(clients, { fleet: located, paths }, caller, call);
  for (const { what } of facts.warnings) ui.note(`warning: ${what}`);
  const chosen: Fleet = { ...located, kubernetesVersion: facts.kubernetesVersion };
  const fleet = withRevision(chosen, wanted.known.request);
  const lease = leaseOf(session, fleet);
  const choices = {
    switchContext: parsed['useContext'] === true,
    reconciles: parsed['reconcile'] === true,
    replacesNodes: parsed['replaceNodes'] === true,
    replacesAddons: parsed['replaceAddons'] === true,
    reinstallsKarmada: parsed['reinstallKarmada'] === true,
  };
  const steps = upSteps(createContext({ fleet, clients, paths }, facts, choices), lease);
  const perGroup = clients.concurrency;
  const planned = await planSteps(steps, { signal: session.kill, say: () => undefined }, perGroup);
  refuseBlocked(planned);
  return { fleet, account: caller.account, facts, cost: fleetCost(fleet, facts), lease, steps, planned, perGroup };
}

export function refuseBlocked(planned: readonly PlannedStep[]): void {
  refuse(planned.flatMap(({ problem }) => problem ?? []));
}
