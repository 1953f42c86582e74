/**
 * Makes a member silent for a demo, and takes that back. What runs in it goes on: only the way between it and Karmada is cut. Its own
 * endpoint stays as it is, for closing that would cut its nodes off too.
 */

import { bindingsOf } from '../../access/grants/bindings.js';
import { memberKind, memberOf } from '../../access/member-list.js';
import { type Silenced, silencedAnnotation, silencedSince } from '../../access/silenced.js';
import { shortList } from '../../engine/destruction.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { failoverTaint } from '../../status/failover-state.js';
import { agentDeployment } from '../../status/karmada-versions.js';
import { movableFrom, movableWithData } from '../../status/stateful.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { workload } from '../../tools/kubectl/objects.js';
import type { Command } from '../../world/exec.js';
import { accessOf, type FleetContext, karmadaAccess, seconds } from '../context.js';

/** An address of documentation examples, at which nothing answers (RFC 5737). */
const nowhere = 'https://192.0.2.1';

export function silenceMember(context: FleetContext, member: Member): Step {
  const { name, mode } = member;
  const { clients, paths } = context;
  const karmada = karmadaAccess(paths);
  return {
    id: `silence/${name}`,
    title: `make ${name} silent`,
    scope: name,
    expectedMs: seconds(3),
    preview: () => ({
      changes: [
        mode === 'push'
          ? `Karmada looks for ${name} at ${nowhere}, where nothing answers`
          : `${name} has no karmada-agent running`,
      ],
      commands: cutting(context, member, '<now>'),
    }),
    check: async (call) => {
      const found = await memberOf(clients, karmada, name, call);
      if (found !== undefined && silencedSince(found) !== undefined) return { state: 'ready' };
      const problem = await losesData(context, member, call);
      return problem === undefined ? { state: 'absent' } : { state: 'blocked', problem };
    },
    preflight: (call) => losesData(context, member, call),
    destroys: async (call) => {
      const holds = movableFrom(await bindingsOf(clients, karmada, call), name);
      const evidence =
        'Karmada moves all this to other members, and stops what has no other; it does not come back by itself';
      const shown = holds.length === 0 ? 'Karmada does not reach it until it is brought back' : evidence;
      return [{ how: 'interrupt', kind: 'member', name, holds, evidence: shown, flag: '--move-workloads' }];
    },
    apply: async (call) => {
      const mark = await markOf(context, member, call);
      await clients.kubectl.mergePatch(karmada, refOf(member), cut(mark), call);
      if (mode === 'pull')
        await clients.kubectl.mergePatch(accessOf(paths, name), agentDeployment, { spec: { replicas: 0 } }, call);
    },
  };
}

/** What starts elsewhere without its data is deleted in the member with it, as soon as that is back: no demo may cost this. */
async function losesData(context: FleetContext, { name }: Member, call: CallContext): Promise<Problem | undefined> {
  const lost = await movableWithData(context.clients, karmadaAccess(context.paths), call, name);
  if (lost.length === 0) return undefined;
  return new Problem('fleet-not-ready', {
    what: `${name} holds data that Karmada would delete there after moving what it belongs to: ${shortList(lost)}`,
    next: [
      `make another member silent: ${fleetCommand('demo --failover --member NAME', context.fleet)}`,
      `or let their policy tolerate ${failoverTaint.key}:${failoverTaint.effect}, without tolerationSeconds, so that they stay`,
    ],
  });
}

/** Puts back what silencing changed; nothing where the member is not marked. */
export async function endSilence(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  const { clients, paths } = context;
  const karmada = karmadaAccess(paths);
  const found = await memberOf(clients, karmada, member.name, call);
  const mark = found && silencedSince(found);
  if (mark === undefined) return;
  if (member.mode === 'pull') {
    const spec = { replicas: mark.replicas ?? 1 };
    await clients.kubectl.mergePatch(accessOf(paths, member.name), agentDeployment, { spec }, call);
  } else if (mark.endpoint === undefined) throw unreadable(context.fleet, member);
  // The mark goes with what it is for, so that a run that dies here leaves both or neither.
  const spec = mark.endpoint === undefined ? {} : { spec: { apiEndpoint: mark.endpoint } };
  const patch = { metadata: { annotations: { [silencedAnnotation]: null } }, ...spec };
  await clients.kubectl.mergePatch(karmada, refOf(member), patch, call);
}

async function markOf({ clients, paths, fleet }: FleetContext, member: Member, call: CallContext): Promise<Silenced> {
  const at = new Date(clients.world.clock.now()).toISOString();
  if (member.mode === 'pull') {
    const found = await clients.kubectl.get(accessOf(paths, member.name), agentDeployment, workload, call);
    return { at, replicas: found?.spec.replicas ?? 1 };
  }
  const found = await memberOf(clients, karmadaAccess(paths), member.name, call);
  const endpoint = found?.spec.apiEndpoint;
  if (endpoint === undefined) throw unreadable(fleet, member);
  return { at, endpoint };
}

function cut(mark: Silenced): object {
  return {
    metadata: { annotations: { [silencedAnnotation]: JSON.stringify(mark) } },
    ...(mark.endpoint === undefined ? {} : { spec: { apiEndpoint: nowhere } }),
  };
}

function cutting({ paths }: FleetContext, member: Member, at: string): readonly Command[] {
  const karmada = karmadaAccess(paths);
  if (member.mode === 'push')
    return [kubectlCommands.mergePatch(karmada, refOf(member), cut({ at, endpoint: '<its endpoint>' }))];
  return [
    kubectlCommands.mergePatch(karmada, refOf(member), cut({ at, replicas: 1 })),
    kubectlCommands.mergePatch(accessOf(paths, member.name), agentDeployment, { spec: { replicas: 0 } }),
  ];
}

function refOf({ name }: Member): { readonly kind: string; readonly name: string } {
  return { kind: memberKind, name };
}

function unreadable(fleet: Fleet, { name }: Member): Problem {
  return new Problem('demo-failed', {
    what: `where Karmada reaches member ${name} is unknown`,
    next: [
      `remove it and join it again: ${fleetCommand(`unjoin ${name}`, fleet)}, then ${fleetCommand('join', fleet)}`,
    ],
  });
}
