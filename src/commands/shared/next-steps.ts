/** The commands that a run ends with: what people do next with a fleet. */
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaContext } from '../../fleet/names.js';
import type { FleetPaths } from '../../fleet/paths.js';
import { mergedKarmadaContext } from '../../steps/kubeconfig/merge-kubeconfig.js';
import type { NextStep } from '../../ui/ui.js';
import { tryToRead } from './known-fleet.js';
import type { Session } from './session.js';

export function stateOf(fleet: Fleet): NextStep {
  return { purpose: 'the state of the fleet', command: fleetCommand('status', fleet) };
}

export async function membersInKarmada(session: Session, fleet: Fleet, paths: FleetPaths): Promise<NextStep> {
  const kubectl = await kubectlOfKarmada(session, fleet, paths);
  return { purpose: 'the members, as Karmada has them', command: `${kubectl} get clusters` };
}

/** What comes after a first `up`. */
export async function firstSteps(session: Session, fleet: Fleet, paths: FleetPaths): Promise<readonly NextStep[]> {
  const removal = { purpose: 'delete all of it', command: fleetCommand('down', fleet) };
  if (fleet.members.length === 0) return [stateOf(fleet), removal];
  const kubectl = await kubectlOfKarmada(session, fleet, paths);
  return [
    stateOf(fleet),
    { purpose: 'a sample workload, divided among the members', command: fleetCommand('demo', fleet) },
    { purpose: 'a workload of your own in every member (more: docs/workloads.md)', command: ownWorkload(kubectl) },
    removal,
  ];
}

/** By the fleet's own kubeconfig where the user's has no context of it, or cannot be read: what is done does not fail for a hint. */
async function kubectlOfKarmada({ clients }: Session, fleet: Fleet, paths: FleetPaths): Promise<string> {
  const context = await tryToRead(() => mergedKarmadaContext(clients.world, fleet));
  return `kubectl ${context === undefined ? `--kubeconfig ${paths.kubeconfig(karmadaContext)}` : `--context ${context}`}`;
}

/** As in docs/workloads.md. A policy without a placement chooses every member (karmada 1.18.2, PropagationSpec). */
function ownWorkload(kubectl: string): string {
  return [
    `${kubectl} create deployment web --image=nginx`,
    "echo '",
    '  apiVersion: policy.karmada.io/v1alpha1',
    '  kind: PropagationPolicy',
    '  metadata: {name: web}',
    '  spec:',
    '    resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: web}]',
    `' | ${kubectl} apply -f -`,
  ].join('\n');
}
