/** Prepares `recover`: reads the backup, refuses while the former parent stands, and plans the new one. */
import { isAbsolute, join } from 'node:path';
import { accessFleet } from '../../../access/fleet-access.js';
import type { HeldBack } from '../../../backup/held-back.js';
import { type OpenedBackup, openBackup } from '../../../backup/opened-backup.js';
import { Problem } from '../../../errors/problem.js';
import { refuse } from '../../../errors/refuse.js';
import type { Fleet, Member } from '../../../fleet/fleet.js';
import { type FleetPaths, fleetPaths } from '../../../fleet/paths.js';
import { type FleetCost, fleetCost } from '../../../model/cost.js';
import { clusterKey, type Facts, networkOf } from '../../../model/facts.js';
import type { OptionsOf } from '../../../options/table.js';
import { recoverSteps } from '../../../pipelines/recover.js';
import { runPreflight } from '../../../preflight/checks.js';
import { withExistingVpcs } from '../../../preflight/existing-vpcs.js';
import { closedEndpoints } from '../../../preflight/member-endpoints.js';
import { knownMembers } from '../../../state/recovered-fleet.js';
import { createContext } from '../../../steps/context.js';
import { compareMembers, type MemberChange } from '../../../steps/restore/compare-members.js';
import { machinesThere } from '../../review/machines-there.js';
import { type PlannedRun, planRun } from '../../shared/planned-run.js';
import type { RequestOptions } from '../../shared/resolve-request.js';
import { callOf, type Session } from '../../shared/session.js';
import { isOlder, judgeFormerParent } from './former-parent.js';
import { reachedBy, rotationsFor } from './reached.js';

export type RecoverOptions = RequestOptions & OptionsOf<'yes' | 'forceRecover'> & { readonly names: readonly string[] };

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
  /** What became of the former parent, as a sentence. */
  readonly former: string;
  /** What is not as the backup has it, in the members. */
  readonly changes: readonly MemberChange[];
  /** Members that are not asked or not known, and why; one sentence each. */
  readonly left: readonly string[];
  /** What was held back; undefined: nothing was written in this run. */
  readonly held: () => HeldBack | undefined;
}

export async function openNamed({ clients }: Session, { names }: RecoverOptions): Promise<OpenedBackup> {
  const [file = ''] = names;
  const { files, environment } = clients.world;
  return await openBackup(files, isAbsolute(file) ? file : join(environment.workingDir, file));
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
  const { backup, fleet, paths } = wanted;
  const { manifest, path: file } = backup;
  const call = callOf(session);
  const caller = await clients.whoCalls(fleet.parent.region);
  if (caller.account !== manifest.fleet.account) throw otherAccount(manifest.fleet.account, caller.account);
  const judged = { manifest, file, paths: formerPaths(session, backup), force: options.forceRecover };
  const former = await judgeFormerParent(session, judged, fleet.parent);
  const reach = await accessFleet(clients, fleet, paths, call);
  const known = knownMembers(fleet.members, backup.etcd.keys);
  const answering = await thoseThatAnswer(session, known, reach.apis);
  const facts = await factsOf(session, wanted, answering);
  const context = createContext(
    { fleet: { ...fleet, kubernetesVersion: facts.kubernetesVersion }, clients, paths },
    facts,
  );
  const made = reach.clusters.get(clusterKey(fleet.parent))?.createdAt;
  const since = made === undefined || isOlder(made, manifest) ? undefined : made.getTime();
  const pushed = answering.filter(({ mode }) => mode === 'push');
  refuse(closedEndpoints({ ...fleet, members: answering }, networkOf(facts, fleet.parent), reach.clusters));
  const changes = await compareMembers(clients, reach.apis, backup.etcd.keys, call);
  let held: HeldBack | undefined;
  const tell = (back: HeldBack): void => {
    held = back;
  };
  const recovery = {
    written: { backup, apis: reach.apis, loses: undefined, resumes: true, tell },
    reached: await reachedBy(context, { parent: reach.apis.get('parent'), sha256: manifest.etcd.sha256 }, call),
    rotations: await rotationsFor(context, pushed, since, call),
    agents: answering.filter(({ mode }) => mode === 'pull'),
  };
  const leased = { fleet: context.fleet, paths, parentMayCome: true };
  const run = await planRun(session, leased, (lease) => recoverSteps(context, lease, recovery));
  const own = { ...context.fleet, members: [] };
  const cost = fleetCost(own, facts, await machinesThere(clients, own, run.planned, false));
  const left = [
    ...sentences(without(fleet.members, known), 'joined after the backup: Karmada will not know it'),
    ...sentences(without(known, answering), 'does not respond: it is left as it is'),
  ];
  return { ...run, account: caller.account, facts, cost, former, changes, left, held: () => held };
}

/** The members exist: only the parent is to be made, by the version of Karmada that the backup is of. */
async function factsOf(session: Session, { backup, fleet, paths }: Wanted, members: readonly Member[]): Promise<Facts> {
  const { clients } = session;
  const there = members.map((member) => (member.kind === 'eks' ? { ...member, existing: true } : member));
  const karmadaVersion = backup.manifest.karmada ?? fleet.karmadaVersion;
  const located = await withExistingVpcs(clients, { ...fleet, members: there, former: [], karmadaVersion });
  const caller = await clients.whoCalls(fleet.parent.region);
  return await runPreflight(clients, { fleet: located, paths }, caller, callOf(session));
}

async function thoseThatAnswer(
  session: Session,
  members: readonly Member[],
  apis: Awaited<ReturnType<typeof accessFleet>>['apis'],
): Promise<readonly Member[]> {
  const { kubectl } = session.clients;
  const answers = await Promise.all(
    members.map(async ({ name }) => {
      const access = apis.get(name);
      return access !== undefined && (await kubectl.isReady(access, callOf(session)));
    }),
  );
  return members.filter((_, index) => answers[index]);
}

function without(members: readonly Member[], others: readonly Member[]): readonly Member[] {
  return members.filter((member) => !others.includes(member));
}

function sentences(members: readonly Member[], what: string): readonly string[] {
  return members.map(({ name }) => `member ${name} ${what}`);
}

function otherAccount(account: string, own: string): Problem {
  return new Problem('wrong-account', {
    what: `the backup is of a fleet in account ${account}, but the credentials are for account ${own}`,
    next: [`use credentials for account ${account} (AWS_PROFILE)`],
  });
}
