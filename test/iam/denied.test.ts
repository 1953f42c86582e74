/** The policy of a plan is no more than enough: what would harm others is denied, and each condition is needed for that. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { IamPolicy } from '../../src/iam/iam-policy.js';
import { region } from '../lifecycle/fleet.js';
import {
  backupCanaries,
  boundedCanaries,
  canaries,
  describedCanaries,
  existingOf,
  scheduleCanaries,
  vpcCanaries,
} from './canaries.js';
import { allows, type Request, withoutOneCondition } from './evaluator.js';
import { type PlanName, planNames, plans, policyOf } from './fleets.js';
import { ask, regionalArn, tagged, tagging } from './shapes.js';

const further: Readonly<Partial<Record<PlanName, typeof canaries>>> = {
  'clusters that existed before': existingOf(['karmada-parent', 'one', 'two']),
  'new clusters, and one that existed before': existingOf(['two']),
  'a member more, in another region': describedCanaries,
  'more nodes': describedCanaries,
  'backups in S3': backupCanaries,
  'scheduled backups': scheduleCanaries,
  'scheduled backups of a parent that existed before': { ...existingOf(['karmada-parent']), ...scheduleCanaries },
  'a VPC of its own': vpcCanaries,
  'tags, a key for volumes and a permissions boundary': boundedCanaries,
};

/** The canaries carry one id, whatever the fleet of a plan has drawn. */
function named(policy: IamPolicy): IamPolicy {
  const text = JSON.stringify(policy).replaceAll(/[0-9a-f]{12}\.111122223333\.us-west-2/g, `karmada.${region}`);
  return JSON.parse(text) as IamPolicy;
}

const policies = new Map<PlanName, IamPolicy>();

beforeAll(async () => {
  for (const name of planNames)
    policies.set(name, named(await policyOf(await plans[name].account(), plans[name].flags)));
}, 120_000);

function policyFor(name: PlanName): IamPolicy {
  return policies.get(name) as IamPolicy;
}

function allowed(policy: IamPolicy, all: typeof canaries): readonly string[] {
  const lines = (what: string, requests: readonly Request[]): readonly string[] =>
    requests
      .filter((request) => allows(policy, request))
      .map(({ action, resource, context }) => `${what}: ${action} ${resource} ${JSON.stringify(context)}`);
  return Object.entries(all).flatMap(([what, requests]) => lines(what, requests));
}

describe.each(planNames)('the policy for %s', (name) => {
  const all = { ...canaries, ...further[name] };

  it('denies every canary', () => {
    expect(allowed(policyFor(name), all)).toEqual([]);
  });

  it('allows one of them as soon as any single condition is missing', () => {
    const weaker = withoutOneCondition(policyFor(name));
    expect(weaker.length).toBeGreaterThan(0);
    expect(weaker.filter(({ policy }) => allowed(policy, all).length === 0).map(({ where }) => where)).toEqual([]);
  });
});

it('does not let a foreign volume be marked as the fleet’s and then deleted', () => {
  const policy = policyFor('two members and an administrator');
  const arn = regionalArn('ec2', region, 'volume/vol-of-payroll');
  const mark = { 'karmada-eks/fleet': `karmada.${region}` };
  const marked = allows(policy, ask('ec2:CreateTags', arn, region, tagging(mark)));
  const deleted = allows(policy, ask('ec2:DeleteVolume', arn, region, tagged(marked ? mark : {})));
  expect({ marked, deleted }).toEqual({ marked: false, deleted: false });
  // With the mark it would be: that it cannot be put there is what protects it.
  expect(allows(policy, ask('ec2:DeleteVolume', arn, region, tagged(mark)))).toBe(true);
});
