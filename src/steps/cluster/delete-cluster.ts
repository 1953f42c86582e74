/** Deletes an EKS cluster that this fleet created, whatever its state, and the stacks that eksctl created for it. */

import { isServing } from '../../access/eks-kubeconfig.js';
import type { Stack } from '../../aws/cloudformation.js';
import type { Cluster } from '../../aws/eks.js';
import { deleteOidcProvider } from '../../aws/iam/iam.js';
import type { Destruction, DestructiveFlag } from '../../engine/destruction.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { clusterStack } from '../../ownership/cluster-lifetimes.js';
import { eksctlCommands, inPlace } from '../../tools/eksctl/commands.js';
import { placeName } from '../../world/place.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { contentsOf } from './cluster-contents.js';
import { foreignKarmada } from './foreign-karmada.js';
import { judgeParts } from './own-clusters.js';
import { recordVolumePolicies } from './record-volume-policies.js';

/** The name of a deletion, and the flag that agrees to it. */
interface Deletion {
  readonly id: string;
  readonly flag: '--confirm' | '--delete-cluster';
}

export function deleteCluster(context: FleetContext, cluster: FleetMemberCluster, { id, flag }: Deletion): Step {
  const inTheWay = async (call: CallContext): Promise<Problem | undefined> => {
    const exists = await ourCluster(context, cluster);
    return exists && (await foreignKarmada(context, cluster, exists, call));
  };
  return {
    id,
    title: `delete EKS cluster ${cluster.cluster} in ${placeName(cluster)}`,
    scope: cluster.scope,
    expectedMs: minutes(15),
    preview: () => ({
      changes: [`EKS cluster ${cluster.cluster} in ${placeName(cluster)} with its nodes, roles and stacks`],
      commands: [inPlace(cluster, eksctlCommands.deleteCluster({ name: cluster.cluster, region: cluster.region }))],
    }),
    check: async (call) => {
      const [exists, stacks] = await Promise.all([ourCluster(context, cluster), ourStacks(context, cluster)]);
      const problem = await inTheWay(call);
      if (problem !== undefined) return { state: 'blocked', problem };
      return exists === undefined && stacks.length === 0 ? { state: 'ready' } : { state: 'absent' };
    },
    preflight: inTheWay,
    destroys: (call) => deleted(context, cluster, flag, call),
    apply: async (call) => {
      const problem = await inTheWay(call);
      if (problem !== undefined) throw problem;
      await recordVolumePolicies(context, cluster, call);
      // eksctl cannot delete a cluster that never became active (observed with 0.230.0): its stacks are deleted instead.
      for (let tries = 0; tries < eksctlTries && isServing(await ourCluster(context, cluster)); tries += 1) {
        await throughEksctl(context, cluster, call);
      }
      await removeOidcProvider(context, cluster);
      await removeStacks(context, cluster, call);
    },
  };
}

async function deleted(
  context: FleetContext,
  cluster: FleetMemberCluster,
  flag: DestructiveFlag,
  call: CallContext,
): Promise<readonly Destruction[]> {
  const { cluster: judged } = await judgeParts(context, cluster);
  if (judged?.verdict.whose !== 'ours') return [];
  const name = `${cluster.cluster} in ${placeName(cluster)}`;
  const holds = await contentsOf(context, cluster, judged.found, call);
  return [{ how: 'delete', kind: 'EKS cluster', name, holds, evidence: judged.verdict.evidence, flag }];
}

/** One more than one: only eksctl knows of the load balancers that the cluster's Services have. */
const eksctlTries = 2;

/** Whatever remains afterwards is deleted through CloudFormation, which reports the reason if it fails again. */
async function throughEksctl(context: FleetContext, cluster: FleetMemberCluster, call: CallContext): Promise<void> {
  try {
    await context.clients.eksctl.run(
      cluster,
      eksctlCommands.deleteCluster({ name: cluster.cluster, region: cluster.region }),
      call,
    );
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'tool-failed') throw thrown;
    call.say(`eksctl could not delete ${cluster.cluster} (${thrown.why ?? 'no reason given'})`, 'lasting');
  }
}

/**
 * eksctl's OIDC provider is in no stack, and is only found through the cluster: it is deleted first.
 * @throws Problem `access-denied` without `iam:DeleteOpenIDConnectProvider`
 */
async function removeOidcProvider(context: FleetContext, cluster: FleetMemberCluster): Promise<void> {
  const issuer = (await ourCluster(context, cluster))?.identity?.oidc?.issuer;
  if (issuer === undefined) return;
  const { partition } = context.caller;
  const account = cluster.account?.id ?? context.caller.account;
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace('https://', '')}`;
  await deleteOidcProvider(context.clients.world.aws, cluster, arn);
}

/**
 * Deletes all stacks of the cluster: node groups and add-ons first, for the control plane's stack cannot go before them.
 * @throws Problem `cluster-delete-failed` with the reasons that CloudFormation gives.
 */
export async function removeStacks(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
): Promise<void> {
  const main = clusterStack(cluster.cluster);
  const dependent = (await ourStacks(context, cluster)).filter(({ StackName }) => StackName !== main);
  await deleteStacks(context, cluster, call, dependent);
  await deleteStacks(context, cluster, call, await ourStacks(context, cluster));
}

/** Deletes one stack of the cluster and waits until it is gone; does nothing if it is missing or not the fleet's. */
export async function removeStack(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
  name: string,
): Promise<void> {
  const stacks = await ourStacks(context, cluster);
  await deleteStacks(
    context,
    cluster,
    call,
    stacks.filter(({ StackName }) => StackName === name),
  );
}

async function deleteStacks(
  context: FleetContext,
  cluster: FleetMemberCluster,
  call: CallContext,
  stacks: readonly Stack[],
): Promise<void> {
  const cloudformation = context.clients.cloudformation(cluster);
  await Promise.all(
    stacks.map(async ({ StackName: name = '', StackStatus }) => {
      if (StackStatus !== 'DELETE_IN_PROGRESS') {
        call.say(`deleting stack ${name} (${StackStatus})`);
        await cloudformation.deleteStack(name);
      }
      await waitUntil(
        context,
        call,
        {
          everyMs: seconds(10),
          limitMs: minutes(40),
          onTimeout: () => notDeleted(cluster, name, 'it is still being deleted after 40 minutes'),
        },
        () => stackGone(context, cluster, name),
      );
    }),
  );
}

async function stackGone(context: FleetContext, cluster: FleetMemberCluster, name: string): Promise<true | undefined> {
  const cloudformation = context.clients.cloudformation(cluster);
  const stack = await cloudformation.stack(name);
  if (stack === undefined) return true;
  if (stack.StackStatus !== 'DELETE_FAILED') return undefined;
  throw notDeleted(cluster, name, (await cloudformation.failures(name)).slice(0, 3).join('; '));
}

function notDeleted(cluster: FleetMemberCluster, stack: string, why: string): Problem {
  return new Problem('cluster-delete-failed', {
    what: `stack ${stack} of EKS cluster ${cluster.cluster} in ${placeName(cluster)} could not be deleted`,
    why,
    next: ['remove the reported cause', 'run the same command again; it retries the stack'],
  });
}

/** The cluster, when there is one and it is surely the fleet's. */
async function ourCluster(context: FleetContext, cluster: FleetMemberCluster): Promise<Cluster | undefined> {
  const { cluster: found } = await judgeParts(context, cluster);
  return found?.verdict.whose === 'ours' ? found.found : undefined;
}

/** The stacks of this very cluster that are surely the fleet's: never by name alone, never by the beginning of a name. */
async function ourStacks(context: FleetContext, cluster: FleetMemberCluster): Promise<readonly Stack[]> {
  const { stacks } = await judgeParts(context, cluster);
  return stacks.flatMap(({ stack, verdict }) => (verdict.whose === 'ours' ? [stack] : []));
}
