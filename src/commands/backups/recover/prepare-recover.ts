/** Prepares `recover`: reads the backup, refuses while the former parent stands, and plans the new one. */
import { accessCluster } from '../../../access/cluster-access.js';
import { accessFleet, type FleetAccess } from '../../../access/fleet-access.js';
import type { OpenedBackup } from '../../../backup/opened-backup.js';
import { Problem } from '../../../errors/problem.js';
import { refuse } from '../../../errors/refuse.js';
import type { Fleet, Member } from '../../../fleet/fleet.js';
import { type FleetPaths, fleetPaths } from '../../../fleet/paths.js';
import { mergedAccess } from '../../../model/api-access.js';
import { type FleetCost, fleetCost } from '../../../model/cost.js';
import { clusterKey, type Facts, networkOf } from '../../../model/facts.js';
import type { OptionsOf } from '../../../options/table.js';
import { recoverSteps } from '../../../pipelines/recover.js';
import { runPreflight } from '../../../preflight/checks.js';
import { withExistingVpcs } from '../../../preflight/existing-vpcs.js';
import { closedEndpoints } from '../../../preflight/member-endpoints.js';
import { readFleetConfigMap } from '../../../state/fleet-configmap.js';
import { fleetIn } from '../../../state/overtaken.js';
import { readRecovery } from '../../../state/recovery.js';
import { createContext, type FleetContext } from '../../../steps/context.js';
import { compareMembers, type MemberChange } from '../../../steps/restore/compare-members.js';
import { machinesThere } from '../../review/machines-there.js';
import { type PlannedRun, planRun } from '../../shared/planned-run.js';
import type { RequestOptions } from '../../shared/resolve-request.js';
import { callOf, type Session } from '../../shared/session.js';
import { isOlder, judgeFormerParents } from './former-parent.js';
import { judgeMembers } from './own-members.js';
import { reachedBy, rotationsFor } from './reached.js';

export type RecoverOptions = RequestOptions &
  OptionsOf<'yes' | 'identityFiles' | 'forceRecover' | 'moveWorkloads'> & { readonly names: readonly string[] };

/** A backup, and the fleet that it becomes. */
export interface Wanted {
  readonly backup: OpenedBackup;
  /** As it is to be; it has the members that answer, and those that do not. */
  readonly fleet: Fleet;
  readonly paths: FleetPaths;
}

export interface PreparedRecovery extends PlannedRun {
  readonly account: string;
  readonly facts: Facts;
  readonly cost: FleetCost;
  /** What became of the former parents, a sentence each. */
  readonly former: readonly string[];
  /** What is not as the backup has it, in the members. */
  readonly changes: readonly MemberChange[];
  /** Members that are not asked or not known, and why; one sentence each. */
  readonly left: readonly string[];
}

/** Where the fleet of the backup had its files on this machine. */
export function formerPaths({ clients }: Session, { manifest }: OpenedBackup): FleetPaths {
  return fleetPaths(clients.world.environment.dataDir, manifest.fleet);
}

export async function prepareRecover(
  session: Session,
  wanted: Wanted,
  options: RecoverOptions,
): Promise<PreparedRecovery> {
  return await session.clients.withReadCache(() => readFor(session, wanted, options));
}

async function readFor(session: Session, wanted: Wanted, options: RecoverOptions): Promise<PreparedRecovery> {
  const { clients } = session;
  const { backup, paths } = wanted;
  const { manifest, path: file } = backup;
  const call = callOf(session);
  const since = await describedSince(session, wanted);
  const { pullsWithSecret, imagePullSecret } = wanted.fleet;
  const fleet = since === undefined ? wanted.fleet : { ...since, pullsWithSecret, imagePullSecret };
  const caller = await clients.whoCalls(fleet.parent.region);
  if (caller.account !== manifest.fleet.account) throw otherAccount(manifest.fleet.account, caller.account);
  const former = await judgeFormerParents(session, { manifest, file, force: options.forceRecover }, fleet);
  const reach = await accessFleet(clients, fleet, paths, call);
  const reading: FleetContext = { fleet, caller, clients, paths, ownership: reach.ownership };
  const { own, notForeign, left, later } = await judgeMembers(reading, backup, reach.apis, call);
  const apis = new Map([...reach.apis].filter(([scope]) => own.some(({ name }) => name === scope)));
  const facts = await factsOf(session, { ...wanted, fleet }, notForeign, reach);
  const context = createContext(
    { fleet: { ...fleet, kubernetesVersion: facts.kubernetesVersion }, clients, paths },
    facts,
  );
  const made = reach.clusters.get(clusterKey(fleet.parent))?.createdAt;
  const began = made === undefined || isOlder(made, manifest) ? undefined : made.getTime();
  const pushed = own.filter(({ mode }) => mode === 'push');
  refuse(closedEndpoints({ ...fleet, members: pushed }, networkOf(facts, fleet.parent), reach.clusters));
  const changes = await compareMembers(clients, apis, backup.etcd.keys, call);
  const recovery = {
    written: { backup, apis, loses: undefined, resumes: true, tell: () => undefined },
    reached: await reachedBy(context, { parent: reach.apis.get('parent'), sha256: manifest.etcd.sha256 }, call),
    rotations: await rotationsFor(context, pushed, began, call),
    isWhole: left.length === 0,
    agents: own.filter(({ mode }) => mode === 'pull'),
  };
  const leased = { fleet: context.fleet, paths, parentMayCome: true };
  const run = await planRun(session, leased, (lease) => recoverSteps(context, lease, recovery));
  const alone = { ...context.fleet, members: [] };
  const cost = fleetCost(alone, facts, await machinesThere(clients, alone, run.planned, false));
  const noFailover = left.length > 0 && fleet.failover !== undefined ? [failoverLater] : [];
  return {
    ...run,
    account: caller.account,
    facts,
    cost,
    former,
    changes,
    left: [...(since === undefined ? later : []), ...left, ...noFailover],
  };
}

/** The fleet as it is described in its new parent once that has what was in the backup: people may have changed it since. */
async function describedSince(session: Session, { backup, fleet, paths }: Wanted): Promise<Fleet | undefined> {
  const { clients } = session;
  const { cluster, region, account } = fleet.parent;
  const call = callOf(session);
  const found = await clients.eks({ region, account }).cluster(cluster);
  const access = await accessCluster(clients, paths, { context: cluster, region, account }, found);
  if (access === undefined || !(await clients.kubectl.isReady(access, call))) return undefined;
  const mark = await readRecovery(clients, access, call);
  if (mark?.isRestored !== true || mark.sha256 !== backup.manifest.etcd.sha256) return undefined;
  const described = fleetIn((await readFleetConfigMap(clients, access, call))?.description ?? '');
  return described?.id === fleet.id ? described : undefined;
}

const failoverLater = 'failover is left off while a member is left: run the same command again, or up';

/**
 * The members exist: only the parent is to be made, by the version of Karmada that the backup is of. Those whose region does not answer
 * keep what the load balancer admits of them.
 */
async function factsOf(
  session: Session,
  { backup, fleet, paths }: Wanted,
  members: readonly Member[],
  { clusters, loadBalancer }: FleetAccess,
): Promise<Facts> {
  const { clients } = session;
  const read = members.filter((each) => each.kind === 'context' || clusters.has(clusterKey(each)));
  const there = read.map((member) => (member.kind === 'eks' ? { ...member, existing: true } : member));
  const karmadaVersion = backup.manifest.karmada ?? fleet.karmadaVersion;
  const located = await withExistingVpcs(clients, { ...fleet, members: there, former: [], karmadaVersion });
  const caller = await clients.whoCalls(fleet.parent.region);
  const facts = await runPreflight(clients, { fleet: located, paths }, caller, callOf(session), {
    membersStand: true,
  });
  const unread = members.filter((member) => !read.includes(member)).map(({ name }) => name);
  const kept = [...(loadBalancer?.access.members ?? [])].filter(([name]) => unread.includes(name));
  return { ...facts, access: mergedAccess(facts.access, { base: [], members: new Map(kept) }) };
}

function otherAccount(account: string, own: string): Problem {
  return new Problem('wrong-account', {
    what: `the backup is of a fleet in account ${account}, but the credentials are for account ${own}`,
    next: [`use credentials for account ${account} (--profile)`],
  });
}
