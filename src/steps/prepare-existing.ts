/** Gives a cluster that was there before the fleet what it lacks, by the guidance's single commands, each only when needed. */
import { createHash } from 'node:crypto';
import type { Cluster } from '../aws/eks.js';
import { Problem } from '../errors/problem.js';
import type { FleetMemberCluster } from '../fleet/fleet.js';
import type { Action, Step, StepContext } from '../pipeline/step.js';
import { eksctlCommands } from '../tools/eksctl/commands.js';
import type { Command } from '../world/exec.js';
import { ebsAddon, partialConfig } from './cluster-config.js';
import { minutes, type Site, seconds } from './site.js';
import { waitUntil } from './wait-until.js';

/** A role's name has at most 64 characters and is unique in an account; eksctl's minimum policy wants `eksctl-*`. */
const longestRoleName = 64;

export function prepareExisting(site: Site, cluster: FleetMemberCluster): Step & Required<Pick<Step, 'undo'>> {
  return {
    id: `prepare-existing/${cluster.lane}`,
    title: `prepare existing EKS cluster ${cluster.cluster} in ${cluster.region}`,
    lane: cluster.lane,
    after: [],
    expectedMs: minutes(4),
    preview: () => ({
      changes: [`what ${cluster.cluster} lacks of a fleet’s ${cluster.role}`],
      commands: commands(site, cluster),
    }),
    check: async () => {
      const found = await site.clients.eks(cluster.region).cluster(cluster.cluster);
      const problem = refusal(found, cluster);
      if (found === undefined || problem !== undefined)
        return { state: 'blocked', problem: problem ?? unusable(cluster, 'it is gone') };
      const missing = [
        ...(await missingEbs(site, cluster)),
        ...(await missingAdmins(site, cluster)).map((arn) => `access of ${arn}`),
      ];
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (context) => {
      if ((await missingEbs(site, cluster)).length > 0) await addEbs(site, cluster, context);
      await addAdmins(site, cluster, context);
    },
    undo: removeEbs(site, cluster),
  };
}

function commands(site: Site, cluster: FleetMemberCluster): readonly Command[] {
  if (cluster.role !== 'parent') return [];
  const ref = { name: cluster.cluster, region: cluster.region };
  const role = ebsRoleName(cluster);
  return [
    eksctlCommands.associateOidcProvider(ref),
    eksctlCommands.createEbsRole(ref, role, ebsPolicy(site)),
    eksctlCommands.createEbsAddon(ref, roleArn(site, role)),
  ];
}

function refusal(found: Cluster | undefined, cluster: FleetMemberCluster): Problem | undefined {
  if (found?.status !== 'ACTIVE' && found?.status !== 'UPDATING')
    return unusable(cluster, `it is ${found?.status ?? 'gone'}`);
  // Auto Mode has another driver for volumes and another controller for load balancers (EKS User Guide, Auto Mode).
  if (cluster.role === 'parent' && found.computeConfig?.enabled === true)
    return unusable(cluster, 'it runs in Auto Mode');
  return undefined;
}

function unusable(cluster: FleetMemberCluster, why: string): Problem {
  return new Problem('cluster-not-ours', {
    what: `existing EKS cluster ${cluster.cluster} in ${cluster.region} cannot be used as ${cluster.role}`,
    why,
    next: ['name another cluster, or let karmada-eks make one'],
  });
}

async function missingEbs(site: Site, cluster: FleetMemberCluster): Promise<readonly string[]> {
  if (cluster.role !== 'parent') return [];
  const addon = await site.clients.eks(cluster.region).addon(cluster.cluster, ebsAddon);
  return addon?.status === 'ACTIVE' ? [] : [`add-on ${ebsAddon} (${addon?.status ?? 'missing'}) with its role`];
}

async function missingAdmins(site: Site, cluster: FleetMemberCluster): Promise<readonly string[]> {
  if (site.fleet.admins.length === 0) return [];
  const entries = await site.clients.eks(cluster.region).accessEntries(cluster.cluster);
  // aws-auth cannot be read from EKS; the mapping is made again, which changes nothing when it is there.
  return entries === undefined ? [] : site.fleet.admins.filter((arn) => !entries.includes(arn));
}

async function addEbs(site: Site, cluster: FleetMemberCluster, context: StepContext): Promise<void> {
  const { eksctl } = site.clients;
  const ref = { name: cluster.cluster, region: cluster.region };
  const role = ebsRoleName(cluster);
  await eksctl.associateOidcProvider(ref, context);
  await eksctl.createEbsRole(ref, role, ebsPolicy(site), context);
  await eksctl.createEbsAddon(ref, roleArn(site, role), context);
  // By flags eksctl does not wait, and exits 0 even when the add-on fails (observed with 0.230.0).
  await waitUntil(
    site,
    context,
    {
      everyMs: seconds(10),
      limitMs: minutes(15),
      onTimeout: () =>
        new Problem('addon-failed', {
          what: `add-on ${ebsAddon} of ${cluster.cluster} in ${cluster.region} did not become active within 15 minutes`,
          next: [`look at its health in the EKS console`, 'run the same command again'],
        }),
    },
    async () => (await missingEbs(site, cluster)).length === 0,
  );
}

async function addAdmins(site: Site, cluster: FleetMemberCluster, context: StepContext): Promise<void> {
  const { admins } = site.fleet;
  if (admins.length === 0) return;
  const { eksctl } = site.clients;
  const ref = { name: cluster.cluster, region: cluster.region };
  const entries = await site.clients.eks(cluster.region).accessEntries(cluster.cluster);
  if (entries === undefined) {
    for (const arn of admins) await eksctl.createIdentityMapping(ref, arn, context);
    return;
  }
  const missing = { ...site, fleet: { ...site.fleet, admins: admins.filter((arn) => !entries.includes(arn)) } };
  if (missing.fleet.admins.length === 0) return;
  const config = partialConfig(missing, cluster, site.facts.kubernetesVersion, { admins: true });
  await eksctl.createAccessEntries(config, context);
}

/** Only the driver that runs with our role was added by us. The OIDC provider stays: it costs nothing and others may use it. */
function removeEbs(site: Site, cluster: FleetMemberCluster): Action {
  const ref = { name: cluster.cluster, region: cluster.region };
  const isOurs = async (): Promise<boolean> => {
    const addon = await site.clients.eks(cluster.region).addon(cluster.cluster, ebsAddon);
    return addon?.serviceAccountRoleArn?.endsWith(`role/${ebsRoleName(cluster)}`) === true;
  };
  return {
    expectedMs: minutes(2),
    preview: () => ({
      changes: [`add-on ${ebsAddon} of ${cluster.cluster} and its role, if this fleet added them`],
      commands: [eksctlCommands.deleteAddon(ref, ebsAddon), eksctlCommands.deleteEbsRole(ref)],
    }),
    check: async () => ((await isOurs()) ? { state: 'absent' } : { state: 'ready' }),
    apply: async (context) => {
      // The role first: an add-on that is gone would hide that the role is ours.
      await site.clients.eksctl.deleteEbsRole(ref, context);
      await site.clients.eksctl.deleteAddon(ref, ebsAddon, context);
      await waitUntil(
        site,
        context,
        {
          everyMs: seconds(5),
          limitMs: minutes(10),
          onTimeout: () =>
            new Problem('addon-failed', {
              what: `add-on ${ebsAddon} of ${cluster.cluster} did not go within 10 minutes`,
              next: ['run the same command again'],
            }),
        },
        async () => !(await isOurs()),
      );
    },
  };
}

function ebsPolicy(site: Site): string {
  return `arn:${site.facts.caller.partition}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy`;
}

function roleArn(site: Site, role: string): string {
  return `arn:${site.facts.caller.partition}:iam::${site.facts.caller.account}:role/${role}`;
}

function ebsRoleName({ cluster, region }: FleetMemberCluster): string {
  const name = `eksctl-${cluster}-${region}-ebs-csi`;
  if (name.length <= longestRoleName) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longestRoleName - 9)}-${hash}`;
}
