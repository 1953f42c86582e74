/** Refuses to continue if the Karmada API or a cluster that is to join does not respond. */

import pMap from 'p-map';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import { describeMember, type Fleet, type Member } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import type { Call } from '../tools/run.js';
import type { FleetAccess } from './fleet-access.js';

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
  if (reach.karmada === undefined) throw withoutKarmada(fleet, reach);
  const { concurrency } = clients;
  const silent = await pMap(
    fleet.members,
    async (member) => {
      const access = reach.apis.get(member.name);
      return access === undefined || (await clients.kubectl.isReady(access, call)) ? [] : [doesNotAnswer(member)];
    },
    { concurrency },
  );
  const problems = silent.flat();
  refuse(problems, 'plan-refused', `${problems.length} clusters do not respond; nothing was changed`);
}

function withoutKarmada(fleet: Fleet, { loadBalancer }: FleetAccess): Problem {
  if (loadBalancer === undefined) {
    return new Problem('fleet-not-ready', {
      what: `fleet ${fleet.name} has no Karmada to join yet`,
      next: [`repair it: ${fleetCommand('up', fleet)}`, `check what exists: ${fleetCommand('status', fleet)}`],
    });
  }
  return new Problem('cluster-unreachable', {
    what: `the Karmada API of fleet ${fleet.name} does not respond to this machine`,
    why: `its load balancer ${loadBalancer.hostname} only admits allowed addresses, or Karmada is not ready`,
    next: [
      `find out which: ${fleetCommand('status', fleet)}`,
      `allow this machine: ${fleetCommand('up', fleet)}, with --allow CIDR if addresses were set before`,
    ],
  });
}

function doesNotAnswer(member: Member): Problem {
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
