/**
 * Restarts what keeps connections to push members with the tokens that it began with. Most of Karmada reads a token each time
 * (karmada 1.18.2, pkg/util/membercluster_client.go, pkg/registry/cluster/storage/proxy.go); what watches members does not: the informers of
 * the controller manager, and of the add-ons that have some (pkg/util/fedinformer, pkg/search, pkg/metricsadapter).
 */
import type { CallContext, Step } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import { karmadaNamespace } from '../../../fleet/names.js';
import { manager } from '../../../status/failover-state.js';
import { explainedByPods } from '../../../status/stuck-pods.js';
import { kubectlCommands } from '../../../tools/kubectl/commands.js';
import { type ComponentWorkload, componentWorkload } from '../../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../../context.js';
import { movedByRestart } from '../../hardening/moved-at-once.js';
import { awaitRollouts, isRolledOut } from '../../hardening/roll-out.js';
import { waitUntil } from '../../wait-until.js';
import { markOfCopies, type Rotation, rotationMark } from './member-tokens.js';

const watching: readonly string[] = [manager, 'karmada-search', 'karmada-metrics-adapter'];

/**
 * The pods are marked with the copies that they began with, not with the rotation: one that failed in a member and is resumed has
 * other copies later, which they do not know.
 */
export function restartForTokens(context: FleetContext, rotations: readonly Rotation[]): Step {
  const access = parentAccess(context);
  const run = context.clients.world.newId();
  const markNow = (call: CallContext): Promise<string> => markOfCopies(context, rotations, run, call);
  const patchTo = (value: string) => ({ spec: { template: { metadata: { annotations: { [rotationMark]: value } } } } });
  const refOf = (name: string) => ({ kind: 'deployments', name, namespace: karmadaNamespace });
  const stale = async (value: string, call: CallContext): Promise<readonly ComponentWorkload[]> => {
    const ref = { kind: 'deployments', namespace: karmadaNamespace };
    const found = await context.clients.kubectl.list(access, ref, componentWorkload, call);
    return found.filter((each) => watching.includes(each.metadata.name) && !(isNew(each, value) && isRolledOut(each)));
  };
  return {
    id: 'restart-for-tokens',
    title: 'restart what watches members with the old tokens',
    scope: 'fleet',
    expectedMs: seconds(45),
    preview: () => ({
      changes: [`${manager}: pods are replaced one after the other`],
      commands: [kubectlCommands.strategicPatch(access, refOf(manager), patchTo('<which tokens>'))],
    }),
    check: async (call) => {
      const missing = (await stale(await markNow(call), call)).map(({ metadata }) => `${metadata.name} is restarted`);
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    destroys: async (call) =>
      (await stale(await markNow(call), call)).length === 0 ? [] : await movedByRestart(context, call),
    apply: async (call) => {
      await awaitRollouts(context, call);
      const value = await markNow(call);
      for (const each of await stale(value, call))
        if (!isNew(each, value))
          await context.clients.kubectl.strategicPatch(access, refOf(each.metadata.name), patchTo(value), call);
      let last = '';
      const onTimeout = async (): Promise<Problem> => {
        const problem = new Problem('karmada-unhealthy', {
          what: `${last} did not come up within 10 minutes; the old tokens go on working`,
          next: [`check its pods: kubectl -n ${karmadaNamespace} get pods`, 'run the same command again'],
        });
        return await explainedByPods(context.clients, access, problem, call);
      };
      await waitUntil(context, call, { everyMs: seconds(2), limitMs: minutes(10), onTimeout }, async () => {
        last = (await stale(value, call)).map(({ metadata }) => metadata.name).join(', ');
        return last === '';
      });
    },
  };
}

function isNew({ spec }: ComponentWorkload, value: string): boolean {
  return spec.template?.metadata?.annotations?.[rotationMark] === value;
}
