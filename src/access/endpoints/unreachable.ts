/** Refuses to continue if the Karmada API or a cluster that is to join does not respond. */

import pMap from 'p-map';
import type { Cluster } from '../../aws/eks.js';
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import { describeMember, type Fleet, type Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import type { Call } from '../../tools/run.js';
import type { FleetAccess } from '../fleet-access.js';
import { elsewhere, shutOut } from '../own-address.js';
import { closedTo, whereTo } from './silent-endpoint.js';

/**
 * A reachable cluster is checked for readiness; one that is still to be created cannot be.
 * @throws Problem `fleet-not-ready`, `cluster-unreachable`, or `plan-refused` with several of them
 */
export async function refuseUnreachableMembers(
  clients: Clients,
  fleet: Fleet,
  reach: FleetAccess,
  call: Call,
): Promise<void> {
  if (reach.karmada === undefined) throw await withoutKarmada(clients, fleet, reach);
  const { concurrency } = clients;
  const silent = await pMap(
    fleet.members,
    async (member) => {
      const access = reach.apis.get(member.name);
      const silence = reach.silent.get(member.name);
      if (silence !== undefined) return [doesNotAnswer(member, await endpointOf(clients, member), silence)];
      if (access === undefined || (await clients.kubectl.isReady(access, call))) return [];
      return [doesNotAnswer(member, await endpointOf(clients, member))];
    },
    { concurrency },
  );
  const problems = silent.flat();
  refuse(problems, 'plan-refused', `${problems.length} clusters do not respond; nothing was changed`);
}

async function withoutKarmada({ world }: Clients, fleet: Fleet, { loadBalancer }: FleetAccess): Promise<Problem> {
  if (loadBalancer === undefined) {
    return new Problem('fleet-not-ready', {
      what: `fleet ${fleet.name} has no Karmada to join yet`,
      next: [`repair it: ${fleetCommand('up', fleet)}`, `check what exists: ${fleetCommand('status', fleet)}`],
    });
  }
  const shut = await shutOut(world, fleet, loadBalancer.sourceRanges);
  return new Problem('cluster-unreachable', {
    what: `the Karmada API of fleet ${fleet.name} does not respond to this machine`,
    why:
      shut?.why ?? `its load balancer ${loadBalancer.hostname} only admits allowed addresses, or Karmada is not ready`,
    next:
      shut === undefined
        ? [
            `find out which: ${fleetCommand('status', fleet)}`,
            `allow this machine: ${fleetCommand('up', fleet)}, with --allow CIDR if addresses were set before`,
          ]
        : [shut.next, elsewhere],
  });
}

type VpcConfigResponse = NonNullable<Cluster['resourcesVpcConfig']>;

/** What EKS tells of the cluster's endpoint; that it cannot be asked is no reason of its own. */
async function endpointOf(clients: Clients, member: Member): Promise<VpcConfigResponse | undefined> {
  if (member.kind !== 'eks') return undefined;
  const found = await clients
    .eks(member)
    .cluster(member.cluster)
    .catch(() => undefined);
  return found?.resourcesVpcConfig;
}

/** Who cannot be called from outside of its network can still call out of it. */
function closedEndpoint(member: Member, config: VpcConfigResponse, silence?: Problem): Problem | undefined {
  const closed = closedTo(config);
  if (closed === undefined) return undefined;
  const pull =
    member.mode === 'pull'
      ? []
      : ['there, join it in pull mode if Karmada is not to reach it: --mode pull (up: mode=pull)'];
  return new Problem('cluster-unreachable', {
    what: `${describeMember(member)} does not respond to this machine`,
    why: silence?.why ?? closed,
    next: [whereTo(config), ...pull],
  });
}

function doesNotAnswer(member: Member, endpoint: VpcConfigResponse | undefined, silence?: Problem): Problem {
  const closed = endpoint && closedEndpoint(member, endpoint, silence);
  if (closed !== undefined) return closed;
  return new Problem('cluster-unreachable', {
    what: `${describeMember(member)} does not respond to this machine, or denies access`,
    next: [
      member.kind === 'context'
        ? `try it: kubectl --context ${member.context} get --raw /readyz`
        : `check that this machine can reach its API endpoint, and that your AWS identity has an access entry for it`,
      'then run the same command again',
    ],
  });
}
