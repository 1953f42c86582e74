/** Copies the user's context of a member into the fleet's own kubeconfigs; the user's file is not touched. */

import { contextKubeconfig } from '../../access/member-context.js';
import { notAgreed, unagreed } from '../../clients/agreed-contexts.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { ContextMember } from '../../fleet/fleet.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { accessOf, type FleetContext, seconds } from '../context.js';
import { waitForApi } from '../wait-for-api.js';

export function copyContext(context: FleetContext, member: ContextMember): Step {
  const path = context.paths.kubeconfig(member.name);
  const { files } = context.clients.world;
  const wanted = async (call: CallContext): Promise<string> => {
    if (unagreed(context.clients, [member]).length > 0) throw notAgreed(context.fleet, member);
    const text = await contextKubeconfig(context.clients, context.paths, member, call);
    if (text !== undefined) return text;
    throw new Problem('context-unknown', {
      what: `your kubeconfig has no context ${member.context}, which identifies member ${member.name}`,
      next: ['list the contexts: kubectl config get-contexts', 'or set KUBECONFIG to the file that contains it'],
    });
  };
  return {
    id: `copy-context/${member.name}`,
    title: `copy context ${member.context}`,
    scope: member.name,
    expectedMs: seconds(1),
    preview: () => ({
      changes: [`context ${member.name} in the fleet’s own kubeconfigs, a copy of ${member.context}`],
      commands: [kubectlCommands.viewContext(member.context)],
    }),
    check: async (call) =>
      (await files.read(path)) === (await wanted(call)) ? { state: 'ready' } : { state: 'absent' },
    apply: async (call) => {
      await files.write(path, await wanted(call));
      await waitForApi(context, accessOf(context.paths, member.name), call);
    },
  };
}
