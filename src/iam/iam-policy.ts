/** The least IAM policy for one plan: what discovery and the steps read, and what the plan's eksctl commands change. */

import type { S3Address } from '../backup/address.js';
import type { Recipients } from '../backup/encryption/recipients.js';
import type { PlannedStep } from '../engine/plan.js';
import { Problem } from '../errors/problem.js';
import { ebsRoleName } from '../fleet/ebs-driver.js';
import { clustersOf, type Fleet, type FleetCluster, type FleetMemberCluster } from '../fleet/fleet.js';
import { clusterKey, type Facts } from '../model/facts.js';
import type { EarlierCluster } from '../ownership/earlier-clusters.js';
import { regionsTag } from '../state/find-fleet.js';
import { assumedRoles, type Changes, policiesOfRoles, type RolePolicy } from './account-statements.js';
import { backupKeyStatements } from './backup-key-statements.js';
import { backupStatements } from './backup-statements.js';
import { clusterStatements, clusterTag, oidcProviders, scaledNodes } from './cluster-statements.js';
import { adminStatements, driverStatements } from './existing-statements.js';
import { leftoverStatements } from './leftover-statements.js';
import { nameStatements } from './name-statements.js';
import { nodeStatements } from './node-statements.js';
import { readsFor } from './reads.js';
import { clusterPolicies, driverKey, driverPolicy, roleArn, roleStatements, rolesOf } from './role-statements.js';
import { scheduleStatements } from './schedule-statements.js';
import type { IamPolicy, Statement } from './statement.js';
import { vpcStatements } from './vpc-statements.js';

export {
  cloudFormationTemplate,
  documentsOf,
  mostCharacters,
  mostTemplateBytes,
  terraformConfiguration,
} from './documents.js';
export { holderSentence, unconfinedActions } from './unconfined.js';
export type { IamPolicy, RolePolicy };

/** By the command's first two words. kubectl and kubectl-karmada need none: clusters admit by access entry. */
const whatFor: ReadonlyMap<string, 'made' | 'scaled'> = new Map([
  ['create cluster', 'made'],
  ['create nodegroup', 'made'],
  ['delete nodegroup', 'made'],
  ['create addon', 'made'],
  ['delete addon', 'made'],
  ['create accessentry', 'made'],
  ['utils associate-iam-oidc-provider', 'made'],
  ['scale nodegroup', 'scaled'],
]);

/** What becomes of the backups of the fleet. */
interface Backups {
  /** Where in S3 they are; undefined: not in S3. */
  readonly place: S3Address | undefined;
  /** For whom they are encrypted. */
  readonly recipients: Recipients;
  /** Whether the parent is to back up by itself. */
  readonly areScheduled: boolean;
}

/** What is known besides the plan. */
interface Besides {
  readonly backups: Backups;
  readonly earlier: readonly EarlierCluster[];
}

/**
 * The policy for `up` to carry this plan out, for `status` and `demo`, and for `down` to take it away again.
 * What eksctl does was read in its source (0.230.0), and is confined to the clusters, stacks and roles of this fleet. No statement
 * allows to put a tag on something foreign by which another one would allow to delete it.
 * @throws Problem `internal` for an eksctl command whose needs are not known.
 */
export function iamPolicy(
  fleet: Fleet,
  facts: Facts,
  planned: readonly PlannedStep[],
  { backups, earlier }: Besides,
): IamPolicy {
  const changes = inOwnAccount(changesOf(fleet, facts, planned));
  const { made, scaled, adopted } = changes;
  const driven = adopted.filter((each) => clusterKey(each) === clusterKey(fleet.parent));
  const uses = made.length + driven.length > 0;
  // The provider of one that existed before may be missing; that of a driver is asked for anyway.
  const isForeign = isExisting(facts, fleet.parent) && driven.length === 0;
  const associated = backups.areScheduled && isForeign ? [fleet.parent] : [];
  return {
    Version: '2012-10-17',
    Statement: [
      readsFor(fleet),
      ...(planned.some(({ step, state }) => step.id === 'create-vpc' && state !== 'ready')
        ? vpcStatements(fleet, facts)
        : []),
      ...(made.length > 0 ? clusterStatements(fleet, facts, made) : []),
      ...scaledNodes(facts, scaled),
      ...driven.flatMap((parent) => driverStatements(fleet, facts, parent)),
      ...adminStatements(fleet, facts, adopted),
      ...(uses ? roles(fleet, facts, made, driven) : []),
      ...oidcProviders(facts, [...made, ...driven, ...associated], made),
      ...(made.length > 0 ? nodeStatements(facts, made) : []),
      ...(uses ? leftoverStatements(fleet, facts, made) : []),
      ...tagOfParent(fleet, facts, planned, changes),
      ...assumedRoles(fleet, earlier),
      ...nameStatements(fleet, facts),
      ...(backups.place === undefined ? [] : backupStatements(fleet, facts, backups.place)),
      ...backupKeyStatements(fleet, backups.recipients),
      ...(backups.areScheduled ? scheduleStatements(fleet, facts, associated.length > 0) : []),
    ],
  };
}

/**
 * What each role of another account needs there, for the same runs.
 * @param unseen clusters that could not be looked at: those that do not exist by the configuration are made
 */
export function rolePolicies(
  fleet: Fleet,
  facts: Facts,
  planned: readonly PlannedStep[],
  { unseen = [], earlier }: { readonly unseen?: readonly FleetMemberCluster[]; readonly earlier: Besides['earlier'] },
): readonly RolePolicy[] {
  const changes = changesOf(fleet, facts, planned);
  const existing = unseen.filter((each) => isDescribedAsExisting(fleet, each));
  const made = [...changes.made, ...unseen.filter((each) => !existing.includes(each))];
  const ownership = new Map([...facts.ownership, ...existing.map((each) => [clusterKey(each), 'existing'] as const)]);
  return policiesOfRoles(fleet, { ...facts, ownership }, { ...changes, made }, earlier);
}

function isDescribedAsExisting({ members }: Fleet, { scope }: FleetMemberCluster): boolean {
  return members.some((each) => each.name === scope && each.kind === 'eks' && each.existing);
}

function inOwnAccount({ made, scaled, adopted }: Changes): Changes {
  const isOwn = ({ account }: FleetCluster): boolean => account === undefined;
  return { made: made.filter(isOwn), scaled: scaled.filter(isOwn), adopted: adopted.filter(isOwn) };
}

/** What existed before is known by its step: its preview names the same commands whatever is missing. */
function changesOf(fleet: Fleet, facts: Facts, planned: readonly PlannedStep[]): Changes {
  const own = (what: 'made' | 'scaled') => (cluster: FleetCluster & { readonly scope: string }) =>
    !isExisting(facts, cluster) &&
    planned
      .filter(({ step }) => step.scope === cluster.scope)
      .flatMap(({ commands }) => commands.filter(({ tool }) => tool === 'eksctl'))
      .some(({ args }) => useOf(args.slice(0, 2).join(' ')) === what);
  const clusters = clustersOf(fleet);
  const isPrepared = ({ scope }: { readonly scope: string }): boolean =>
    planned.some(({ step, state }) => step.id === `prepare-existing/${scope}` && state !== 'ready');
  return {
    made: clusters.filter(own('made')),
    scaled: clusters.filter(own('scaled')),
    adopted: clusters.filter((cluster) => isExisting(facts, cluster) && isPrepared(cluster)),
  };
}

function isExisting({ ownership }: Facts, cluster: FleetCluster): boolean {
  return ownership.get(clusterKey(cluster)) === 'existing';
}

function useOf(words: string): 'made' | 'scaled' {
  const found = whatFor.get(words);
  if (found === undefined)
    throw new Problem('internal', { what: `the IAM permissions of eksctl ${words} are unknown` });
  return found;
}

/** The driver's policy only where the plan gives a parent the driver. */
function roles(
  { parent, permissionsBoundary }: Fleet,
  facts: Facts,
  made: readonly FleetCluster[],
  driven: readonly FleetCluster[],
): readonly Statement[] {
  const withDriver = [...made, ...driven].some((each) => clusterKey(each) === clusterKey(parent));
  const names = [
    ...made.map((each) => rolesOf(facts, each)),
    ...driven.map((each) => roleArn(facts, ebsRoleName(each))),
  ];
  const inline =
    withDriver && facts.volumeKey !== undefined
      ? driverKey(roleArn(facts, ebsRoleName(parent)), permissionsBoundary)
      : [];
  const all = roleStatements(
    facts,
    [...new Set(names)],
    [...(made.length > 0 ? clusterPolicies : []), ...(withDriver ? [driverPolicy] : [])],
    permissionsBoundary,
  );
  return [...all, ...inline];
}

/** The list of regions on a parent that the fleet made, where the fleet is described anew and `Clusters` does not name it. */
function tagOfParent(
  fleet: Fleet,
  facts: Facts,
  planned: readonly PlannedStep[],
  { made }: Changes,
): readonly Statement[] {
  const isDescribed = planned.some(({ step, state }) => step.id === 'record-fleet' && state !== 'ready');
  const isKnown = made.some((each) => clusterKey(each) === clusterKey(fleet.parent));
  if (!isDescribed || isKnown || isExisting(facts, fleet.parent)) return [];
  return [clusterTag(fleet, facts, fleet.parent, regionsTag)];
}
