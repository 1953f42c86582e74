/** Removes what was found left of a fleet and was agreed to: one step for each kind in each region, in an order that works. */
import pMap from 'p-map';
import type { Destruction } from '../../engine/destruction.js';
import type { ApplyContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { recheckLeftovers } from '../../leftovers/find-leftovers.js';
import type { Leftover, LeftoverKind } from '../../leftovers/leftover.js';
import type { LeftoverQuery } from '../../leftovers/scope.js';
import type { Site } from '../context.js';
import { expectedToRemove, removeOne } from './remove-leftover.js';

/**
 * What must be over before, well or badly, what comes first in it first. Clusters go before their load balancers, for a cluster that
 * lives would make them again, and eksctl removes those of its Services; rules go first, for only the load balancer tells
 * which they are; stacks go after the interfaces that hold their security groups.
 */
const before: Readonly<Record<LeftoverKind, readonly LeftoverKind[]>> = {
  'security group rule': [],
  'EKS cluster': [],
  'load balancer': ['security group rule', 'EKS cluster'],
  'target group': ['load balancer'],
  'network interface': ['EKS cluster', 'load balancer'],
  'CloudFormation stack': ['EKS cluster', 'load balancer', 'network interface'],
  'security group': ['EKS cluster', 'load balancer', 'network interface', 'CloudFormation stack'],
  volume: ['EKS cluster', 'CloudFormation stack'],
  'log group': ['EKS cluster', 'CloudFormation stack'],
  'IAM role': ['EKS cluster', 'CloudFormation stack'],
  'OIDC provider': ['EKS cluster', 'CloudFormation stack'],
};

/** Things of one kind removed side by side. */
const concurrency = 5;

/** Nothing but `left` is removed, and of that only what is still there, and still the fleet's, when its turn comes. */
export function leftoverSteps(site: Site, options: LeftoverQuery, left: readonly Leftover[]): readonly Step[] {
  const groups = new Map<
    string,
    { readonly kind: LeftoverKind; readonly region: string; readonly things: Leftover[] }
  >();
  for (const thing of left) {
    const { kind, region } = thing;
    const group = groups.get(idOf(thing)) ?? { kind, region, things: [] };
    group.things.push(thing);
    groups.set(idOf(thing), group);
  }
  return [...groups].map(([id, { kind, region, things }]) => {
    const others = [...groups].filter(
      ([, other]) => before[kind].includes(other.kind) && (region === 'global' || other.region === region),
    );
    return stepFor(site, options, { id, kind, region, things, waitsFor: others.map(([other]) => other) });
  });
}

/** What a removal is agreed to by, and checked against. */
export function leftoverDestruction(thing: Leftover): Destruction {
  const { kind, evidence } = thing;
  return { how: 'delete', kind, name: placed(thing), holds: [], evidence, flag: '--remove-leftovers' };
}

interface LeftoverGroup {
  readonly id: string;
  readonly kind: LeftoverKind;
  readonly region: string;
  readonly things: readonly Leftover[];
  readonly waitsFor: readonly string[];
}

function stepFor(site: Site, options: LeftoverQuery, { id, kind, region, things, waitsFor }: LeftoverGroup): Step {
  const there = (): Promise<readonly Leftover[]> => recheckLeftovers(site.clients, options, kind, things);
  const title = `remove ${countOf(things)} in ${region}`;
  return {
    id,
    title: region === 'global' ? `remove ${countOf(things)}` : title,
    // What fails here stops nothing else.
    scope: 'leftovers',
    after: [],
    waitsFor,
    expectedMs: expectedToRemove(kind),
    preview: () => ({ changes: things.map(lineOf), commands: [] }),
    check: async () => {
      const found = await there();
      if (found.length === 0) return { state: 'ready' };
      return found.length === things.length ? { state: 'absent' } : { state: 'partial', missing: found.map(lineOf) };
    },
    destroys: async () => (await there()).map(leftoverDestruction),
    apply: async (context) => await removeAll(site, options, context, await there()),
  };
}

/** @throws Problem `leftover-not-removed` with the reason of each that stays; what ends the whole run as it is */
async function removeAll(
  site: Site,
  options: LeftoverQuery,
  context: ApplyContext,
  things: readonly Leftover[],
): Promise<void> {
  const failures = await pMap(
    inTurn(things),
    (turn) => pMap(turn, (thing) => failureOf(site, options, context, thing), { concurrency }),
    { concurrency: 1 },
  );
  const failed = failures.flat().flatMap((failure) => failure ?? []);
  const [first] = failed;
  if (first === undefined) return;
  if (first.problem.code === 'interrupted') throw first.problem;
  throw new Problem('leftover-not-removed', {
    what: `${failed.length} of ${countOf(things)} could not be removed`,
    why: failed.map(({ thing, problem }) => `${thing.name}: ${problem.why ?? problem.message}`).join('; '),
    next: ['remove what holds them, or wait some minutes', 'run karmada-eks down --remove-leftovers again'],
  });
}

/** The stacks of control planes come after all others: what they export is used by those. */
function inTurn(things: readonly Leftover[]): readonly (readonly Leftover[])[] {
  const isMain = ({ kind, name, within }: Leftover): boolean =>
    kind === 'CloudFormation stack' && name === `eksctl-${within ?? ''}-cluster`;
  return [things.filter((thing) => !isMain(thing)), things.filter(isMain)];
}

/** Others take their time: whose it is, is asked once more right before. */
async function failureOf(
  site: Site,
  options: LeftoverQuery,
  context: ApplyContext,
  thing: Leftover,
): Promise<{ readonly thing: Leftover; readonly problem: Problem } | undefined> {
  try {
    const [still] = await recheckLeftovers(site.clients, options, thing.kind, [thing]);
    if (still !== undefined) await removeOne(site, context, still);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    return { thing, problem: thrown };
  }
}

function idOf({ kind, region }: Leftover): string {
  return `remove/${kind.toLowerCase().replaceAll(' ', '-')}/${region}`;
}

function lineOf(thing: Leftover): string {
  return `${thing.kind} ${placed(thing)}`;
}

function placed({ name, region }: Leftover): string {
  return region === 'global' ? name : `${name} in ${region}`;
}

/** e.g. `1 volume`, `3 volumes`. */
function countOf(things: readonly Leftover[]): string {
  return `${things.length} ${things[0]?.kind ?? ''}${things.length === 1 ? '' : 's'}`;
}
