/** The pipeline that creates a fleet, on one screen. */

import { type Edges, Pipeline, type PipelineStep } from '../engine/pipeline.js';
import type { Step } from '../engine/step.js';
import { apiNamesOf, clustersOf, isParent, type Member } from '../fleet/fleet.js';
import { scheduleBackups } from '../steps/backup/schedule/schedule-backups.js';
import type { WantedSchedule } from '../steps/backup/schedule/wanted-schedule.js';
import { renewCertificates } from '../steps/certificates/renew-certificates.js';
import type { CreateContext } from '../steps/context.js';
import { hardenKarmada } from '../steps/hardening/harden-karmada.js';
import { addStorageClass } from '../steps/karmada/add-storage-class.js';
import { initKarmada } from '../steps/karmada/init-karmada.js';
import { storePullSecret } from '../steps/karmada/pull-secret.js';
import { recordFleet } from '../steps/karmada/record-fleet.js';
import { setFailover } from '../steps/karmada/set-failover.js';
import { mergeKubeconfig } from '../steps/kubeconfig/merge-kubeconfig.js';
import { exposeApi } from '../steps/load-balancer/expose-api.js';
import { nameApi } from '../steps/load-balancer/name-api.js';
import { publishApi } from '../steps/load-balancer/publish-api.js';
import { redirectAgent } from '../steps/recover/redirect-agent.js';
import { type Lease, takeLease } from '../steps/take-lease.js';
import { groupOf } from './groups.js';
import { addCluster, addKubeconfig, addOwnVpc, isInOwnVpc, joinStep } from './member-steps.js';

interface Backups {
  /** Comes before Karmada is removed to install it again; undefined: none is wanted. */
  readonly before?: Step | undefined;
  /** A schedule whose program is of an older version; undefined: there is none. */
  readonly schedule?: WantedSchedule | undefined;
}

export function upSteps(context: CreateContext, lease: Lease, backups: Backups = {}): readonly PipelineStep[] {
  const { fleet, switchContext = false } = context;
  const pipeline = new Pipeline();
  const [parentCluster] = clustersOf(fleet);
  if (parentCluster === undefined) return [];

  const vpc = addOwnVpc(pipeline, context);
  const parent = addCluster(pipeline, context, parentCluster, { needs: [vpc] });
  const leased = pipeline.add(takeLease(context, lease), { needs: [parent.kubeconfig] });
  const needed = (member: Member): NonNullable<Edges['needs']> => {
    if (isParent(fleet, member)) return [leased];
    return isInOwnVpc(member) ? [vpc] : [];
  };
  const clusters = fleet.members.map((member) => ({
    member,
    // Without a parent nobody waits for the members: who can mend it should not have to.
    kubeconfig: addKubeconfig(pipeline, context, member, needed(member), parent.created),
  }));
  const recorded = pipeline.add(recordFleet(context), { needs: [leased] });
  const storage = pipeline.add(addStorageClass(context), { needs: [leased] });
  const exposed = pipeline.add(exposeApi(context), { needs: [recorded] });
  const backedUp = backups.before && pipeline.add(backups.before, { needs: [leased] });
  const logins = fleet.pullsWithSecret ? pipeline.add(storePullSecret(context), { needs: [recorded] }) : undefined;
  const installable = [parent.usable, storage, exposed, backedUp, logins];
  // With certificates that have ended Karmada does not work: that is no reason to repair it otherwise.
  const renewed = context.renewsCertificates
    ? pipeline.add(renewCertificates(context), { needs: installable })
    : undefined;
  const karmada = pipeline.add(initKarmada(context), { needs: [...installable, renewed] });
  const hardened = pipeline.add(hardenKarmada(context), { needs: [karmada] });
  if (backups.schedule !== undefined)
    pipeline.add(scheduleBackups(context, backups.schedule), { needs: [karmada], after: [hardened] });
  const named = apiNamesOf(fleet).length === 0 ? undefined : pipeline.add(nameApi(context), { needs: [exposed] });
  const api = pipeline.add(publishApi(context), { needs: [karmada, named] });
  const joined = clusters.map(({ member, kubeconfig }) =>
    pipeline.add(joinStep(context, member), { needs: [api, kubeconfig], group: groupOf(member) }),
  );
  // Agents of other fleets have had the load balancer's name from the beginning.
  if (named !== undefined)
    for (const [index, { member }] of clusters.entries())
      if (member.mode === 'pull')
        pipeline.add(redirectAgent(context, member), { needs: [joined[index]], group: groupOf(member) });
  if (fleet.failover !== undefined)
    pipeline.add(setFailover(context, fleet.failover), { needs: [api], after: [hardened, ...joined] });
  // Contexts of members that work are useful when others failed.
  pipeline.add(mergeKubeconfig(context, { switchContext }), { needs: [api], after: joined });
  return pipeline.steps;
}
