/** Takes a member out of Karmada, by the way it came in, and clears what Karmada left in it. */
import { clusterKey } from '../discover/facts.js';
import { memberOf } from '../discover/members.js';
import { Problem } from '../errors/problem.js';
import type { Member } from '../fleet/fleet.js';
import { karmadaNamespace } from '../fleet/names.js';
import { poll } from '../pipeline/poll.js';
import type { Action, StepContext } from '../pipeline/step.js';
import { karmadaCommands } from '../tools/karmada/commands.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import { accessOf, karmadaAccess, minutes, type Site, seconds } from './site.js';

/** Namespaces that Karmada makes in a member: for its account (push), and for the agent (pull). */
const memberNamespaces: Readonly<Record<Member['mode'], readonly string[]>> = {
  push: ['karmada-cluster'],
  pull: [karmadaNamespace, 'karmada-cluster'],
};

export function leaveMember(site: Site, member: Member): Action {
  const { clients, paths } = site;
  const karmada = karmadaAccess(paths);
  const access = accessOf(paths, member.name);
  const command = member.mode === 'push' ? karmadaCommands.unjoin : karmadaCommands.unregister;
  // A cluster that is deleted anyway need not be cleaned.
  const namespaces = site.facts.ownership.get(clusterKey(member)) === 'existing' ? memberNamespaces[member.mode] : [];
  const left = async (context: StepContext): Promise<readonly string[]> => {
    const found = await Promise.all(
      namespaces.map(async (name) => {
        const there = await clients.kubectl.get(access, { kind: 'namespaces', name }, anyObject, context);
        return there === undefined ? [] : [name];
      }),
    );
    return found.flat();
  };
  return {
    expectedMs: seconds(45),
    preview: () => ({
      changes: [`${member.mode} member ${member.name} of Karmada, and what Karmada put into it`],
      commands: [
        command(karmada, access, member.name),
        ...namespaces.map((name) => kubectlCommands.remove(access, { kind: 'namespaces', name })),
      ],
    }),
    check: async (context) => {
      const known = await memberOf(clients, karmada, member.name, context);
      return known === undefined && (await left(context)).length === 0 ? { state: 'ready' } : { state: 'absent' };
    },
    apply: async (context) => {
      if ((await memberOf(clients, karmada, member.name, context)) !== undefined) {
        if (member.mode === 'push') await clients.karmada.unjoin(karmada, access, member.name, context);
        else await clients.karmada.unregister(karmada, access, member.name, context);
      }
      for (const name of await left(context))
        await clients.kubectl.remove(access, { kind: 'namespaces', name }, context);
      await poll(async () => ((await left(context)).length === 0 ? true : undefined), {
        clock: clients.world.clock,
        signal: context.signal,
        everyMs: seconds(2),
        limitMs: minutes(5),
        onTimeout: () =>
          new Problem('unjoin-failed', {
            what: `what Karmada left in ${member.name} did not go within 5 minutes`,
            next: [
              `look at it: kubectl --kubeconfig ${access.kubeconfig} get namespaces`,
              'run the same command again',
            ],
          }),
      });
    },
  };
}
