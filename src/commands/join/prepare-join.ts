/** Prepares `join`: the fleet with its new members, the facts about them, the steps, and the check of each step. */

import { refuseUnreachableMembers } from '../../access/endpoints/unreachable.js';
import type { FleetAccess } from '../../access/fleet-access.js';
import { loopbackWarnings } from '../../access/loopback-warning.js';
import type { Diagnostic } from '../../errors/problem.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import { withJoining } from '../../fleet/joined.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { requestOf, withRevision } from '../../fleet/resolve.js';
import { type FleetCost, newMembersCost } from '../../model/cost.js';
import { clusterKey, type Facts } from '../../model/facts.js';
import type { Claimant } from '../../ownership/cluster-ownership.js';
import { readRememberedClusters } from '../../ownership/fleet-record.js';
import { joinSteps } from '../../pipelines/join.js';
import { runPreflight } from '../../preflight/checks.js';
import { withExistingVpcs } from '../../preflight/existing-vpcs.js';
import { createContext } from '../../steps/context.js';
import { type KnownFleet, knownOf } from '../shared/known-fleet.js';
import { type PlannedRun, planRun } from '../shared/planned-run.js';
import type { Session } from '../shared/session.js';
import type { OpenFleet } from '../shared/with-fleet.js';
import { type JoinFlags, joinOptions } from './join-options.js';

/** `fleet` has the new members among its own. */
export interface PreparedJoin extends PlannedRun {
  readonly joining: readonly Member[];
  readonly account: string;
  /** What is known of the fleet without the new members. */
  readonly described: KnownFleet;
  readonly facts: Facts;
  readonly switchContext: boolean;
  /** Cost of the clusters that are created for it; undefined if none is. */
  readonly cost: FleetCost | undefined;
  /** Of the new members and the parent. */
  readonly warnings: readonly Diagnostic[];
  /** Removes what was copied to check the new members, if they do not join after all. */
  readonly forget: () => Promise<void>;
}

type OnNamed = (fleet: Fleet, joining: readonly Member[]) => void;

/** `onNamed` receives the members before their names are used. @throws Problem for everything in the way */
export async function prepareJoin(
  { session, ref, fleet: known, paths, caller, call, access }: OpenFleet,
  options: JoinFlags,
  onNamed: OnNamed,
): Promise<PreparedJoin> {
  const { clients } = session;
  const described = await knownOf(session, ref);
  const memory = await readRememberedClusters(clients.world.files, paths, known);
  const { fleet, joining } = await joinedFleet(session, options, { fleet: known, memory }, caller.account);
  onNamed(fleet, joining);
  const forget = (): Promise<void> => forgetCopies(session, paths, known, joining);
  try {
    // Only the new members are checked: a problem elsewhere is no reason to refuse them.
    const alone: Fleet = { ...fleet, members: joining, former: [] };
    const reach = await access(alone);
    await refuseUnreachableMembers(clients, alone, reach, call);
    const located = withParentsVpc(alone, reach);
    const facts = await runPreflight(clients, { fleet: located, paths }, caller, call, { parentStands: true });
    const warnings = [...facts.warnings, ...(await loopbackWarnings(clients, joining, call))];
    const switchContext = options.useContext;
    const context = createContext({ fleet, clients, paths }, facts, { switchContext });
    const run = await planRun(session, { fleet, paths }, (lease) => joinSteps(context, lease, joining));
    const { account } = caller;
    const cost = newMembersCost(located, facts);
    return { ...run, joining, account, described, cost, facts, switchContext, warnings, forget };
  } catch (thrown) {
    await forget();
    throw thrown;
  }
}

/** The request, applied to the fleet as known. */
async function joinedFleet(
  session: Session,
  options: JoinFlags,
  claimant: Claimant,
  account: string,
): Promise<{ readonly fleet: Fleet; readonly joining: readonly Member[] }> {
  const { clients } = session;
  const known = claimant.fleet;
  const joined = withJoining(known, await joinOptions(session, options, claimant, account));
  const { members: joining } = await withExistingVpcs(clients, { ...joined.fleet, members: joined.joining });
  const members = joined.fleet.members.map((old) => joining.find(({ name }) => name === old.name) ?? old);
  return { fleet: withRevision({ ...joined.fleet, members }, requestOf(known)), joining };
}

/** EKS knows the parent's VPC better than the original request: a Name tag may match several VPCs by now. */
function withParentsVpc(fleet: Fleet, { clusters }: FleetAccess): Fleet {
  const { parent } = fleet;
  const vpc = clusters.get(clusterKey(parent))?.resourcesVpcConfig?.vpcId ?? parent.vpc;
  return { ...fleet, parent: { ...parent, vpc } };
}

/** The copies of kubeconfigs hold secrets; those of members that the fleet knew before stay. */
async function forgetCopies(
  { clients }: Session,
  paths: FleetPaths,
  known: Pick<Fleet, 'members' | 'former'>,
  joining: readonly Member[],
): Promise<void> {
  const kept = new Set([...known.members, ...known.former].map(({ name }) => name));
  for (const { name } of joining) if (!kept.has(name)) await clients.world.files.remove(paths.kubeconfig(name));
}
