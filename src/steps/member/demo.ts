/** The guidance's demo: nginx divided among the members by weight, verified in the members themselves. */

import { membersOf, readiness } from '../../access/member-list.js';
import type { Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { fleetTag, demoName as name } from '../../fleet/names.js';
import { imageIn } from '../../fleet/settings/images.js';
import { withReason } from '../../status/held-deletions.js';
import { type StuckPods, stuckPods, withCauses } from '../../status/stuck-pods.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { anyObject, type Binding, binding, workload } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import { accessOf, type FleetContext, karmadaAccess, minutes, seconds } from '../context.js';
import { loginSecret, loginsOfFleet } from '../karmada/pull-secret.js';
import { waitUntil } from '../wait-until.js';
import { divided, isDivided } from './division.js';

/** As in the AWS guidance: divisible by 1+1+2, and by the weights of most small fleets. */
export const demoReplicas = 12;

const refs = [
  { kind: 'deployments', name, namespace: 'default' },
  { kind: 'propagationpolicies.policy.karmada.io', name, namespace: 'default' },
] as const;

/** The logins for its image, where the fleet has some: Karmada takes it to the members. */
const loginsRef = { kind: 'secrets', name, namespace: 'default' } as const;

/** The guidance's 1,1,2 for any number of members: all 1, the last 2. */
export function defaultWeights(members: number): readonly number[] {
  return Array.from({ length: members }, (_, index) => (index === members - 1 && members > 1 ? 2 : 1));
}

/** Ready replicas in each member, read from the members and not from Karmada. */
export async function countReplicas(context: FleetContext, call: Call): Promise<readonly number[]> {
  return await Promise.all(
    context.fleet.members.map(async (member) => {
      const found = await context.clients.kubectl.get(accessOf(context.paths, member.name), refs[0], workload, call);
      return found?.status?.readyReplicas ?? 0;
    }),
  );
}

/** Where Karmada has put it. */
export async function demoBinding({ clients, paths }: FleetContext, call: Call): Promise<Binding | undefined> {
  const ref = { kind: 'resourcebindings.work.karmada.io', name: `${name}-deployment`, namespace: 'default' };
  return await clients.kubectl.get(karmadaAccess(paths), ref, binding, call);
}

export function demoStep(context: FleetContext, weights: readonly number[]): Step {
  const karmada = karmadaAccess(context.paths);
  const { kubectl } = context.clients;
  const shown = demoObjects(context.fleet, weights, '<logins>');
  const wanted = divided(demoReplicas, weights).join('/');
  // Which of several members of equal weight has one more is Karmada's choice.
  const expected = new Set(weights).size < weights.length ? `${wanted}, in any order among equal weights` : wanted;
  return {
    id: 'demo',
    title: `divide ${demoReplicas} nginx replicas ${weights.join(':')}`,
    scope: 'fleet',
    expectedMs: minutes(1),
    preview: () => ({
      changes: [`${context.fleet.pullsWithSecret ? 'Secret, ' : ''}Deployment and PropagationPolicy ${name}`],
      commands: [kubectlCommands.apply(karmada, shown)],
    }),
    check: async (call) => {
      const there = await kubectl.get(karmada, refs[1], anyObject, call);
      if (there === undefined) return { state: 'absent' };
      const counts = await countReplicas(context, call);
      const missing = [`the members run ${counts.join('/')} replicas; expected ${expected}`];
      return isDivided(counts, weights, demoReplicas)
        ? { state: 'ready', note: counts.join('/') }
        : { state: 'partial', missing };
    },
    apply: async (call) => {
      const logins = context.fleet.pullsWithSecret ? await loginsOfFleet(context, call) : '';
      await kubectl.apply(karmada, demoObjects(context.fleet, weights, logins), call);
      let last = '';
      await waitUntil(
        context,
        call,
        {
          everyMs: seconds(2),
          limitMs: minutes(5),
          onTimeout: async () => {
            const problem = new Problem('demo-failed', {
              what: `after 5 minutes the members run ${last} replicas; expected ${expected}`,
              next: [
                `check that all members are Ready: ${fleetCommand('status', context.fleet)}`,
                `to delete it: ${fleetCommand('demo --remove', context.fleet)}`,
              ],
            });
            return withCauses(problem, (await stuckIn(context, call)).slice(0, 1));
          },
        },
        async () => {
          const counts = await countReplicas(context, call);
          if (counts.join('/') !== last) call.say(`ready replicas: ${counts.join('/')}`);
          last = counts.join('/');
          return isDivided(counts, weights, demoReplicas);
        },
      );
    },
  };
}

/** Why its pods do not start, in any member. */
async function stuckIn({ clients, fleet, paths }: FleetContext, call: Call): Promise<readonly StuckPods[]> {
  const found = await Promise.all(
    fleet.members.map((member) => stuckPods(clients, accessOf(paths, member.name), 'default', call)),
  );
  return found.flat().filter(({ text }) => text.startsWith(`${name}-`));
}

export function removeDemo(context: FleetContext): Step {
  const karmada = karmadaAccess(context.paths);
  const { kubectl } = context.clients;
  return {
    id: 'undo/demo',
    title: 'delete the demo workload',
    scope: 'fleet',
    expectedMs: seconds(20),
    preview: () => ({
      changes: [`Deployment and PropagationPolicy ${name}`],
      commands: refs.map((ref) => kubectlCommands.remove(karmada, ref)),
    }),
    check: async (call) => {
      const left = await Promise.all(refs.map((ref) => kubectl.get(karmada, ref, anyObject, call)));
      if (await hasLogins(context, call)) return { state: 'absent' };
      const counts = await countReplicas(context, call);
      const gone = left.every((each) => each === undefined) && counts.every((count) => count === 0);
      return { state: gone ? 'ready' : 'absent' };
    },
    apply: async (call) => {
      for (const ref of refs) await kubectl.remove(karmada, ref, call);
      if (await hasLogins(context, call)) await kubectl.remove(karmada, loginsRef, call);
      await waitUntil(
        context,
        call,
        {
          everyMs: seconds(2),
          limitMs: minutes(3),
          onTimeout: async () => {
            const problem = new Problem('demo-failed', {
              what: 'the demo workload was not deleted from the members within 3 minutes',
              next: [
                `try again: ${fleetCommand('demo --remove', context.fleet)}`,
                `check the members: ${fleetCommand('status', context.fleet)}`,
              ],
            });
            return withReason(problem, await unready(context, call));
          },
        },
        async () => (await countReplicas(context, call)).every((count) => count === 0),
      );
    },
  };
}

/** Karmada deletes nothing in a member that it does not reach. */
async function unready({ clients, paths }: FleetContext, call: Call): Promise<string> {
  const members = await membersOf(clients, karmadaAccess(paths), call).catch((thrown: unknown) => {
    if (thrown instanceof Problem && thrown.code !== 'interrupted') return [];
    throw thrown;
  });
  return members
    .map((member) => ({ name: member.metadata.name, ...readiness(member) }))
    .flatMap(({ name: member, ready, why }) => (ready ? [] : [`${member} is not Ready in Karmada (${why})`]))
    .join('; ');
}

/** Whether Karmada has those of this fleet's demo. */
async function hasLogins({ clients, fleet, paths }: FleetContext, call: Call): Promise<boolean> {
  const found = await clients.kubectl.get(karmadaAccess(paths), loginsRef, anyObject, call);
  return found?.metadata.labels?.[fleetTag] === fleet.id;
}

/** `logins` for its image, in base64; only for a fleet that has some. */
function demoObjects(fleet: Fleet, weights: readonly number[], logins: string): readonly object[] {
  const { members } = fleet;
  const image = imageIn(fleet, 'nginx') ?? 'nginx';
  const labels = { app: name };
  const metadata = { name, namespace: 'default', labels };
  const staticWeightList = members.map((member, index) => ({
    targetCluster: { clusterNames: [member.name] },
    weight: weights[index] ?? 1,
  }));
  const named = fleet.pullsWithSecret ? { imagePullSecrets: [{ name }] } : {};
  const selectors = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name },
    ...(fleet.pullsWithSecret ? [{ apiVersion: 'v1', kind: 'Secret', name }] : []),
  ];
  return [
    ...(fleet.pullsWithSecret
      ? [loginSecret({ name, namespace: 'default', labels: { ...labels, [fleetTag]: fleet.id } }, logins)]
      : []),
    {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata,
      spec: {
        resourceSelectors: selectors,
        placement: {
          clusterAffinity: { clusterNames: members.map((member) => member.name) },
          replicaScheduling: {
            replicaDivisionPreference: 'Weighted',
            replicaSchedulingType: 'Divided',
            weightPreference: { staticWeightList },
          },
        },
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: demoReplicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...named, containers: [{ name: 'nginx', image }] } },
      },
    },
  ];
}
