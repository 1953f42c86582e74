/** Whether the private endpoint of a cluster that is being made answers this machine, as soon as there is one. */
import { isServing } from '../../access/eks-kubeconfig.js';
import { letIn, silenceOf } from '../../access/endpoints/silent-endpoint.js';
import type { Cluster } from '../../aws/eks.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { fleetTag } from '../../fleet/names.js';
import { privateAccessTo } from '../../preflight/endpoints/private-endpoints.js';
import { type CreateContext, type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** Whether a cluster serves and has the mark of the fleet. */
export function isOurs({ fleet }: Pick<FleetContext, 'fleet'>, found: Cluster | undefined): boolean {
  return isServing(found) && found?.tags?.[fleetTag] === fleet.id;
}

/** How long the names of a new endpoint and the rules of its groups may take to be known everywhere. */
const patienceMs = minutes(2);

/**
 * Runs `make`, which creates the cluster, and stops it when the endpoint turns out not to answer: eksctl would go on for nodes, and find
 * out when it waits for them (eksctl 0.230.0, pkg/eks/tasks.go, client.go).
 * @throws Problem `outside-network`, and those of `make`
 */
export async function whileReachable(
  context: CreateContext,
  cluster: FleetMemberCluster,
  call: CallContext,
  make: (call: CallContext) => Promise<void>,
): Promise<void> {
  if (!context.fleet.privateEndpoints) return await make(call);
  const stop = new AbortController();
  const within = { ...call, signal: AbortSignal.any([call.signal, stop.signal]) };
  let silent: unknown;
  const probe = probed(context, cluster, within).catch((thrown: unknown) => {
    if (stop.signal.aborted || call.signal.aborted) return;
    silent = thrown;
    stop.abort();
  });
  try {
    await make(within);
  } catch (thrown) {
    throw silent ?? thrown;
  } finally {
    stop.abort();
    await probe;
  }
}

async function probed(context: CreateContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  const found = await waitUntil(
    context,
    call,
    { everyMs: seconds(20), limitMs: minutes(90), onTimeout: () => new Problem('interrupted', { what: 'no probe' }) },
    async () => {
      const now = await context.clients.eks(cluster).cluster(cluster.cluster);
      return isOurs(context, now) && now?.endpoint !== undefined ? now : undefined;
    },
  );
  const { clock } = context.clients.world;
  const since = clock.now();
  for (;;) {
    const silence = await silenceOf(context.clients.world, found);
    if (silence === undefined) return;
    if (clock.now() - since >= patienceMs) throw unanswered(context, cluster, found, silence);
    await clock.sleep(seconds(10), call.signal);
  }
}

function unanswered(context: CreateContext, cluster: FleetMemberCluster, found: Cluster, reason: string): Problem {
  const { fleet, facts, clients } = context;
  const groups = found.resourcesVpcConfig?.securityGroupIds ?? [];
  const group = groups[0] ?? 'eksctl-…-ControlPlaneSecurityGroup-…';
  const addresses = clients.world.ownInterfaces().map(({ address }) => address);
  const admitted = privateAccessTo(fleet, cluster, facts.networks);
  return new Problem('outside-network', {
    what: `the private endpoint of EKS cluster ${cluster.cluster} in ${cluster.region} does not answer this machine (${addresses.join(', ')})`,
    why: `${reason}; its security group ${group} admits ${admitted.join(', ')}`,
    next: [
      `check that this machine’s DNS server tells the private addresses of that name, that its network leads to them, and that the address it calls from is admitted; to admit another: aws ec2 authorize-security-group-ingress --region ${cluster.region} --group-id ${group} --protocol tcp --port 443 --cidr CIDR`,
      'then run the same command again, or run it on a machine in the VPC; it continues with this control plane',
      `or delete everything: ${fleetCommand('down', fleet)}, on such a machine, or once this one is let in by its public address: ${letIn(cluster, found.resourcesVpcConfig ?? {})}`,
    ],
  });
}
