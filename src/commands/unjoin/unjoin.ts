/** `unjoin`: takes members out of the fleet; their clusters stay unless it is said that those the fleet made go too. */

import { Problem } from '../../errors/problem.js';
import { type Fleet, withFormer } from '../../fleet/fleet.js';
import type { FleetPaths, FleetRef } from '../../fleet/paths.js';
import { requestOf, resolveFleet, withRevision } from '../../fleet/resolve.js';
import type { UsersVolume } from '../../leftovers/users-volumes.js';
import type { Parsed } from '../../options/run-options.js';
import { keepsWorkloads } from '../../options/workload-options.js';
import { readRecord } from '../../ownership/fleet-record.js';
import { findFleet } from '../../state/find-fleet.js';
import type { Files } from '../../world/files.js';
import { callOf, type Session } from '../session.js';
import { agreeToContexts } from '../shared/agree-to-contexts.js';
import { consent, plainConsent } from '../shared/consent.js';
import { nothingToDo } from '../shared/plan-table.js';
import { resolveFleetRef } from '../shared/resolve-request.js';
import { reviewVolumes } from '../shared/review-volumes.js';
import { withFleetLock } from '../shared/with-fleet-lock.js';
import { executeUnjoin, showUnjoin } from './execute-unjoin.js';
import { type PreparedUnjoin, prepareUnjoin, type UnjoinOptions } from './prepare-unjoin.js';

export async function unjoin(session: Session, parsed: Parsed): Promise<number> {
  if (parsed['removeVolumes'] === true && parsed['deleteCluster'] !== true) {
    const next = ['add --delete-cluster: volumes are left only by clusters that go'];
    throw new Problem('invalid-value', { what: '--remove-volumes is only for --delete-cluster', next });
  }
  const ref = await resolveFleetRef(session, parsed);
  return await withFleetLock(session, ref.paths, (held) => takeOut(held, ref, parsed));
}

async function takeOut(session: Session, ref: FleetRef, parsed: Parsed): Promise<number> {
  const { spec, prepared } = await session.clients.withReadCache(() => look(session, ref, parsed));
  if (nothingToDo(prepared.planned)) return await executeUnjoin(session, spec, prepared, []);
  showUnjoin(session, prepared);
  const proceed = (): Promise<undefined> => plainConsent(session, parsed, 'Remove these members', false);
  const agreedTo = { ...parsed, removeVolumes: prepared.volumes.go };
  const agreed = await consent<never>(session, agreedTo, { planned: prepared.planned, proceed });
  return await executeUnjoin(session, spec, prepared, agreed);
}

async function look(
  session: Session,
  ref: FleetRef,
  parsed: Parsed,
): Promise<{ readonly spec: UnjoinOptions; readonly prepared: PreparedUnjoin }> {
  const { clients } = session;
  const { paths } = ref;
  const caller = await clients.whoCalls(ref.region);
  const found = await findFleet(clients, ref, callOf(session));
  const fleet = await withThoseOnTheWay(clients.world.files, paths, found);
  const names = [...new Set([parsed['names'] ?? []].flat().map(String))];
  const leaving = withFormer(fleet).members.filter(({ name }) => names.includes(name));
  if (parsed['force'] !== true) await agreeToContexts(session, parsed, fleet, leaving);
  const spec = {
    fleet,
    paths,
    caller,
    names,
    force: parsed['force'] === true,
    deletesClusters: parsed['deleteCluster'] === true,
    keepsWorkloads: keepsWorkloads(parsed),
    reviewVolumes: (volumes: readonly UsersVolume[]) => reviewVolumes(session, parsed, volumes),
  };
  return { spec, prepared: await prepareUnjoin(session, spec) };
}

/**
 * The fleet with those among its former members that a run on this machine was taking out: one that failed at its very end
 * had made the description in the parent forget them, and is to be gone on with by the same command.
 */
async function withThoseOnTheWay(files: Files, paths: FleetPaths, fleet: Fleet): Promise<Fleet> {
  const record = await readRecord(files, paths);
  if (record === undefined || resolveFleet(record.request).id !== fleet.id) return fleet;
  const known = new Set(withFormer(fleet).members.map(({ name }) => name));
  const leaving = resolveFleet(record.request).former.filter(({ name }) => !known.has(name));
  return withRevision({ ...fleet, former: [...fleet.former, ...leaving] }, requestOf(fleet));
}
