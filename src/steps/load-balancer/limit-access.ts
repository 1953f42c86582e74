/**
 * Opens the load balancer of the Karmada API to those who need to reach it, and closes it to those who no longer do.
 */

import { loadBalancerService } from '../../access/load-balancer.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import {
  type ApiAccess,
  accessAnnotation,
  accessIn,
  annotationOf,
  limitedRanges,
  rangesOf,
  unlimited,
} from '../../model/api-access.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type KubeService, service } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';
import { noRoomFor, renewRules, rulesLacking, waitForRules } from './api-rules.js';

/**
 * `wanted` makes the access that is to be of the one that is: the Service is read again when the step's turn comes.
 * @param isExpected false: nobody concerned has access of their own, so no change is previewed
 */
export function limitAccess(context: FleetContext, wanted: (found: ApiAccess) => ApiAccess, isExpected = true): Step {
  const access = parentAccess(context);
  const { kubectl } = context.clients;
  const patchOf = (to: ApiAccess): object => ({
    metadata: { annotations: { [accessAnnotation]: annotationOf(to) } },
    spec: { loadBalancerSourceRanges: limitedRanges(to) },
  });
  return {
    id: 'limit-access',
    title: 'limit who may reach the Karmada API',
    scope: 'parent',
    expectedMs: seconds(3),
    preview: () => ({
      changes: isExpected ? ['source ranges of the load balancer'] : [],
      commands: isExpected
        ? [kubectlCommands.mergePatch(access, loadBalancerService, { spec: { loadBalancerSourceRanges: ['<CIDR>'] } })]
        : [],
    }),
    preflight: async (call) => {
      // What cannot be read yet is checked when its turn comes.
      const found = await kubectl.get(access, loadBalancerService, service, call).catch(() => undefined);
      return found === undefined ? undefined : await refusalOf(context, found, wanted(accessIn(found)), call);
    },
    check: async (call) => {
      const found = await kubectl.get(access, loadBalancerService, service, call);
      if (found === undefined) return { state: 'blocked', problem: gone(context) };
      const is = accessIn(found);
      const to = wanted(is);
      const problem = await refusalOf(context, found, to, call);
      if (problem !== undefined) return { state: 'blocked', problem };
      const [before, now] = [found.spec.loadBalancerSourceRanges ?? [], rangesOf(to)];
      const also = before.some((range) => now.includes(range)) ? 'also ' : '';
      const missing = [
        ...now.filter((range) => !before.includes(range)).map((range) => `${also}open to ${range}`),
        ...before.filter((range) => !now.includes(range)).map((range) => `no longer open to ${range}`),
      ];
      if (missing.length === 0) missing.push(...(await rulesLacking(context, call)));
      if (missing.length > 0) return { state: 'partial', missing };
      if (annotationOf(is) === annotationOf(to)) return { state: 'ready', note: now.join(', ') };
      return { state: 'partial', missing: ['the annotation that records the owner of each source range'] };
    },
    apply: async (call) => {
      const found = await kubectl.get(access, loadBalancerService, service, call);
      if (found === undefined) throw gone(context);
      const is = accessIn(found);
      const to = wanted(is);
      const isThere = rangesOf(to).join() === [...(found.spec.loadBalancerSourceRanges ?? [])].sort().join();
      if (isThere && annotationOf(is) === annotationOf(to)) await renewRules(context, call);
      else await kubectl.mergePatch(access, loadBalancerService, patchOf(to), call);
      await waitForRules(context, call);
    },
  };
}

async function refusalOf(
  context: FleetContext,
  found: KubeService,
  to: ApiAccess,
  call: CallContext,
): Promise<Problem | undefined> {
  return unlimited(to) ?? (await noRoomFor(context, rangesOf(to), found, 0, call));
}

function gone({ fleet }: FleetContext): Problem {
  return new Problem('load-balancer-failed', {
    what: 'the load balancer of the Karmada API is gone',
    next: [`repair the fleet first: ${fleetCommand('up', fleet)}`],
  });
}
