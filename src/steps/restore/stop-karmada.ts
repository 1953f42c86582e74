/** Stops everything that reads or writes Karmada's etcd, and notes in the parent what is under way. */
import type { CallContext, Step } from '../../engine/step.js';
import { counted } from '../../errors/counted.js';
import { Problem } from '../../errors/problem.js';
import { karmadaComponents } from '../../fleet/karmada-components.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { markRestoring, readRestoring } from '../../state/restoring.js';
import { explainedByHolders } from '../../status/held-deletions.js';
import { karmadaWorkloads } from '../../status/karmada-health.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { pod } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { type Patience, waitUntil } from '../wait-until.js';
import type { WrittenBackup } from './write-etcd.js';

/** An object's annotations have at most 256 KiB. */
const mostLines = 1000;

/** All components but etcd itself. */
const users = karmadaComponents.filter(({ name }) => name !== 'etcd');

/** `before` tells where the backup of the present is, `loses` what is lost from Karmada, one line each. */
export function stopKarmada(
  context: FleetContext,
  { backup, loses, resumes }: Pick<WrittenBackup, 'backup' | 'loses' | 'resumes'>,
  before: () => string | undefined,
): Step {
  const { clients } = context;
  const access = parentAccess(context);
  let isBegun = resumes;
  return {
    id: 'stop-karmada',
    title: 'stop Karmada’s API servers and controllers; workloads in members keep running',
    scope: 'parent',
    expectedMs: seconds(30),
    preview: () => ({
      changes: users.map(({ name }) => `${name}: 0 pods`),
      commands: [
        kubectlCommands.mergePatch(
          access,
          { kind: 'deployments', name: '<component>', namespace: karmadaNamespace },
          { spec: { replicas: 0 } },
        ),
      ],
    }),
    check: async (call) => {
      const mark = await readRestoring(clients, access, call);
      if (!isBegun || mark?.sha256 !== backup.manifest.etcd.sha256) return { state: 'absent' };
      const running = mark.isWritten ? [] : await stillThere(context, call);
      return running.length === 0 ? { state: 'ready' } : { state: 'partial', missing: running };
    },
    apply: async (call) => {
      const mark = await readRestoring(clients, access, call);
      const workloads = await karmadaWorkloads(clients, access, call);
      const now = Object.fromEntries(
        users.map(({ name, replicas }) => {
          const found = workloads.find(({ metadata }) => metadata.name === name)?.spec.replicas;
          return [name, found === undefined || found === 0 ? (mark?.replicas[name] ?? replicas) : found];
        }),
      );
      const { sha256 } = backup.manifest.etcd;
      await markRestoring(
        clients,
        access,
        {
          sha256,
          file: backup.path,
          madeAt: backup.manifest.madeAt,
          before: before() ?? mark?.before ?? null,
          loses: loses?.slice(0, mostLines) ?? null,
          replicas: { ...mark?.replicas, ...now },
          isBegun: resumes && mark?.isBegun === true,
          isWritten: false,
        },
        call,
      );
      isBegun = true;
      for (const { kind, name } of users)
        await clients.kubectl.mergePatch(
          access,
          { kind, name, namespace: karmadaNamespace },
          { spec: { replicas: 0 } },
          call,
        );
      await waitUntil(
        context,
        call,
        patience(context, call),
        async () => (await stillThere(context, call)).length === 0,
      );
    },
  };
}

/** One line a component that is wanted, or has pods that have not ended. */
async function stillThere(context: FleetContext, call: CallContext): Promise<readonly string[]> {
  const access = parentAccess(context);
  const [workloads, pods] = await Promise.all([
    karmadaWorkloads(context.clients, access, call),
    context.clients.kubectl.list(access, { kind: 'pods', namespace: karmadaNamespace }, pod, call),
  ]);
  return users.flatMap(({ name }) => {
    const wanted = workloads.find(({ metadata, spec }) => metadata.name === name && spec.replicas !== 0);
    if (wanted !== undefined) return [`${name} is set to ${counted(wanted.spec.replicas ?? 1, 'replica')}`];
    const left = pods.filter(
      ({ metadata, status }) => !hasEnded(status?.phase) && metadata.name.startsWith(`${name}-`),
    );
    return left.length === 0 ? [] : [`${name} still has ${counted(left.length, 'pod')}`];
  });
}

/** Evicted pods stay as objects. */
function hasEnded(phase: string | undefined): boolean {
  return phase === 'Failed' || phase === 'Succeeded';
}

/** Somebody, such as an autoscaler or what deploys from Git, may set the replicas that were taken away again. */
function patience(context: FleetContext, call: CallContext): Patience {
  const { clients, fleet } = context;
  const access = parentAccess(context);
  return {
    everyMs: seconds(2),
    limitMs: minutes(5),
    onTimeout: async () => {
      const problem = new Problem('restore-failed', {
        what: `pods of Karmada in ${fleet.parent.cluster} did not end within 5 minutes; etcd was not changed`,
        why: (await stillThere(context, call)).join('; '),
        next: [`list them: kubectl -n ${karmadaNamespace} get pods`, 'then run the same command again'],
      });
      return await explainedByHolders(clients, access, karmadaNamespace, problem, call);
    },
  };
}
