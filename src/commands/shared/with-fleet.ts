/** The only way into an existing fleet: its identity, the caller, its local lock, and access to its clusters. */
import { accessFleet, type FleetAccess } from '../../access/fleet-access.js';
import type { Caller } from '../../aws/sts.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import type { FleetPaths, FleetRef } from '../../fleet/paths.js';
import { findFleet } from '../../state/find-fleet.js';
import { restoringNow, unfinishedRestore } from '../../state/restoring.js';
import { withFleetLock } from '../locks/with-fleet-lock.js';
import { offeringTools } from '../tools-install/offer-tools.js';
import { type RequestOptions, resolveFleetRef } from './resolve-request.js';
import { callOf, type Session } from './session.js';

/** A fleet that is meant, whether it is there or not. */
export interface MeantFleet {
  /** Stops also when the lock is lost, where one is held. */
  readonly session: Session;
  readonly ref: FleetRef;
  readonly paths: FleetPaths;
  readonly caller: Caller;
  readonly call: CallContext;
}

/** A fleet that is there. */
export interface OpenFleet extends MeantFleet {
  readonly fleet: Fleet;
  /** Opens the ways into its clusters; into those of `part` alone, where only they matter. */
  readonly access: (part?: Fleet) => Promise<FleetAccess>;
}

interface FleetNeeds<T> {
  /** It changes the fleet: no other run of this machine works on it meanwhile. */
  readonly lock?: boolean;
  /** It can do with a Karmada whose restore is unfinished. */
  readonly evenRestoring?: boolean;
  /** It changes nothing at all, so that Ctrl-C ends what runs at once, without a word. */
  readonly readOnly?: boolean;
  readonly offersTools?: boolean;
  /** What is done instead where the fleet is not found; without it that is refused. */
  readonly orElse?: (meant: MeantFleet, problem: Problem) => Promise<T>;
}

/**
 * Finds the fleet and has `prepare` read what else is needed, with each question to AWS and the clusters asked once;
 * then `run` continues with the result.
 * @throws Problem `missing-value`, `fleet-not-found`, `wrong-account`, `another-fleet`, `record-malformed`,
 * `fleet-locked`, `restore-unfinished`
 */
export async function withFleet<P, T>(
  session: Session,
  options: RequestOptions,
  needs: FleetNeeds<T>,
  prepare: (open: OpenFleet) => Promise<P>,
  run: (open: OpenFleet, prepared: P) => Promise<T>,
): Promise<T> {
  if (needs.readOnly === true) session.stopQuietly();
  const ref = await resolveFleetRef(session, options);
  const work = async (held: Session): Promise<T> => {
    const read = (): Promise<() => Promise<T>> =>
      held.clients.withReadCache(() => readFleet(held, ref, needs, prepare, run));
    const goOn = await (needs.offersTools === true ? offeringTools(held, read) : read());
    return await goOn();
  };
  return needs.lock === true ? await withFleetLock(session, ref.paths, work) : await work(session);
}

/** Answers what is to be done then, outside of the read cache. */
async function readFleet<P, T>(
  session: Session,
  ref: FleetRef,
  { lock = false, evenRestoring = !lock, readOnly = false, orElse }: FleetNeeds<T>,
  prepare: (open: OpenFleet) => Promise<P>,
  run: (open: OpenFleet, prepared: P) => Promise<T>,
): Promise<() => Promise<T>> {
  const { clients, drain } = session;
  const { paths } = ref;
  const caller = await clients.whoCalls(ref.region);
  const call = readOnly ? { ...callOf(session), signal: drain } : callOf(session);
  const meant = { session, ref, paths, caller, call };
  const fleet = await findFleet(clients, ref, call).catch((thrown: unknown) => {
    if (orElse === undefined || !(thrown instanceof Problem)) throw thrown;
    return () => orElse(meant, thrown);
  });
  if (typeof fleet === 'function') return fleet;
  const access: OpenFleet['access'] = async (part = fleet) => {
    const reach = await accessFleet(clients, part, paths, call);
    const parent = reach.apis.get('parent');
    const mark = evenRestoring || parent === undefined ? undefined : await restoringNow(clients, parent, call);
    if (mark !== undefined) throw unfinishedRestore(fleet, mark);
    return reach;
  };
  const open = { ...meant, fleet, access };
  const prepared = await prepare(open);
  return () => run(open, prepared);
}
