/** Takes a member out of Karmada, by the way it came in, and clears what Karmada left in it. */
import { memberOf } from '../discover/members.js';
import { Problem } from '../errors/problem.js';
import type { Member } from '../fleet/fleet.js';
import type { Action } from '../pipeline/step.js';
import { karmadaCommands } from '../tools/karmada/commands.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { adoptedNamespace, isClaimed } from './member-namespaces.js';
import { accessOf, karmadaAccess, minutes, type Site, seconds } from './site.js';
import { waitUntil } from './wait-until.js';

export function leaveMember(site: Site, member: Member): Action {
  const { clients, paths } = site;
  const karmada = karmadaAccess(paths);
  const access = accessOf(paths, member.name);
  const command = member.mode === 'push' ? karmadaCommands.unjoin : karmadaCommands.unregister;
  const namespace = adoptedNamespace(site, member);
  return {
    expectedMs: seconds(45),
    preview: () => ({
      changes: [`${member.mode} member ${member.name} of Karmada, and what Karmada put into it`],
      commands: [
        command(karmada, access, member.name),
        ...(namespace === undefined ? [] : [kubectlCommands.remove(access, namespace)]),
      ],
    }),
    check: async (context) => {
      const known = await memberOf(clients, karmada, member.name, context);
      return { state: known === undefined && !(await isClaimed(site, member, context)) ? 'ready' : 'absent' };
    },
    apply: async (context) => {
      if ((await memberOf(clients, karmada, member.name, context)) !== undefined) {
        if (member.mode === 'push') await clients.karmada.unjoin(karmada, access, member.name, context);
        else await clients.karmada.unregister(karmada, access, member.name, context);
      }
      if (namespace === undefined || !(await isClaimed(site, member, context))) return;
      await clients.kubectl.remove(access, namespace, context);
      const patience = {
        everyMs: seconds(2),
        limitMs: minutes(5),
        onTimeout: () =>
          new Problem('unjoin-failed', {
            what: `namespace ${namespace.name}, which Karmada used in ${member.name}, did not go within 5 minutes`,
            next: [
              `see what holds it: kubectl --kubeconfig ${access.kubeconfig} get namespace ${namespace.name} -o yaml`,
              'run the same command again',
            ],
          }),
      };
      await waitUntil(site, context, patience, async () => !(await isClaimed(site, member, context)));
    },
  };
}
