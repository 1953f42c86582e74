/** Waits until Karmada has moved the demo away from a member that is silent, and tells what happens when. */

import { memberOf, readiness } from '../../access/member-list.js';
import { silencedSince } from '../../access/silenced.js';
import type { CallContext, Step } from '../../engine/step.js';
import { asProblem, Problem } from '../../errors/problem.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { durationMs } from '../../fleet/settings/duration.js';
import { type FleetContext, karmadaAccess, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { countReplicas, demoBinding, demoReplicas } from './demo.js';

/** Something that was seen for the first time. */
export interface Sighting {
  readonly what: string;
  /** Since the member became silent, or since it was brought back. */
  readonly afterMs: number;
}

/** How long moving may take beyond the time for which a member has to be silent: probes, their time-outs, new pods. */
const slackMs = minutes(5);

/** Failing reads in a row: one that fails is no reason to end what takes minutes. */
const toleratedMisses = 5;

/** @param after how long a member has to be silent, e.g. `5m` */
export function awaitFailover(
  context: FleetContext,
  member: Member,
  after: string,
  tell: (sighting: Sighting) => void,
): Step {
  const { name } = member;
  const limitMs = (durationMs(after) ?? 0) + slackMs;
  return {
    id: `await-failover/${name}`,
    title: `wait until the replicas of ${name} run elsewhere`,
    scope: name,
    expectedMs: (durationMs(after) ?? 0) + minutes(1),
    preview: () => ({ changes: [`${demoReplicas} replicas in the other members`], commands: [] }),
    check: async (call) => ({ state: (await seen(context, member, call)).moved ? 'ready' : 'absent' }),
    apply: async (call) => {
      const told = new Set<string>();
      let last = '';
      let missed = 0;
      const seenOrNot = async (): Promise<Seen | undefined> => {
        try {
          const found = await seen(context, member, call);
          missed = 0;
          return found;
        } catch (thrown) {
          missed += 1;
          if (missed > toleratedMisses || call.signal.aborted) throw thrown;
          if (missed === 1) call.say(`not seen, trying again: ${asProblem(thrown).message}`, 'lasting');
          return undefined;
        }
      };
      const patience = { everyMs: seconds(1), limitMs, onTimeout: () => stayed(context.fleet, name, last) };
      await waitUntil(context, call, patience, async () => {
        const found = await seenOrNot();
        if (found === undefined) return false;
        const { events, moved, counts, since } = found;
        const afterMs = context.clients.world.clock.now() - since;
        for (const what of events.filter((each) => !told.has(each))) {
          told.add(what);
          tell({ what, afterMs });
          call.say(`${what} after ${Math.round(afterMs / 1000)} s`, 'lasting');
        }
        if (counts !== last) call.say(`ready replicas: ${counts}`);
        last = counts;
        return moved;
      });
    },
  };
}

interface Seen {
  readonly events: readonly string[];
  readonly moved: boolean;
  readonly counts: string;
  /** When it became silent, in ms since the epoch. */
  readonly since: number;
}

/** The member's own copies go on running as long as Karmada cannot reach it to delete them. */
async function seen(context: FleetContext, { name }: Member, call: CallContext): Promise<Seen> {
  const { clients, paths, fleet } = context;
  const [cluster, bound, counts] = await Promise.all([
    memberOf(clients, karmadaAccess(paths), name, call),
    demoBinding(context, call),
    countReplicas(context, call),
  ]);
  const placed = bound?.spec.clusters ?? [];
  const elsewhere = counts.reduce((sum, count, index) => (fleet.members[index]?.name === name ? sum : sum + count), 0);
  const isMoved = elsewhere >= demoReplicas;
  return {
    events: [
      ...(cluster !== undefined && !readiness(cluster).ready ? [`Karmada calls ${name} not Ready`] : []),
      ...(placed.length > 0 && placed.every((each) => each.name !== name)
        ? ['its replicas are assigned to other members']
        : []),
      ...(isMoved ? [`all ${demoReplicas} replicas run elsewhere`] : []),
    ],
    moved: isMoved,
    counts: counts.join('/'),
    since: Date.parse(cluster === undefined ? '' : (silencedSince(cluster)?.at ?? '')),
  };
}

function stayed(fleet: Fleet, name: string, counts: string): Problem {
  return new Problem('demo-failed', {
    what: `the replicas of ${name} did not move to other members; they run ${counts}`,
    next: [
      `check that failover is on: ${fleetCommand('status', fleet)}`,
      `bring the member back: ${fleetCommand('demo --remove', fleet)}`,
    ],
  });
}
