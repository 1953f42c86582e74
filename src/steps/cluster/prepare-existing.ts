/** Adds what an existing cluster lacks, using the guidance's single commands, each only if needed. */

import type { Cluster } from '../../aws/eks.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { adminsOf, type FleetMemberCluster } from '../../fleet/fleet.js';
import { eksctlCommands } from '../../tools/eksctl/commands.js';
import { placeName } from '../../world/place.js';
import { type CreateContext, type FleetContext, minutes } from '../context.js';
import { addEbs, ebsCommands, impairedEbs, missingEbs, othersEbs, refusedEbs } from './addons/add-ebs-driver.js';
import { partialConfig } from './cluster-config.js';

export function prepareExisting(context: CreateContext, cluster: FleetMemberCluster): Step {
  return {
    id: `prepare-existing/${cluster.scope}`,
    title: `prepare existing EKS cluster ${cluster.cluster} in ${placeName(cluster)}`,
    scope: cluster.scope,
    expectedMs: minutes(4),
    preview: () => ({
      changes: [`what ${cluster.cluster} still needs as the fleet’s ${cluster.role}`],
      commands: ebsCommands(context, cluster),
    }),
    check: async (call) => {
      const found = await context.clients.eks(cluster).cluster(cluster.cluster);
      const problem = refusal(found, cluster) ?? (await refusedEbs(context, cluster, call));
      if (found === undefined || problem !== undefined)
        return { state: 'blocked', problem: problem ?? unusable(cluster, 'it no longer exists') };
      const missing = [
        ...(await missingEbs(context, cluster, call)),
        ...(await missingAdmins(context, cluster)).map((arn) => `access of ${arn}`),
      ];
      if (missing.length > 0) return { state: 'partial', missing };
      const impaired = await impairedEbs(context, cluster);
      const note = await othersEbs(context, cluster, call);
      return { state: 'ready', ...(note && { note }), drift: impaired.map((part) => `${cluster.cluster}: ${part}`) };
    },
    apply: async (call) => {
      if ((await missingEbs(context, cluster, call)).length > 0) await addEbs(context, cluster, call);
      await addAdmins(context, cluster, call);
    },
  };
}

function refusal(found: Cluster | undefined, cluster: FleetMemberCluster): Problem | undefined {
  if (found?.status !== 'ACTIVE' && found?.status !== 'UPDATING')
    return unusable(cluster, `it is ${found?.status ?? 'gone'}`);
  // Auto Mode has another driver for volumes and another controller for load balancers (EKS User Guide, Auto Mode).
  if (cluster.role === 'parent' && found.computeConfig?.enabled === true)
    return unusable(cluster, 'it runs in Auto Mode');
  // There a load balancer needs the AWS Load Balancer Controller, with the addresses of pods as its targets (EKS User Guide, IPv6 addresses).
  if (cluster.role === 'parent' && found.kubernetesNetworkConfig?.ipFamily === 'ipv6')
    return unusable(
      cluster,
      'its pods and Services have IPv6 addresses, which the load balancer of the Karmada API does not reach',
    );
  return undefined;
}

function unusable(cluster: FleetMemberCluster, why: string): Problem {
  return new Problem('cluster-not-ours', {
    what: `existing EKS cluster ${cluster.cluster} in ${placeName(cluster)} cannot be used as ${cluster.role}`,
    why,
    next: ['choose another cluster, or let karmada-eks create one'],
  });
}

async function missingAdmins(context: FleetContext, cluster: FleetMemberCluster): Promise<readonly string[]> {
  const admins = adminsOf(context.fleet, cluster);
  if (admins.length === 0) return [];
  const entries = await context.clients.eks(cluster).accessEntries(cluster.cluster);
  // aws-auth cannot be read from EKS; the mapping is made again, which changes nothing when it is there.
  return entries === undefined ? [] : admins.filter((arn) => !entries.includes(arn));
}

async function addAdmins(context: CreateContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  const admins = adminsOf(context.fleet, cluster);
  if (admins.length === 0) return;
  const { eksctl } = context.clients;
  const ref = { name: cluster.cluster, region: cluster.region };
  const entries = await context.clients.eks(cluster).accessEntries(cluster.cluster);
  if (entries === undefined) {
    for (const arn of admins) await eksctl.run(cluster, eksctlCommands.createIdentityMapping(ref, arn), call);
    return;
  }
  const missing = { ...context, fleet: { ...context.fleet, admins: admins.filter((arn) => !entries.includes(arn)) } };
  if (missing.fleet.admins.length === 0) return;
  const config = partialConfig(missing, cluster, context.facts.kubernetesVersion, { admins: true });
  await eksctl.run(cluster, eksctlCommands.createAccessEntries(config), call);
}
