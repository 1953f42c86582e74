/** Takes a grant away: its certificate remains valid and may do nothing any more. */
import { type Grant, refOfGrant, scopeText } from '../../access/grants/grants.js';
import type { Step } from '../../engine/step.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { type FleetContext, karmadaAccess, seconds } from '../context.js';

export function revokeAccess({ clients, paths }: FleetContext, grant: Grant): Step {
  const ref = refOfGrant(grant);
  const karmada = karmadaAccess(paths);
  return {
    id: `revoke-access/${grant.name}`,
    title: `revoke ${grant.role} of ${grant.person} in ${scopeText(grant.namespace)}`,
    scope: 'fleet',
    failsAlone: true,
    expectedMs: seconds(1),
    preview: () => ({ changes: [`without ${ref.kind} ${grant.name}`], commands: [] }),
    check: async (call) => {
      const found = await clients.kubectl.get(karmada, ref, anyObject, call);
      return { state: found === undefined ? 'ready' : 'absent' };
    },
    apply: async (call) => await clients.kubectl.remove(karmada, ref, call),
  };
}
