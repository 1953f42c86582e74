/** Deletes one leftover of a fleet, and waits a while for whatever blocks it. */

import { errorName } from '../../aws/call.js';
import { makeEc2Leftovers } from '../../aws/ec2/ec2-leftovers.js';
import { deleteLoadBalancer, deleteTargetGroup } from '../../aws/elb/load-balancers.js';
import { deleteOidcProvider } from '../../aws/iam/iam.js';
import { deleteRole } from '../../aws/iam/iam-roles.js';
import { deleteLogGroup } from '../../aws/log-groups.js';
import type { ApplyContext, CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import type { Leftover, LeftoverKind } from '../../leftovers/leftover.js';
import { type AccountRole, type AwsPlace, placeName } from '../../world/place.js';
import { deleteCluster, removeStack } from '../cluster/delete-cluster.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { deleteEmptyVpc } from '../vpc/delete-vpc.js';
import { waitUntil } from '../wait-until.js';

type Remove = (context: FleetContext, call: ApplyContext, thing: Leftover) => Promise<void>;

const removals: Readonly<Record<LeftoverKind, Remove>> = {
  // As the steps of the clusters that are known do it: also from half a cluster, and with its stacks.
  'EKS cluster': async (context, call, thing) =>
    await deleteCluster(context, clusterOf(thing, thing.name), { id: thing.name, flag: '--confirm' }).apply(call),
  'CloudFormation stack': async (context, call, thing) =>
    await removeStack(context, clusterOf(thing, thing.within ?? ''), call, thing.name),
  'load balancer': removeBalancer,
  'target group': async (context, call, { id, region, account }) =>
    await onceFree(context, call, ['ResourceInUse', 'ResourceInUseException'], () =>
      deleteTargetGroup(context.clients.world.aws, { region, account }, id),
    ),
  volume: async (context, call, thing) =>
    await onceFree(context, call, ['VolumeInUse'], () => ec2(context, thing).deleteVolume(thing.id)),
  'network interface': async (context, call, thing) =>
    await onceFree(context, call, ['InvalidParameterValue'], () => ec2(context, thing).deleteInterface(thing.id)),
  'security group': async (context, call, thing) =>
    await onceFree(context, call, ['DependencyViolation'], () => ec2(context, thing).deleteSecurityGroup(thing.id)),
  'security group rule': async (context, _, thing) =>
    await ec2(context, thing).revokeIngress(thing.within ?? '', thing.id),
  'log group': async (context, _, thing) => await deleteLogGroup(context.clients.world.aws, thing, thing.id),
  'IAM role': async (context, _, { id, account }) =>
    await deleteRole(context.clients.world.aws, iamOf(context, account), id),
  VPC: async (context, call, thing) => {
    const why = await deleteEmptyVpc(context, call, thing);
    if (why !== undefined) throw new Problem('vpc-delete-failed', { what: why, next: ['delete what is in it'] });
  },
  'OIDC provider': async (context, _, { id, account }) =>
    await deleteOidcProvider(context.clients.world.aws, iamOf(context, account), id),
};

/** @throws Problem of AWS with its reason, `cluster-delete-failed`, `interrupted` */
export async function removeOne(context: FleetContext, call: ApplyContext, thing: Leftover): Promise<void> {
  await removals[thing.kind](context, call, thing);
}

/** How long things of a kind usually take, in ms; a cluster as long as in `down`, all else an estimate. */
export function expectedToRemove(kind: LeftoverKind): number {
  if (kind === 'EKS cluster') return minutes(15);
  if (kind === 'CloudFormation stack' || kind === 'VPC') return minutes(3);
  return kind === 'load balancer' ? minutes(1) : seconds(5);
}

/** Its interfaces outlive it by some time, and with them what holds their subnets (terraform 3758: "some minutes"). */
async function removeBalancer(context: FleetContext, call: CallContext, thing: Leftover): Promise<void> {
  const { id, name } = thing;
  await deleteLoadBalancer(context.clients.world.aws, thing, id);
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(5),
      limitMs: minutes(10),
      onTimeout: () =>
        new Problem('aws-failed', {
          what: `load balancer ${name} in ${placeName(thing)} is deleted, but its network interfaces still exist after 10 minutes`,
          next: ['run the same command again'],
        }),
    },
    async () => (await context.clients.ec2(thing).loadBalancerInterfaces(name)).length === 0,
  );
}

/** Retries for a few minutes while AWS reports the resource in use; after that its own error is passed on. */
export async function onceFree(
  context: FleetContext,
  call: CallContext,
  busy: readonly string[],
  remove: () => Promise<void>,
): Promise<void> {
  let last: Problem | undefined;
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(10),
      limitMs: minutes(3),
      onTimeout: () => last ?? new Problem('aws-failed', { what: 'it is still in use' }),
    },
    async () => {
      try {
        await remove();
        return true;
      } catch (thrown) {
        if (!(thrown instanceof Problem) || !busy.includes(errorName(thrown.cause))) throw thrown;
        if (last === undefined) call.say(`${thrown.why ?? thrown.message}; waiting for it`);
        last = thrown;
        return false;
      }
    },
  );
}

function ec2({ clients }: FleetContext, place: AwsPlace): ReturnType<typeof makeEc2Leftovers> {
  return makeEc2Leftovers(clients.world.aws, place);
}

/** IAM is one for all regions of an account. */
function iamOf({ fleet }: FleetContext, account: AccountRole | undefined): AwsPlace {
  return { region: fleet.parent.region, account };
}

function clusterOf({ region, account }: Leftover, cluster: string): FleetMemberCluster {
  return { cluster, region, account, vpc: '', scope: cluster, role: 'member' };
}
