/** Shared by joining and registering: the check that a member is registered and Ready, and the wait for it. */

import { memberOf, readiness } from '../../access/member-list.js';
import type { CallContext, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { accessOf, type FleetContext, karmadaAccess, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** Ready, absent, or there but not yet Ready. A member of this name that is another cluster blocks. */
export async function checkMember(context: FleetContext, member: Member, call: CallContext): Promise<StepState> {
  const { clients, paths } = context;
  const found = await memberOf(clients, karmadaAccess(paths), member.name, call);
  if (found === undefined) return { state: 'absent' };
  const mode = found.spec.syncMode.toLowerCase();
  const kubeSystem = { kind: 'namespaces', name: 'kube-system' };
  const identity = await clients.kubectl.get(accessOf(paths, member.name), kubeSystem, anyObject, call);
  if (found.spec.id !== undefined && found.spec.id !== identity?.metadata.uid) {
    return { state: 'blocked', problem: taken(context, member, 'it is another cluster') };
  }
  if (mode !== member.mode) return { state: 'blocked', problem: taken(context, member, `it is a ${mode} member`) };
  const { ready, why } = readiness(found);
  return ready ? { state: 'ready' } : { state: 'partial', missing: [`${member.name} is not Ready: ${why}`] };
}

/** @throws Problem `member-not-ready` after five minutes, with Karmada's reason. */
export async function waitUntilReady(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  let last = 'not registered in Karmada';
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(2),
      limitMs: minutes(5),
      onTimeout: async () => {
        const problem = new Problem('member-not-ready', {
          what: `member ${member.name} did not become Ready within 5 minutes`,
          why: last,
          next: [
            member.mode === 'push'
              ? 'check that the parent’s nodes can reach the API of the member'
              : 'check that the member’s nodes can reach the Karmada API (--allow), and check the pods of karmada-agent',
            'run the same command again',
          ],
        });
        // A push member has nothing of Karmada that could be stuck.
        return member.mode === 'push'
          ? problem
          : await explainedByPods(context.clients, accessOf(context.paths, member.name), problem, call);
      },
    },
    async () => {
      const found = await memberOf(context.clients, karmadaAccess(context.paths), member.name, call);
      const { ready, why } = found === undefined ? { ready: false, why: undefined } : readiness(found);
      last = why ?? last;
      return ready;
    },
  );
}

function taken({ fleet }: FleetContext, member: Member, why: string): Problem {
  return new Problem('member-foreign', {
    what: `Karmada already has a member named ${member.name}`,
    why,
    next: [
      'choose another name: --member name=…',
      'or remove the other one first: kubectl karmada unjoin (push) or unregister (pull)',
      `if it belonged to this fleet and its cluster is gone: ${fleetCommand(`unjoin ${member.name} --force`, fleet)}, then the same command again`,
    ],
  });
}
