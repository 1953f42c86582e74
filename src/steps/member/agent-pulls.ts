/** Lets an agent be pulled with the fleet's logins: `register` knows no Secrets for images (karmada 1.18.2, register.go). */
import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { pullSecretName } from '../../fleet/names.js';
import { agentDeployment } from '../../status/karmada-versions.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { componentWorkload } from '../../tools/kubectl/objects.js';
import { type FleetContext, seconds } from '../context.js';

const imagePullSecrets = [{ name: pullSecretName }];

/** Patches the agent as soon as there is one: its pods are made anew. Ends when `until` is aborted because `register` has ended. */
export async function letAgentPull(
  context: FleetContext,
  access: KubeAccess,
  call: CallContext,
  until: AbortSignal,
): Promise<void> {
  const { clock } = context.clients.world;
  const isDone = async (): Promise<true | undefined> => (await namePullSecret(context, access, call)) || undefined;
  await poll(isDone, { clock, signal: call.signal, until, everyMs: seconds(1) });
}

/** False while there is no agent. */
export async function namePullSecret(
  { clients, fleet }: FleetContext,
  access: KubeAccess,
  call: CallContext,
): Promise<boolean> {
  if (!fleet.pullsWithSecret) return true;
  const agent = await clients.kubectl.get(access, agentDeployment, componentWorkload, call);
  if (agent === undefined) return false;
  const named = agent.spec.template?.spec.imagePullSecrets ?? [];
  if (named.some(({ name }) => name === pullSecretName)) return true;
  const patch = { spec: { template: { spec: { imagePullSecrets } } } };
  await clients.kubectl.strategicPatch(access, agentDeployment, patch, call);
  return true;
}
