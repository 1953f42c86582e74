/** The pipeline that gives a fleet a new parent from a backup, on one screen; members are told, and nothing in them is changed. */

import { Pipeline, type PipelineStep } from '../engine/pipeline.js';
import { apiNamesOf, clusterOf, clustersOf, type Member } from '../fleet/fleet.js';
import type { CreateContext } from '../steps/context.js';
import { hardenKarmada } from '../steps/hardening/harden-karmada.js';
import { addStorageClass } from '../steps/karmada/add-storage-class.js';
import { initKarmada } from '../steps/karmada/init-karmada.js';
import { storePullSecret } from '../steps/karmada/pull-secret.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { setFailover } from '../steps/karmada/set-failover.js';
import { copyContext } from '../steps/kubeconfig/copy-context.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { writeKubeconfig } from '../steps/kubeconfig/write-kubeconfig.js';
import { exposeApi } from '../steps/load-balancer/expose-api.js';
import { nameApi } from '../steps/load-balancer/name-api.js';
import { publishApi } from '../steps/load-balancer/publish-api.js';
import { endTokens } from '../steps/member/tokens/end-tokens.js';
import { issueTokens } from '../steps/member/tokens/issue-tokens.js';
import type { Rotation } from '../steps/member/tokens/member-tokens.js';
import { restartForTokens } from '../steps/member/tokens/restart-for-tokens.js';
import { beginRecovery, endRecovery } from '../steps/recover/note-recovery.js';
import { redirectAgent } from '../steps/recover/redirect-agent.js';
import { takeOverKeys } from '../steps/recover/take-over-keys.js';
import { startKarmada } from '../steps/restore/start-karmada.js';
import { stopKarmada } from '../steps/restore/stop-karmada.js';
import { type WrittenBackup, writeEtcd } from '../steps/restore/write-etcd.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';
import { addCluster, addOwnVpc } from './member-steps.js';

export interface Recovery {
  readonly written: WrittenBackup;
  /** What an earlier run came to: Karmada is to be installed, is stopped while etcd is written, or has what was in the backup. */
  readonly reached: 'nothing' | 'writing' | 'restored';
  /** The push members that the backup knows: the former parent has the tokens that they have now. */
  readonly rotations: readonly Rotation[];
  /** The pull members that the backup knows. */
  readonly agents: readonly Member[];
  /** Whether all members answer: failover would move at once what runs in one that does not. */
  readonly isWhole: boolean;
}

export function recoverSteps(context: CreateContext, lease: Lease, recovery: Recovery): readonly PipelineStep[] {
  const { fleet } = context;
  const { rotations, agents } = recovery;
  const pipeline = new Pipeline();
  const restored = addKarmada(pipeline, context, lease, recovery);
  const hardened = pipeline.add(hardenKarmada(context), { needs: [restored] });
  const named = apiNamesOf(fleet).length === 0 ? undefined : pipeline.add(nameApi(context), { needs: [restored] });
  const api = pipeline.add(publishApi(context), { needs: [restored, named] });
  const told = agents.map((member) => {
    const needs = [api, addKubeconfig(pipeline, context, member)];
    return pipeline.add(redirectAgent(context, member, true), { needs, group: groupOf(member) });
  });
  const issued = rotations.map(({ member, rotation }) => {
    const needs = [api, addKubeconfig(pipeline, context, member)];
    return pipeline.add(issueTokens(context, member, rotation), { needs, group: groupOf(member) });
  });
  const after = [hardened, ...issued];
  const restarted =
    rotations.length === 0 ? undefined : pipeline.add(restartForTokens(context, rotations), { needs: [api], after });
  const ended = rotations.map(({ member, rotation }, index) => {
    const needs = [issued[index], restarted];
    return pipeline.add(endTokens(context, member, rotation), { needs, group: groupOf(member) });
  });
  if (fleet.failover !== undefined && recovery.isWhole)
    pipeline.add(setFailover(context, fleet.failover), { needs: [api], after: [...after, ...told, ...ended] });
  pipeline.add(mergeKubeconfig(context, { switchContext: false }), { needs: [api], after: [...told, ...issued] });
  return pipeline.steps;
}

/** The parent, with a Karmada that has what was in the backup. */
function addKarmada(
  pipeline: Pipeline,
  context: CreateContext,
  lease: Lease,
  { written, reached }: Recovery,
): PipelineStep | undefined {
  const [cluster] = clustersOf(context.fleet);
  if (cluster === undefined) return undefined;
  const parent = addCluster(pipeline, context, cluster, { needs: [addOwnVpc(pipeline, context)] });
  const leased = pipeline.add(takeLease(context, lease), { needs: [parent.kubeconfig] });
  const recorded = pipeline.add(recordFleet(context), { needs: [leased] });
  const storage = pipeline.add(addStorageClass(context), { needs: [leased] });
  const exposed = pipeline.add(exposeApi(context), { needs: [recorded] });
  const { backup } = written;
  const end = endRecovery(context, backup);
  if (reached === 'restored') return pipeline.add(end, { needs: [exposed] });
  const begun = pipeline.add(beginRecovery(context, backup), { needs: [recorded] });
  const logins = context.fleet.pullsWithSecret
    ? pipeline.add(storePullSecret(context), { needs: [recorded] })
    : undefined;
  const installable = [parent.usable, storage, exposed, begun, logins];
  const stop = stopKarmada(context, written, () => undefined);
  // While it is stopped, Karmada looks broken.
  const needs = reached === 'writing' ? installable : [pipeline.add(initKarmada(context), { needs: installable })];
  const stopped = pipeline.add(stop, { needs });
  const keyed = pipeline.add(takeOverKeys(context, backup.secrets), { needs: [stopped] });
  const filled = pipeline.add(writeEtcd(context, written), { needs: [keyed] });
  const started = pipeline.add(startKarmada(context), { needs: [filled] });
  return pipeline.add(end, { needs: [started] });
}

/** Its cluster is there: a recovery makes none for members. */
function addKubeconfig(pipeline: Pipeline, context: CreateContext, member: Member): PipelineStep | undefined {
  const edges = { group: groupOf(member) };
  if (member.kind === 'context') return pipeline.add(copyContext(context, member), edges);
  const cluster = clusterOf(member);
  return cluster && pipeline.add(writeKubeconfig(context, cluster), edges);
}
