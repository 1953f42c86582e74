/**
 * The Network Load Balancer in front of the Karmada API, created before Karmada so that its address can be advertised.
 */

import { accessParent } from '../../access/cluster-access.js';
import {
  type ApiLoadBalancer,
  annotation,
  findLoadBalancer,
  hostnameOf,
  loadBalancerName,
  loadBalancerService,
} from '../../access/load-balancer.js';
import { tagsOfBalancer } from '../../aws/elb/load-balancers.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaPort } from '../../fleet/defaults.js';
import { fleetTag } from '../../fleet/names.js';
import { lackingTags, tagWords } from '../../fleet/settings/tags.js';
import {
  type ApiAccess,
  accessAnnotation,
  accessIn,
  annotationOf,
  limitedRanges,
  mergedAccess,
  rangesOf,
  unlimited,
} from '../../model/api-access.js';
import { networkOf } from '../../model/facts.js';
import { loadBalancerSubnets } from '../../preflight/network/network.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type KubeService, service } from '../../tools/kubectl/objects.js';
import { type CreateContext, type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { balancerFailed, noRoomFor, renewRules, rulesLacking, waitForRules } from './api-rules.js';
import { noAddressesFor } from './subnet-room.js';

/**
 * Needs no nodes: a Service gets its load balancer at once, and targets with each node that comes (kubernetes/cloud-provider,
 * `ensureLoadBalancer` and `syncNodes` of the service controller).
 */
export function exposeApi(context: CreateContext): Step {
  const access = parentAccess(context);
  const { clients, fleet } = context;
  return {
    id: 'expose-api',
    title: 'create the load balancer of the Karmada API',
    scope: 'parent',
    expectedMs: minutes(3),
    preview: () => ({
      changes: [
        `${fleet.internal ? 'internal ' : ''}Network Load Balancer, port ${karmadaPort.loadBalancer}, open to ${rangesOf(context.facts.access).join(', ')}`,
        `Service ${loadBalancerService.namespace}/${loadBalancerService.name}`,
      ],
      commands: [
        kubectlCommands.apply(access, [serviceObject(context, karmadaPort.firstNodePort, context.facts.access)]),
      ],
    }),
    preflight: async (call) =>
      unlimited(context.facts.access) ?? (await noRoom(context, undefined, call)) ?? (await foreseen(context, call)),
    check: async (call) => {
      const found = await clients.kubectl.get(access, loadBalancerService, service, call);
      const problem =
        unlimited(context.facts.access) ??
        (await noRoom(context, found, call)) ??
        (found === undefined ? noAddressesFor(context) : undefined);
      if (problem !== undefined) return { state: 'blocked', problem };
      if (found === undefined) return { state: 'absent' };
      if (isGoing(found))
        return { state: 'partial', missing: ['the old load balancer is being deleted; a new one follows'] };
      return await stateOf(context, found, call);
    },
    apply: async (call) => {
      await waitForTheOld(context, call);
      const found = await clients.kubectl.get(access, loadBalancerService, service, call);
      if (found === undefined || differences(context, found).length > 0) {
        const nodePort = found?.spec.ports?.[0]?.nodePort ?? (await freeNodePort(context, call));
        await clients.kubectl.apply(
          access,
          [serviceObject(context, nodePort, wantedAccess(context, found), found)],
          call,
        );
      } else if ((await rulesLacking(context, call)).length > 0) {
        await renewRules(context, call);
      }
      await waitForAddresses(context, call);
      await waitForRules(context, call);
    },
  };
}

async function stateOf(context: CreateContext, found: KubeService, call: CallContext): Promise<StepState> {
  const missing = differences(context, found);
  const { clients, fleet } = context;
  const balancer = await findLoadBalancer(clients, parentAccess(context), fleet.parent.region, call);
  if (balancer === undefined) missing.push('the load balancer has no name yet');
  else if (balancer.addresses.length === 0) missing.push('the load balancer has no addresses yet');
  else if (missing.length === 0) missing.push(...(await rulesLacking(context, call)));
  if (missing.length > 0 || balancer === undefined) return { state: 'partial', missing };
  return { state: 'ready', note: balancer.hostname, drift: await tagDrift(context, balancer) };
}

/** Of the load balancer itself: what the Service asks for later reaches it with some controllers only. */
async function tagDrift({ clients, fleet }: CreateContext, { hostname }: ApiLoadBalancer): Promise<readonly string[]> {
  if (Object.keys(fleet.tags).length === 0) return [];
  const has = await tagsOfBalancer(clients.world.aws, fleet.parent, loadBalancerName(hostname));
  const lacking = lackingTags(fleet.tags, has);
  return lacking.length === 0
    ? []
    : [`load balancer without tags ${lacking.join(', ')}; this is not changed in an existing load balancer`];
}

/** Before there is a Service its subnets are those that preflight found. */
async function noRoom(
  context: CreateContext,
  found: KubeService | undefined,
  call: CallContext,
): Promise<Problem | undefined> {
  const subnets = loadBalancerSubnets(networkOf(context.facts, context.fleet.parent), context.fleet.internal);
  return await noRoomFor(context, rangesOf(wantedAccess(context, found)), found, subnets.length, call);
}

/** A parent that is there can be read before its kubeconfig is written; what a new one needs is judged with its nodes. */
async function foreseen(context: CreateContext, call: CallContext): Promise<Problem | undefined> {
  const access = await accessParent(context.clients, context.fleet.parent, context.paths);
  if (access === undefined) return undefined;
  const found = await context.clients.kubectl.get(access, loadBalancerService, service, call);
  return found === undefined ? noAddressesFor(context) : undefined;
}

function isGoing({ metadata }: KubeService): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** A `down` that was interrupted may have left a Service that is going, whose load balancer still has its addresses. */
async function waitForTheOld(context: FleetContext, call: CallContext): Promise<void> {
  const access = parentAccess(context);
  const patience = {
    everyMs: seconds(5),
    limitMs: minutes(15),
    onTimeout: () =>
      balancerFailed(context, call, 'the old load balancer of the Karmada API was not deleted within 15 minutes'),
  };
  await waitUntil(context, call, patience, async () => {
    const found = await context.clients.kubectl.get(access, loadBalancerService, service, call);
    return found === undefined || !isGoing(found);
  });
}

/**
 * Former members stay what they are until they are removed, and so does their access. Where nobody named who may come
 * in, the machines from which the fleet was worked on before still may: another address of this one shuts nobody out.
 */
function wantedAccess({ facts, fleet }: CreateContext, found: KubeService | undefined): ApiAccess {
  if (found === undefined) return facts.access;
  const is = accessIn(found);
  const former = [...is.members].filter(([name]) => fleet.former.some((member) => member.name === name));
  const base = fleet.allow.length === 0 && !fleet.internal ? is.base : [];
  return mergedAccess(facts.access, { base, members: new Map(former) });
}

/** How the Service differs from the desired one. */
function differences(context: CreateContext, found: KubeService): string[] {
  const access = wantedAccess(context, found);
  const is = found.spec.loadBalancerSourceRanges ?? [];
  const wanted = rangesOf(access);
  const added = wanted.filter((range) => !is.includes(range)).map((range) => `${range} added`);
  const removed = is.filter((range) => !wanted.includes(range)).map((range) => `${range} removed`);
  // A list that is empty admits everybody.
  const closed = is.length === 0 ? ['no longer open to everyone'] : [];
  if (added.length + removed.length > 0)
    return [`who may reach the Karmada API: ${[...added, ...removed.sort(), ...closed].join(', ')}`];
  const isNoted = found.metadata.annotations?.[accessAnnotation] === annotationOf(access);
  return isNoted ? [] : ['the annotation that records the owner of each source range'];
}

/** A node port of our own: the random range can pick init's 32443, and then init fails (observed with 1.18.2). */
async function freeNodePort(context: FleetContext, call: CallContext): Promise<number> {
  const access = parentAccess(context);
  const services = await context.clients.kubectl.list(access, { kind: 'services', allNamespaces: true }, service, call);
  const taken = new Set(services.flatMap(({ spec }) => spec.ports?.map(({ nodePort }) => nodePort) ?? []));
  let port: number = karmadaPort.firstNodePort;
  while (taken.has(port) || port === karmadaPort.ownNodePort) port += 1;
  return port;
}

/**
 * Says the same to every controller that may take the Service: the one that AWS runs reads `type`, `internal` and
 * `subnets`; the AWS Load Balancer Controller reads `scheme`, `nlb-target-type` and `attributes`.
 */
function serviceObject(context: CreateContext, nodePort: number, access: ApiAccess, found?: KubeService): object {
  const ranges = limitedRanges(access);
  const { id, internal, parent, tags } = context.fleet;
  const subnets = loadBalancerSubnets(networkOf(context.facts, parent), internal)
    .map(({ id }) => id)
    .join(',');
  // Those of an existing load balancer stay: another --zones is for new clusters.
  const kept = found?.metadata.annotations?.[annotation('subnets')];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: loadBalancerService.name,
      namespace: loadBalancerService.namespace,
      labels: { [fleetTag]: id },
      annotations: {
        [annotation('type')]: 'nlb',
        [annotation('internal')]: String(internal),
        [annotation('scheme')]: internal ? 'internal' : 'internet-facing',
        [annotation('nlb-target-type')]: 'instance',
        [annotation('subnets')]: kept ?? subnets,
        // Without it an address in a zone without nodes drops connections (observed).
        [annotation('cross-zone-load-balancing-enabled')]: 'true',
        [annotation('attributes')]: 'load_balancing.cross_zone.enabled=true',
        [annotation('healthcheck-interval')]: '10',
        [annotation('healthcheck-healthy-threshold')]: '2',
        [annotation('healthcheck-unhealthy-threshold')]: '2',
        // The cloud controller puts them on what it makes, and does not change them later (1.36.1, `ensureLoadBalancerv2`).
        [annotation('additional-resource-tags')]: [`${fleetTag}=${id}`, ...tagWords(tags)].join(','),
        [accessAnnotation]: annotationOf(access),
      },
    },
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'karmada-apiserver' },
      loadBalancerSourceRanges: ranges,
      ports: [
        { name: 'https', protocol: 'TCP', port: karmadaPort.loadBalancer, targetPort: karmadaPort.container, nodePort },
      ],
    },
  };
}

async function waitForAddresses(context: FleetContext, call: CallContext): Promise<void> {
  const { clients, fleet } = context;
  const access = parentAccess(context);
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(5),
      limitMs: minutes(10),
      onTimeout: () =>
        balancerFailed(context, call, 'the load balancer of the Karmada API had no addresses after 10 minutes'),
    },
    async () => {
      const found = await clients.kubectl.get(access, loadBalancerService, service, call);
      refuseClassic(context, hostnameOf(found));
      const balancer = await findLoadBalancer(clients, access, fleet.parent.region, call);
      return balancer !== undefined && balancer.addresses.length > 0;
    },
  );
}

/** A host name of this shape is a Classic Load Balancer's: some controller understood the Service otherwise. */
function refuseClassic(context: FleetContext, hostname: string | undefined): void {
  if (hostname === undefined || !hostname.includes(`.${context.fleet.parent.region}.elb.`)) return;
  throw new Problem('load-balancer-failed', {
    what: `the Service got a Classic Load Balancer (${hostname}) instead of a Network Load Balancer`,
    next: ['check which controller handles Services in the parent cluster', 'run the same command again'],
  });
}
