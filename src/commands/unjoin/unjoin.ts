/** `unjoin`: removes members from the fleet, and on request the clusters that the fleet created for them. */

import { type Destruction, describeDestruction } from '../../engine/destruction.js';
import { Problem } from '../../errors/problem.js';
import { type Fleet, withFormer } from '../../fleet/fleet.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { requestOf, resolveFleet, withRevision } from '../../fleet/resolve.js';
import type { UsersVolume } from '../../leftovers/users-volumes.js';
import type { Given, OptionsOf } from '../../options/table.js';
import { agreedFleet, readRecord } from '../../ownership/fleet-record.js';
import type { Files } from '../../world/files.js';
import { agreeToContexts } from '../review/agree-to-contexts.js';
import { consent, plainConsent, requireConsent } from '../review/consent.js';
import { nothingToDo } from '../review/plan-table.js';
import { reviewVolumes } from '../review/review-volumes.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';
import { executeUnjoin, showUnjoin } from './execute-unjoin.js';
import { type PreparedUnjoin, prepareUnjoin } from './prepare-unjoin.js';

type UnjoinFlags = RequestOptions &
  OptionsOf<'yes' | 'force' | 'keepWorkloads' | 'removeWorkloads' | 'deleteCluster' | 'removeVolumes'> &
  Pick<Given, 'names'>;

export async function unjoin(session: Session, options: UnjoinFlags): Promise<number> {
  if (options.removeVolumes && !options.deleteCluster) {
    const next = ['add --delete-cluster: only deleted clusters leave volumes behind'];
    throw new Problem('invalid-value', { what: '--remove-volumes requires --delete-cluster', next });
  }
  requireConsent(session, 'unjoin', { '--yes': options.yes });
  return await withFleet(
    session,
    options,
    { lock: true },
    (open) => prepare(open, options),
    (open, prepared) => takeOut(open, prepared, options),
  );
}

async function takeOut({ session }: OpenFleet, prepared: PreparedUnjoin, options: UnjoinFlags): Promise<number> {
  if (nothingToDo(prepared.planned)) return await executeUnjoin(session, prepared, []);
  showUnjoin(session, prepared);
  const proceed = (destroys: readonly Destruction[]): Promise<undefined> =>
    plainConsent(session, options, removalQuestion(destroys), false);
  const agreedTo = { ...options, removeVolumes: prepared.volumes.go };
  const agreed = await consent<never>(session, agreedTo, { planned: prepared.planned, proceed });
  return await executeUnjoin(session, prepared, agreed);
}

/** e.g. `Remove these members and delete EKS cluster two in us-west-2`. */
function removalQuestion(destroys: readonly Destruction[]): string {
  const clusters = destroys.filter(({ kind }) => kind === 'EKS cluster').map(describeDestruction);
  return ['Remove these members', ...clusters].join(' and ');
}

async function prepare(
  { session, fleet: found, paths, caller }: OpenFleet,
  options: UnjoinFlags,
): Promise<PreparedUnjoin> {
  const fleet = await withThoseOnTheWay(session.clients.world.files, paths, found);
  const names = [...new Set(options.names)];
  const leaving = withFormer(fleet).members.filter(({ name }) => names.includes(name));
  if (!options.force) await agreeToContexts(session, options, fleet, leaving);
  return await prepareUnjoin(session, {
    fleet,
    paths,
    caller,
    names,
    force: options.force,
    deletesClusters: options.deleteCluster,
    keepsWorkloads: options.keepWorkloads,
    reviewVolumes: (volumes: readonly UsersVolume[]) => reviewVolumes(session, options, volumes),
    agreed: await agreedFleet(session.clients.world.files, paths, fleet),
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
