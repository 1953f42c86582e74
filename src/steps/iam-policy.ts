/** The least IAM policy for one plan: what discovery and the steps read, and what the plan's eksctl commands change. */
import type { Facts } from '../discover/facts.js';
import { Problem } from '../errors/problem.js';
import { clustersOf, type Fleet, type FleetCluster } from '../fleet/fleet.js';
import type { PlannedStep } from '../pipeline/plan.js';
import { clusterStatements, nodeStatements, oidcProviders } from './iam-cluster-statements.js';
import { leftoverStatements } from './iam-leftover-statements.js';
import type { IamPolicy, Statement } from './iam-statement.js';

export type { IamPolicy };

/** What an eksctl command needs besides the reads. */
type Need = 'cluster' | 'oidc' | 'nodes';

/** By the command's first two words. kubectl and kubectl-karmada need none: clusters admit by access entry. */
const needs: ReadonlyMap<string, readonly Need[]> = new Map([
  ['create cluster', ['cluster', 'oidc', 'nodes']],
  ['create nodegroup', ['cluster', 'nodes']],
  ['create addon', ['cluster', 'oidc']],
  ['create accessentry', ['cluster']],
  ['create iamidentitymapping', ['cluster']],
  ['create iamserviceaccount', ['cluster', 'oidc']],
  ['utils associate-iam-oidc-provider', ['cluster', 'oidc']],
]);

/**
 * The policy for `up` to carry this plan out, for `status` and `demo`, and for `down` to take it away again.
 * What eksctl does is its documented minimum (eksctl, minimum-iam-policies.md), without what a plan like this does not
 * use, and confined to the clusters, stacks and roles of this fleet.
 * @throws Problem `internal` for an eksctl command whose needs are not known.
 */
export function iamPolicy(fleet: Fleet, facts: Facts, planned: readonly PlannedStep[]): IamPolicy {
  const changed = changes(fleet, planned);
  const having = (need: Need): readonly FleetCluster[] =>
    changed.filter(({ all }) => all.has(need)).map(({ cluster }) => cluster);
  return {
    Version: '2012-10-17',
    Statement: [
      reads,
      ...(changed.length > 0 ? clusterStatements(facts, having('cluster')) : []),
      ...(having('oidc').length > 0 ? [oidcProviders(facts, having('oidc'))] : []),
      ...(having('nodes').length > 0 ? nodeStatements(facts, having('nodes')) : []),
      ...(changed.length > 0 ? leftoverStatements(fleet, facts, having('cluster')) : []),
      ...(describes(planned) ? [regionsTag(fleet, facts)] : []),
    ],
  };
}

/** The clusters that the plan changes, each with all that its commands need. */
function changes(
  fleet: Fleet,
  planned: readonly PlannedStep[],
): readonly { readonly cluster: FleetCluster; readonly all: ReadonlySet<Need> }[] {
  return clustersOf(fleet).flatMap((cluster) => {
    const commands = planned
      .filter(({ step }) => step.lane === cluster.lane)
      .flatMap((step) => step.commands.filter(({ tool }) => tool === 'eksctl'));
    const all = new Set(commands.flatMap(({ args }) => needsOf(args.slice(0, 2).join(' '))));
    return all.size === 0 ? [] : [{ cluster, all }];
  });
}

/** Whether the fleet is described anew, and with it the list of its regions on the parent. */
function describes(planned: readonly PlannedStep[]): boolean {
  return planned.some(({ step, state }) => step.id === 'record-fleet' && state !== 'ready');
}

function regionsTag({ parent }: Fleet, { caller }: Facts): Statement {
  const { partition, account } = caller;
  const arn = `arn:${partition}:eks:${parent.region}:${account}:cluster/${parent.cluster}`;
  return { Sid: 'RegionsTag', Effect: 'Allow', Action: ['eks:TagResource'], Resource: arn };
}

function needsOf(words: string): readonly Need[] {
  const found = needs.get(words);
  if (found === undefined) throw new Problem('internal', { what: `what eksctl ${words} needs in IAM is not known` });
  return found;
}

/** What karmada-eks and eksctl look at. Most of these actions know no resources. */
const reads: Statement = {
  Sid: 'Look',
  Effect: 'Allow',
  Action: [
    'cloudformation:DescribeStackEvents',
    'cloudformation:DescribeStacks',
    'cloudformation:ListStacks',
    'ec2:Describe*',
    'eks:Describe*',
    'eks:List*',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTags',
    'elasticloadbalancing:DescribeTargetGroups',
    'iam:GetRole',
    'iam:ListOpenIDConnectProviders',
    'iam:ListOpenIDConnectProviderTags',
    'iam:ListRoles',
    'iam:ListRoleTags',
    'logs:DescribeLogGroups',
  ],
  Resource: '*',
};
