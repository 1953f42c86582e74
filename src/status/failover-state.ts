/**
 * Whether Karmada moves workloads away from a member that does not respond, read from its components. With 1.18.2 that takes a
 * feature gate, a flag, and a policy that puts a NoExecute taint on the member, which the webhook refuses unless it has a flag of its
 * own (cmd/controller-manager/app, pkg/controllers/cluster/taint_manager.go, pkg/webhook/clustertaintpolicy/validating.go).
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clients } from '../clients/clients.js';
import { karmadaNamespace } from '../fleet/names.js';
import { commandOf, type Flags, flagIn, missingFlags, withGate } from '../model/component-flags.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type ComponentWorkload, componentWorkload, taintPolicy } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

export const manager = 'karmada-controller-manager';
export const webhook = 'karmada-webhook';

/** The fleet's own policy. */
export const failoverPolicyRef = {
  kind: 'clustertaintpolicies.policy.karmada.io',
  name: 'karmada-eks-failover',
} as const;

/** What the policy puts on a member that is not Ready; policies of workloads tolerate it by this key. */
export const failoverTaint = { key: 'cluster.karmada.io/not-ready', effect: 'NoExecute' } as const;

export const failoverPolicySpec = {
  addOnConditions: [{ conditionType: 'Ready', operator: 'NotIn', statusValues: ['True'] }],
  removeOnConditions: [{ conditionType: 'Ready', operator: 'In', statusValues: ['True'] }],
  taints: [failoverTaint],
} as const;

/**
 * Of the controller manager. Since 1.15 no toleration is given to policies that name none (docs/CHANGELOG/CHANGELOG-1.15.md), so the
 * wait is how long a failure lasts before a push member is not Ready (pkg/controllers/status/cluster_condition_cache.go), and how
 * long a pull member may not report (pkg/controllers/cluster/cluster_controller.go).
 */
export function managerFlags(command: readonly string[], after: string): Flags {
  return {
    'feature-gates': withGate(flagIn(command, 'feature-gates'), 'Failover', true),
    'enable-no-execute-taint-eviction': 'true',
    'no-execute-taint-eviction-purge-mode': 'Gracefully',
    'cluster-failure-threshold': after,
    'cluster-monitor-grace-period': after,
  };
}

export const webhookFlags: Flags = { 'allow-no-execute-taint-policy': 'true' };

export interface FailoverState {
  /** Whether the components would move workloads, were a member tainted. */
  readonly enabled: boolean;
  /** How long a member has to be silent, as the flags have it, e.g. `5m`. */
  readonly after: string | undefined;
  /** Whether the fleet's policy is there, as it should be. */
  readonly policy: 'there' | 'changed' | 'absent';
  /** What the components lack for that, as `component: --flag=value`. */
  readonly missing: readonly string[];
}

/** Undefined without a control plane. `after`: what the configuration asks for; undefined: whatever is set. */
export async function readFailover(
  clients: Clients,
  { parent, karmada }: { readonly parent: KubeAccess; readonly karmada: KubeAccess },
  after: string | undefined,
  call: Call,
): Promise<FailoverState | undefined> {
  const components = await readComponents(clients, parent, call);
  if (components === undefined) return undefined;
  const command = commandOf(components.manager);
  const set = flagIn(command, 'cluster-failure-threshold');
  const enabled =
    /(^|,)Failover=true(,|$)/.test(flagIn(command, 'feature-gates') ?? '') &&
    flagIn(command, 'enable-no-execute-taint-eviction') === 'true';
  const missing = [
    ...missingFlags(command, managerFlags(command, after ?? set ?? '30s')).map((flag) => `${manager}: ${flag}`),
    ...missingFlags(commandOf(components.webhook), webhookFlags).map((flag) => `${webhook}: ${flag}`),
  ];
  return { enabled, after: set, policy: await policyIn(clients, karmada, call), missing };
}

/** Nothing of it is there. */
export function isOff({ enabled, policy }: FailoverState): boolean {
  return !enabled && policy === 'absent';
}

/** What is not as it has to be for failover, one line each. */
export function whatLacks({ missing, policy }: FailoverState): readonly string[] {
  return [...missing, ...(policy === 'there' ? [] : [`ClusterTaintPolicy ${failoverPolicyRef.name} is ${policy}`])];
}

/** Both components; undefined unless both are there. */
async function readComponents(
  { kubectl }: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<{ readonly manager: ComponentWorkload; readonly webhook: ComponentWorkload } | undefined> {
  const [one, other] = await Promise.all(
    [manager, webhook].map((name) =>
      kubectl.get(parent, { kind: 'deployments', name, namespace: karmadaNamespace }, componentWorkload, call),
    ),
  );
  return one === undefined || other === undefined ? undefined : { manager: one, webhook: other };
}

async function policyIn({ kubectl }: Clients, karmada: KubeAccess, call: Call): Promise<FailoverState['policy']> {
  const [found] = (
    (await kubectl.listIfServed(karmada, { kind: failoverPolicyRef.kind }, taintPolicy, call)) ?? []
  ).filter(({ metadata }) => metadata.name === failoverPolicyRef.name);
  if (found === undefined) return 'absent';
  return isDeepStrictEqual(found.spec, failoverPolicySpec) ? 'there' : 'changed';
}
