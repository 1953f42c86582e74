/** Joins a push member: Karmada gets an account in the member and reaches it from the parent. */
import { memberOf } from '../discover/members.js';
import type { Member } from '../fleet/fleet.js';
import type { Step } from '../pipeline/step.js';
import { karmadaCommands } from '../tools/karmada/commands.js';
import { leaveMember } from './leave-member.js';
import { claimNamespace } from './member-namespaces.js';
import { checkMember, placeOf, waitUntilReady } from './member-readiness.js';
import { accessOf, karmadaAccess, type Site, seconds } from './site.js';

export function joinMember(site: Site, member: Member, after: readonly string[]): Step & Required<Pick<Step, 'undo'>> {
  const { clients, paths } = site;
  const karmada = karmadaAccess(paths);
  const access = accessOf(paths, member.name);
  return {
    id: `join-member/${member.name}`,
    title: `join ${member.name} (push)`,
    lane: member.name,
    after,
    expectedMs: seconds(15),
    preview: () => ({
      changes: [`push member ${member.name}`],
      commands: [karmadaCommands.join(karmada, access, placeOf(site, member))],
    }),
    check: (context) => checkMember(site, member, context),
    apply: async (context) => {
      await claimNamespace(site, member, context);
      const known = await memberOf(clients, karmada, member.name, context);
      if (known === undefined) await clients.karmada.join(karmada, access, placeOf(site, member), context);
      await waitUntilReady(site, member, context);
    },
    undo: leaveMember(site, member),
  };
}
