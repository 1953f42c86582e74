/** Adds to Kubernetes' roles for people what they lack in Karmada; one that somebody has changed stays as it is. */
import { isDeepStrictEqual } from 'node:util';
import { accessRoles, bindingText, readBindings } from '../../access/grants/grants.js';
import type { CallContext, Step } from '../../engine/step.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { type FleetContext, karmadaAccess, seconds } from '../context.js';
import { fleetRoles } from './fleet-roles.js';

export function addRoles(context: FleetContext): Step {
  const { kubectl } = context.clients;
  const karmada = karmadaAccess(context.paths);
  const names = fleetRoles.map(({ metadata: { name } }) => name);
  const read = async (call: CallContext) => {
    const found = await kubectl.list(karmada, { kind: 'clusterroles' }, anyObject, call);
    const inKarmada = (name: string) => found.find(({ metadata }) => metadata.name === name);
    return {
      absent: fleetRoles.filter(({ metadata: { name } }) => inKarmada(name) === undefined),
      changed: fleetRoles.flatMap(({ metadata: { name }, rules }) => {
        const own = inKarmada(name);
        return own === undefined || isDeepStrictEqual(own['rules'], rules) ? [] : [name];
      }),
    };
  };
  return {
    id: 'add-access-roles',
    title: `add to the roles ${accessRoles.join(', ')} what they lack in Karmada`,
    scope: 'fleet',
    expectedMs: seconds(1),
    preview: () => ({ changes: names.map((name) => `ClusterRole ${name}`), commands: [] }),
    check: async (call) => {
      const { absent, changed } = await read(call);
      if (absent.length > 0)
        return { state: 'partial', missing: absent.map(({ metadata }) => `ClusterRole ${metadata.name}`) };
      if (changed.length === 0) return { state: 'ready' };
      return { state: 'ready', note: `changed by somebody, and left so: ${changed.join(', ')}` };
    },
    apply: async (call) => {
      const { absent } = await read(call);
      call.say(await whoGets(context, call), 'lasting');
      await kubectl.apply(karmada, absent, call);
    },
  };
}

/** Kubernetes adds the rules to its own roles, and so for everybody who is bound to those. */
async function whoGets({ clients, paths, fleet }: FleetContext, call: CallContext): Promise<string> {
  const { others } = await readBindings(clients, karmadaAccess(paths), fleet.id, call);
  const bound = others
    .filter(({ roleRef }) => accessRoles.some((role) => role === roleRef.name))
    .map((each) => `${bindingText(each)} (${each.roleRef.name})`);
  const what = 'cluster-wide policies, members, quotas and interpreters, for everybody who has one of these roles';
  return bound.length === 0 ? what : `${what}; those whom others have bound to them too: ${bound.join(', ')}`;
}
