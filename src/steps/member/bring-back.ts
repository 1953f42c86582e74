/** Brings a member back that a demo made silent, and waits until Karmada has cleaned up in it. */

import { memberOf } from '../../access/member-list.js';
import { silencedSince } from '../../access/silenced.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { type FleetContext, karmadaAccess, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { countReplicas, demoBinding } from './demo.js';
import { waitUntilReady } from './member-readiness.js';
import { endSilence } from './silence-member.js';

/** Also of a run that was killed. Ready when it is not silent, whoever made it so. */
export function bringBack(context: FleetContext, member: Member): Step {
  const { name } = member;
  const { clients, paths } = context;
  return {
    id: `bring-back/${name}`,
    title: `bring ${name} back`,
    scope: name,
    expectedMs: seconds(45),
    preview: () => ({ changes: [`Karmada reaches ${name} again`], commands: [] }),
    check: async (call) => {
      const found = await memberOf(clients, karmadaAccess(paths), name, call);
      if (found === undefined || silencedSince(found) === undefined) return { state: 'ready' };
      return { state: 'partial', missing: [`a demo made ${name} silent`] };
    },
    apply: async (call) => {
      await endSilence(context, member, call);
      await waitUntilReady(context, member, call);
      await waitUntilCleared(context, member, call);
    },
  };
}

/** What has moved away is deleted where it was, once the eviction is over and Karmada reaches the member. */
async function waitUntilCleared(context: FleetContext, { name }: Member, call: CallContext): Promise<void> {
  const { fleet } = context;
  const patience = {
    everyMs: seconds(2),
    limitMs: minutes(11),
    onTimeout: () =>
      new Problem('demo-failed', {
        what: `Karmada did not delete the replicas in ${name} that have moved to other members`,
        next: [`delete the demo: ${fleetCommand('demo --remove', context.fleet)}`],
      }),
  };
  const index = fleet.members.findIndex((member) => member.name === name);
  await waitUntil(context, call, patience, async () => {
    const placed = (await demoBinding(context, call))?.spec.clusters ?? [];
    if (placed.length === 0 || placed.some((each) => each.name === name)) return true;
    return (await countReplicas(context, call))[index] === 0;
  });
}
