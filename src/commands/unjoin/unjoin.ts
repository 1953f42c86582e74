/**
 * `unjoin`: removes members from the fleet; keeps their clusters unless those that the fleet created are to be deleted
 * too.
 */

import { Problem } from '../../errors/problem.js';
import { type Fleet, withFormer } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { requestOf, resolveFleet, withRevision } from '../../fleet/resolve.js';
import type { UsersVolume } from '../../leftovers/users-volumes.js';
import type { Parsed } from '../../options/run-options.js';
import { keepsWorkloads } from '../../options/workload-options.js';
import { readRecord } from '../../ownership/fleet-record.js';
import type { Files } from '../../world/files.js';
import type { Session } from '../session.js';
import { agreeToContexts } from '../shared/agree-to-contexts.js';
import { consent, plainConsent } from '../shared/consent.js';
import { nothingToDo } from '../shared/plan-table.js';
import { reviewVolumes } from '../shared/review-volumes.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { executeUnjoin, showUnjoin } from './execute-unjoin.js';
import { type PreparedUnjoin, prepareUnjoin } from './prepare-unjoin.js';

export async function unjoin(session: Session, parsed: Parsed): Promise<number> {
  if (parsed['removeVolumes'] === true && parsed['deleteCluster'] !== true) {
    const next = ['add --delete-cluster: only deleted clusters leave volumes behind'];
    throw new Problem('invalid-value', { what: '--remove-volumes requires --delete-cluster', next });
  }
  return await withFleet(
    session,
    parsed,
    { lock: true },
    (open) => prepare(open, parsed),
    (open, prepared) => takeOut(open, prepared, parsed),
  );
}

async function takeOut({ session }: OpenFleet, prepared: PreparedUnjoin, parsed: Parsed): Promise<number> {
  if (nothingToDo(prepared.planned)) return await executeUnjoin(session, prepared, []);
  showUnjoin(session, prepared);
  const proceed = (): Promise<undefined> => plainConsent(session, parsed, 'Remove these members', false);
  const agreedTo = { ...parsed, removeVolumes: prepared.volumes.go };
  const agreed = await consent<never>(session, agreedTo, { planned: prepared.planned, proceed });
  return await executeUnjoin(session, prepared, agreed);
}

async function prepare({ session, fleet: found, paths, caller }: OpenFleet, parsed: Parsed): Promise<PreparedUnjoin> {
  const fleet = await withThoseOnTheWay(session.clients.world.files, paths, found);
  const names = [...new Set([parsed['names'] ?? []].flat().map(String))];
  const leaving = withFormer(fleet).members.filter(({ name }) => names.includes(name));
  if (parsed['force'] !== true) await agreeToContexts(session, parsed, fleet, leaving);
  return await prepareUnjoin(session, {
    fleet,
    paths,
    caller,
    names,
    force: parsed['force'] === true,
    deletesClusters: parsed['deleteCluster'] === true,
    keepsWorkloads: keepsWorkloads(parsed),
    reviewVolumes: (volumes: readonly UsersVolume[]) => reviewVolumes(session, parsed, volumes),
  });
}

/**
 * The fleet with those among its former members that a run on this machine was taking out: one that failed at its very
 * end had made the description in the parent forget them, and can be resumed by the same command.
 */
async function withThoseOnTheWay(files: Files, paths: FleetPaths, fleet: Fleet): Promise<Fleet> {
  const record = await readRecord(files, paths);
  if (record === undefined || resolveFleet(record.request).id !== fleet.id) return fleet;
  const known = new Set(withFormer(fleet).members.map(({ name }) => name));
  const leaving = resolveFleet(record.request).former.filter(({ name }) => !known.has(name));
  return withRevision({ ...fleet, former: [...fleet.former, ...leaving] }, requestOf(fleet));
}
