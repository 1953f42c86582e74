/** Has Karmada move workloads away from a member that does not respond, or takes that back: as the configuration has it. */
import { memberKind, membersOf } from '../../access/member-list.js';
import type { Destruction } from '../../engine/destruction.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetTag, karmadaNamespace } from '../../fleet/names.js';
import type { Failover } from '../../fleet/settings/failover.js';
import { type Flags, flagIn, withGate } from '../../model/component-flags.js';
import {
  failoverPolicyRef,
  failoverPolicySpec,
  failoverTaint,
  manager,
  managerFlags,
  readFailover,
  webhook,
  webhookFlags,
  whatLacks,
} from '../../status/failover-state.js';
import { movableWithData } from '../../status/stateful.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type FleetContext, karmadaAccess, minutes, parentAccess, seconds } from '../context.js';
import { movedByRestart, workloadsOfLost } from '../hardening/moved-at-once.js';
import { setFlags } from '../hardening/set-flags.js';
import { waitUntil } from '../wait-until.js';

/** Turns failover on, with its wait, or off. */
export function setFailover(context: FleetContext, failover: Failover): Step {
  return failover.enabled ? enableFailover(context, failover.after) : disableFailover(context);
}

const refOf = (name: string) => ({ kind: 'deployments', name, namespace: karmadaNamespace }) as const;

function enableFailover(context: FleetContext, after: string): Step {
  const { clients } = context;
  const accesses = { parent: parentAccess(context), karmada: karmadaAccess(context.paths) };
  return {
    id: 'enable-failover',
    title: `move workloads away from members that are silent for ${after}`,
    scope: 'fleet',
    expectedMs: minutes(1),
    preview: () => ({
      changes: [...changesOf(after)],
      commands: [
        ...[manager, webhook].map((name) =>
          kubectlCommands.mergePatch(accesses.parent, refOf(name), { spec: '<with these flags>' }),
        ),
        kubectlCommands.apply(accesses.karmada, [policy(context)]),
      ],
    }),
    check: async (call) => {
      const found = await readFailover(clients, accesses, after, call);
      if (found === undefined) return { state: 'absent' };
      const missing = whatLacks(found);
      if (missing.length === 0) return { state: 'ready', note: `after ${after}` };
      const withData = await movableWithData(clients, accesses.karmada, call);
      const lines = found.enabled ? missing : changesOf(after);
      return {
        state: 'partial',
        missing: [
          ...lines,
          ...withData.map((each) => `moves without its data, which is deleted when the member is back: ${each}`),
        ],
      };
    },
    destroys: (call) => movedAtOnce(context, after, call),
    apply: async (call) => {
      await setFlags(context, { access: accesses.parent, ref: refOf(webhook) }, () => webhookFlags, call);
      const flags = (command: readonly string[]): Flags => managerFlags(command, after);
      // Before the manager acts on it: by the policy a run that is interrupted is known to have begun, and can be taken back.
      await applyPolicy(context, call);
      await setFlags(context, { access: accesses.parent, ref: refOf(manager) }, flags, call);
    },
  };
}

function changesOf(after: string): readonly string[] {
  return [
    `${manager}, ${webhook}: failover after ${after}`,
    `ClusterTaintPolicy ${failoverPolicyRef.name}`,
    'workloads with data start elsewhere without it, unless their policy tolerates the taint',
  ];
}

/** A member that is not Ready when failover comes is left by its workloads without any wait. */
async function movedAtOnce(context: FleetContext, after: string, call: CallContext): Promise<readonly Destruction[]> {
  const accesses = { parent: parentAccess(context), karmada: karmadaAccess(context.paths) };
  const found = await readFailover(context.clients, accesses, after, call);
  if (found === undefined) return [];
  if (!found.enabled || found.policy !== 'there') return await workloadsOfLost(context, call, { notReady: true });
  const isRestarted = found.missing.some((line) => line.startsWith(`${manager}:`));
  return isRestarted ? await movedByRestart(context, call) : [];
}

/** A webhook that is on its way out still refuses the policy. */
async function applyPolicy(context: FleetContext, call: CallContext): Promise<void> {
  const { kubectl } = context.clients;
  let last: Problem | undefined;
  await waitUntil(
    context,
    call,
    { everyMs: seconds(3), limitMs: minutes(1), onTimeout: () => last ?? notSet() },
    async () => {
      try {
        await kubectl.apply(karmadaAccess(context.paths), [policy(context)], call);
        return true;
      } catch (thrown) {
        if (!(thrown instanceof Problem) || thrown.code !== 'tool-failed') throw thrown;
        last = thrown;
        return false;
      }
    },
  );
}

function notSet(): Problem {
  return new Problem('karmada-unhealthy', {
    what: `ClusterTaintPolicy ${failoverPolicyRef.name} could not be set within a minute`,
    next: ['run the same command again'],
  });
}

function policy({ fleet }: FleetContext): object {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'ClusterTaintPolicy',
    metadata: { name: failoverPolicyRef.name, labels: { [fleetTag]: fleet.id } },
    spec: failoverPolicySpec,
  };
}

/** Failover that somebody else turned on, without the fleet's policy, stays. */
function disableFailover(context: FleetContext): Step {
  const { clients } = context;
  const accesses = { parent: parentAccess(context), karmada: karmadaAccess(context.paths) };
  return {
    id: 'disable-failover',
    title: 'leave workloads where they are when a member is silent',
    scope: 'fleet',
    expectedMs: minutes(1),
    preview: () => ({
      changes: ['failover is off'],
      commands: [kubectlCommands.remove(accesses.karmada, failoverPolicyRef)],
    }),
    check: async (call) => {
      const found = await readFailover(clients, accesses, undefined, call);
      if (found === undefined || found.policy === 'absent') return { state: 'ready' };
      return { state: 'partial', missing: ['failover is turned off: nothing moves when a member is lost'] };
    },
    apply: async (call) => {
      await setFlags(context, { access: accesses.parent, ref: refOf(manager) }, offFlags, call);
      await removeTaints(context, call);
      const off = { 'allow-no-execute-taint-policy': undefined };
      await setFlags(context, { access: accesses.parent, ref: refOf(webhook) }, () => off, call);
      // Last: while it is there, an interrupted run is known to be unfinished.
      await clients.kubectl.remove(accesses.karmada, failoverPolicyRef, call);
    },
  };
}

function offFlags(command: readonly string[]): Flags {
  return {
    ...Object.fromEntries(Object.keys(managerFlags(command, '')).map((flag) => [flag, undefined])),
    'feature-gates': withGate(flagIn(command, 'feature-gates'), 'Failover', false),
  };
}

/** Nothing else takes them away once their policy is gone (pkg/apis/policy/v1alpha1/clustertaint_types.go). */
async function removeTaints({ clients, paths }: FleetContext, call: CallContext): Promise<void> {
  const karmada = karmadaAccess(paths);
  for (const { metadata, spec } of await membersOf(clients, karmada, call)) {
    const taints = spec.taints ?? [];
    const left = taints.filter(({ key, effect }) => key !== failoverTaint.key || effect !== failoverTaint.effect);
    if (left.length === taints.length) continue;
    await clients.kubectl.mergePatch(
      karmada,
      { kind: memberKind, name: metadata.name },
      { spec: { taints: left } },
      call,
    );
  }
}
