/** Deletes the leftovers of one kind in one region of an account that were found and agreed to. */

import pMap from 'p-map';
import { ruleDescriptions } from '../../access/node-rules.js';
import type { Destruction } from '../../engine/destruction.js';
import type { ApplyContext, Step } from '../../engine/step.js';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { recheckLeftovers } from '../../leftovers/find-leftovers.js';
import type { Leftover, LeftoverKind } from '../../leftovers/leftover.js';
import type { LeftoverQuery } from '../../leftovers/scope.js';
import { type AwsPlace, placeKey, placeName } from '../../world/place.js';
import type { FleetContext } from '../context.js';
import { expectedToRemove, removeOne } from './remove-leftover.js';

/** Things of one kind removed in parallel. */
const concurrency = 5;

/** What a removal is agreed to by, and checked against. */
export function leftoverDestruction(thing: Leftover): Destruction {
  const { kind, evidence } = thing;
  return { how: 'delete', kind, name: placed(thing), holds: [], evidence, flag: '--remove-leftovers' };
}

/** What one step removes: things of one kind in one region of an account. */
interface Batch extends AwsPlace {
  readonly kind: LeftoverKind;
  readonly things: readonly Leftover[];
}

/** Of `things`, only what is still there, and still the fleet's, when its turn comes. */
export function removeLeftovers(context: FleetContext, query: LeftoverQuery, batch: Batch): Step {
  const { kind, things } = batch;
  const there = (): Promise<readonly Leftover[]> => recheckLeftovers(context.clients, query, kind, things);
  return {
    id: `remove/${kind.toLowerCase().replaceAll(' ', '-')}/${placeKey(batch)}`,
    title: `remove ${countOf(things)}${inPlace(batch)}`,
    // What fails here stops nothing else.
    scope: 'leftovers',
    expectedMs: expectedToRemove(kind),
    preview: () => ({ changes: things.map(lineOf), commands: [] }),
    check: async () => ({ state: (await there()).length === 0 ? 'ready' : 'absent' }),
    destroys: async () => (await there()).map(leftoverDestruction),
    apply: async (call) => await removeAll(context, query, call, await there()),
  };
}

/** @throws Problem `leftover-not-removed` with the reason of each that is kept; what ends the whole run as it is */
async function removeAll(
  context: FleetContext,
  query: LeftoverQuery,
  call: ApplyContext,
  things: readonly Leftover[],
): Promise<void> {
  const failures = await pMap(
    inTurn(things),
    (turn) => pMap(turn, (thing) => failureOf(context, query, call, thing), { concurrency }),
    { concurrency: 1 },
  );
  const failed = failures.flat().flatMap((failure) => failure ?? []);
  const [first] = failed;
  if (first === undefined) return;
  if (first.problem.code === 'interrupted') throw first.problem;
  throw new Problem('leftover-not-removed', {
    what: `${failed.length} of ${countOf(things)} could not be deleted`,
    why: failed.map(({ thing, problem }) => `${thing.name}: ${problem.why ?? problem.message}`).join('; '),
    next: [
      'delete what blocks them, or wait a few minutes',
      `try again: ${fleetCommand('down --remove-leftovers', context.fleet)}`,
    ],
  });
}

/**
 * The stacks of control planes come after all others: what they export is used by those. Rules for packet sizes come before all others:
 * by the rules for clients of the same CIDR it is known whose they are.
 */
function inTurn(things: readonly Leftover[]): readonly (readonly Leftover[])[] {
  const isShared = ({ kind, detail }: Leftover): boolean =>
    kind === 'security group rule' && detail.startsWith(`${ruleDescriptions.mtu} `);
  const isMain = ({ kind, name, within }: Leftover): boolean =>
    kind === 'CloudFormation stack' && name === `eksctl-${within ?? ''}-cluster`;
  const others = things.filter((thing) => !isShared(thing) && !isMain(thing));
  return [things.filter(isShared), others, things.filter(isMain)];
}

/** Other deletions take time, so the owner is checked again right before. */
async function failureOf(
  context: FleetContext,
  query: LeftoverQuery,
  call: ApplyContext,
  thing: Leftover,
): Promise<{ readonly thing: Leftover; readonly problem: Problem } | undefined> {
  try {
    const [still] = await recheckLeftovers(context.clients, query, thing.kind, [thing]);
    if (still !== undefined) await removeOne(context, call, still);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    return { thing, problem: thrown };
  }
}

function lineOf(thing: Leftover): string {
  return `${thing.kind} ${placed(thing)}`;
}

function placed(thing: Leftover): string {
  return `${thing.name}${inPlace(thing)}`;
}

/** IAM has no regions. */
function inPlace({ region, account }: AwsPlace): string {
  if (region !== 'global') return ` in ${placeName({ region, account })}`;
  return account === undefined ? '' : ` of account ${account.id}`;
}

/** e.g. `1 volume`, `3 volumes`. */
function countOf(things: readonly Leftover[]): string {
  return counted(things.length, things[0]?.kind ?? '');
}
