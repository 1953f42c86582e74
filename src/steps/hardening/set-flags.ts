/** Changes flags of a component that runs, and waits until all its pods have them. */
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { commandOf, type Flags, missingFlags, withFlags } from '../../model/component-flags.js';
import { reasonOf } from '../../status/karmada-health.js';
import type { KubeAccess, KubeRef } from '../../tools/kubectl/commands.js';
import { type ComponentWorkload, componentWorkload, pod } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { isRolledOut } from './roll-out.js';

type DeploymentRef = KubeRef & { readonly name: string; readonly namespace: string };

/** The change as `kubectl patch --type=merge` takes it: a list is replaced as a whole, so the container is given whole. */
function flagPatch(found: ComponentWorkload, flags: Flags): object {
  const { name } = found.metadata;
  const command = withFlags(commandOf(found), flags);
  const containers = found.spec.template?.spec.containers.map((each) =>
    each.name === name ? { ...each, command } : each,
  );
  return { spec: { template: { spec: { containers } } } };
}

/**
 * Sets flags in the container of the component's name, if they are not as wanted, and waits for the rollout in any case: a run that died
 * while it waited is continued. Pods are replaced one after another.
 * @throws Problem `karmada-unhealthy` when the component is not there, or has not come up within five minutes
 */
export async function setFlags(
  context: FleetContext,
  { access, ref }: { readonly access: KubeAccess; readonly ref: DeploymentRef },
  flagsFor: (command: readonly string[]) => Flags,
  call: CallContext,
): Promise<void> {
  const { kubectl } = context.clients;
  const found = await kubectl.get(access, ref, componentWorkload, call);
  if (found === undefined) throw unhealthy(ref, 'it does not exist');
  const flags = flagsFor(commandOf(found));
  if (missingFlags(commandOf(found), flags).length > 0)
    await kubectl.mergePatch(access, ref, flagPatch(found, flags), call);
  let why = '';
  await waitUntil(
    context,
    call,
    { everyMs: seconds(2), limitMs: minutes(5), onTimeout: () => unhealthy(ref, why) },
    async () => {
      const now = await kubectl.get(access, ref, componentWorkload, call);
      if (now !== undefined && isRolledOut(now)) return true;
      const pods = await kubectl.list(access, { kind: 'pods', namespace: ref.namespace }, pod, call);
      why = reasonOf(ref.name, pods) ?? '';
      return false;
    },
  );
}

function unhealthy(ref: DeploymentRef, why: string): Problem {
  return new Problem('karmada-unhealthy', {
    what: `${ref.name} did not come up with its new flags within 5 minutes`,
    why,
    next: [`check its pods: kubectl -n ${ref.namespace} get pods`, 'run the same command again'],
  });
}
