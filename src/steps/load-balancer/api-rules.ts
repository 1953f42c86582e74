/** The rules in the security groups of the parent's nodes: whether they fit, whether they are there, and the wait for them. */
import {
  annotation,
  findLoadBalancer,
  hostnameOf,
  loadBalancerName,
  loadBalancerService,
} from '../../access/load-balancer.js';
import { nodeRules, ruleDifference } from '../../access/node-rules.js';
import { tooManyRanges } from '../../access/rule-room.js';
import { serviceWarnings } from '../../access/service-warnings.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { KubeService } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** On the Service: the cloud controller looks at rules again only when the Service or the nodes change. */
const resyncAnnotation = 'karmada-eks/rules-renewed';

/**
 * Problem `too-many-ranges` when other source ranges than those that are there would not fit; fewer ones always do.
 * @param found the Service, once there is one
 * @param subnets how many the load balancer has, where there is no Service yet
 */
export async function noRoomFor(
  context: FleetContext,
  ranges: readonly string[],
  found: KubeService | undefined,
  subnets: number,
  call: CallContext,
): Promise<Problem | undefined> {
  const before = found?.spec.loadBalancerSourceRanges ?? [];
  if (ranges.every((range) => before.includes(range))) return undefined;
  const { clients, fleet } = context;
  const hostname = hostnameOf(found);
  const named = found?.metadata.annotations?.[annotation('subnets')]?.split(',').length;
  // Before the parent exists there is nothing to be read.
  const rules = found && (await nodeRules(clients, parentAccess(context), fleet.parent.region, call).catch(ifDenied));
  return await tooManyRanges(clients, {
    parent: fleet.parent,
    ranges,
    subnets: named ?? subnets,
    balancer: hostname && loadBalancerName(hostname),
    rules,
  });
}

/** What of the ranges is not in the rules, and of the rules not in the ranges; one line each, none before there is a load balancer. */
export async function rulesLacking(context: FleetContext, call: CallContext): Promise<readonly string[]> {
  const { clients, fleet } = context;
  const { region } = fleet.parent;
  const access = parentAccess(context);
  const balancer = await findLoadBalancer(clients, access, region, call);
  if (balancer === undefined) return [];
  const difference = await ruleDifference(clients, access, region, balancer, call).catch(ifDenied);
  if (difference === undefined) {
    call.say('the security group rules of the Karmada API are not checked: they may not be read');
    return [];
  }
  const { closed, stale } = difference;
  return [
    ...closed.map((range) => `security group rule for ${range}`),
    ...stale.map((range) => `security group rule for ${range} to be revoked`),
  ];
}

/** The cloud controller makes the rules, with a role of its own: that they may not be read is no reason to refuse or to fail. */
function ifDenied(thrown: unknown): undefined {
  if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
}

/** Has the cloud controller look at the rules again. */
export async function renewRules(context: FleetContext, call: CallContext): Promise<void> {
  const { kubectl, world } = context.clients;
  const now = new Date(world.clock.now()).toISOString();
  await kubectl.mergePatch(
    parentAccess(context),
    loadBalancerService,
    { metadata: { annotations: { [resyncAnnotation]: now } } },
    call,
  );
}

/**
 * Waits until the rules let in whom the Service names, and nobody whom it named before. While there are no nodes there are no
 * rules, and nothing to wait for.
 * @throws Problem `load-balancer-failed` with what the cloud controller reports
 */
export async function waitForRules(context: FleetContext, call: CallContext): Promise<void> {
  let last: readonly string[] = [];
  const onTimeout = async (): Promise<Problem> =>
    await balancerFailed(
      context,
      call,
      `the rules of the Karmada API are not complete after 10 minutes: ${last.join(', ')}`,
    );
  await waitUntil(context, call, { everyMs: seconds(5), limitMs: minutes(10), onTimeout }, async () => {
    last = await rulesLacking(context, call);
    return last.length === 0;
  });
}

/** A wait for the load balancer that took too long, with the Warnings of its Service. */
export async function balancerFailed(context: FleetContext, call: CallContext, what: string): Promise<Problem> {
  const access = parentAccess(context);
  const { kubeconfig, context: name } = access;
  const { namespace, name: service } = loadBalancerService;
  const why = await serviceWarnings(context.clients, access, call);
  return new Problem('load-balancer-failed', {
    what,
    ...(why === undefined ? {} : { why }),
    next: [
      `find out why: kubectl --kubeconfig ${kubeconfig} --context ${name} -n ${namespace} describe service ${service}`,
      'run the same command again',
    ],
  });
}
