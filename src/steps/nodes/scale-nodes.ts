/** Scales a cluster to the requested number of nodes, only with --reconcile. */
import type { Nodegroup } from '../../aws/eks.js';
import type { Destruction } from '../../engine/destruction.js';
import type { Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { eksctlCommands, inPlace } from '../../tools/eksctl/commands.js';
import { placeName } from '../../world/place.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { nodeCountDrift } from './node-drift.js';
import { describeNodeGroup } from './node-health.js';

export function scaleNodes(context: FleetContext, cluster: FleetMemberCluster): Step {
  const { nodes } = context.fleet;
  const group = { name: cluster.cluster, region: cluster.region, nodeGroup: defaults.nodeGroup };
  const look = async (): Promise<Nodegroup | undefined> => {
    const groups = await context.clients.eks(cluster).nodeGroups(cluster.cluster);
    return groups.find(({ nodegroupName }) => nodegroupName === defaults.nodeGroup);
  };
  return {
    id: `scale-nodes/${cluster.scope}`,
    title: `scale ${cluster.cluster} to ${nodes} nodes`,
    scope: cluster.scope,
    expectedMs: minutes(3),
    preview: () => ({
      changes: [`${nodes} nodes in ${cluster.cluster}`],
      commands: [inPlace(cluster, eksctlCommands.scaleNodegroup(group, nodes))],
    }),
    check: async () => {
      const found = await look();
      if (found?.status !== 'ACTIVE')
        return { state: 'partial', missing: [`the node group is ${found?.status ?? 'gone'}`] };
      const drift = nodeCountDrift(context.fleet, found);
      return drift === undefined ? { state: 'ready' } : { state: 'partial', missing: [drift] };
    },
    destroys: async () => lost(context, cluster, await look()),
    apply: async (call) => {
      const patience = {
        everyMs: seconds(10),
        limitMs: minutes(30),
        onTimeout: async () =>
          new Problem('node-group-failed', {
            what: `the node group of ${cluster.cluster} in ${placeName(cluster)} did not settle within 30 minutes`,
            why: describeNodeGroup(await look()),
            next: ['check its health in the EKS console', 'run the same command again'],
          }),
      };
      const settled = async (): Promise<boolean> => (await look())?.status !== 'UPDATING';
      // EKS refuses a change while another one is under way.
      await waitUntil(context, call, patience, settled);
      const found = await look();
      if (nodeCountDrift(context.fleet, found) !== undefined) {
        call.mustBeAgreed(lost(context, cluster, found));
        await context.clients.eksctl.run(cluster, eksctlCommands.scaleNodegroup(group, nodes), call);
      }
      await waitUntil(context, call, patience, settled);
    },
  };
}

/** A volume of EBS is used in its own zone only (Amazon EBS User Guide, "Attach an Amazon EBS volume to an Amazon EC2 instance"). */
const etcdAtRisk =
  'an etcd member of Karmada if no node remains in the zone of its volume: it does not start until that zone has a node again';

/** The nodes that go, with what runs on them: EKS chooses which. */
function lost(
  { fleet }: FleetContext,
  { scope, cluster, region }: FleetMemberCluster,
  group: Nodegroup | undefined,
): readonly Destruction[] {
  const count = group?.scalingConfig?.desiredSize ?? 0;
  if (count <= fleet.nodes) return [];
  return [
    {
      how: 'interrupt',
      kind: 'nodes',
      name: `${cluster} in ${region}`,
      holds: [
        `pods on ${count - fleet.nodes} of ${count} nodes, which are removed`,
        ...(scope === 'parent' ? [etcdAtRisk] : []),
      ],
      evidence: `node group ${defaults.nodeGroup} of a cluster with this fleet’s tag`,
      flag: '--reconcile',
    },
  ];
}
