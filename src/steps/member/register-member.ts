/** Registers a pull member: an agent in the member reaches the Karmada API through the load balancer. */

import { apiHost } from '../../access/api-name.js';
import { findLoadBalancer } from '../../access/load-balancer.js';
import { memberOf } from '../../access/member-list.js';
import type { Clients } from '../../clients/clients.js';
import { poll } from '../../engine/poll.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { asProblem, Problem } from '../../errors/problem.js';
import { karmadaPort } from '../../fleet/defaults.js';
import type { Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaNamespace, pullSecretName } from '../../fleet/names.js';
import { imageIn } from '../../fleet/settings/images.js';
import { commandOf, type Flags, missingFlags } from '../../model/component-flags.js';
import { explainedByHolders } from '../../status/held-deletions.js';
import { agentDeployment, agentName } from '../../status/karmada-versions.js';
import { karmadaCommands } from '../../tools/karmada/commands.js';
import type { KubeAccess, KubeRef } from '../../tools/kubectl/commands.js';
import { anyObject, componentWorkload, secret } from '../../tools/kubectl/objects.js';
import {
  accessOf,
  type CreateContext,
  type FleetContext,
  karmadaAccess,
  minutes,
  parentAccess,
  seconds,
} from '../context.js';
import { setFlags } from '../hardening/set-flags.js';
import { pullSecretState, putPullSecret } from '../karmada/pull-secret.js';
import { explained, tellStuckPods } from '../karmada/tell-stuck-pods.js';
import { waitUntil } from '../wait-until.js';
import { letAgentPull, namePullSecret } from './agent-pulls.js';
import { checkMembership } from './check-membership.js';
import { claimNamespaces } from './member-namespaces.js';
import { expectedPlace, placeOf } from './member-place.js';
import { waitUntilReady } from './member-readiness.js';
import { endSilence } from './silence-member.js';

/** What `register` makes in the member and refuses to find there (karmada 1.18.2, register.go, preflight). */
const agentObjects: readonly (KubeRef & { readonly name: string })[] = [
  agentDeployment,
  { kind: 'secrets', name: 'karmada-kubeconfig', namespace: karmadaNamespace },
  { kind: 'serviceaccounts', name: 'karmada-agent-sa', namespace: karmadaNamespace },
];

export function registerMember(context: CreateContext, member: Member): Step {
  const { clients, paths } = context;
  const karmada = karmadaAccess(paths);
  return {
    id: `register-member/${member.name}`,
    title: `register ${member.name} (pull)`,
    scope: member.name,
    expectedMs: seconds(25),
    preview: () => ({
      changes: [`pull member ${member.name} with its agent`],
      commands: [
        karmadaCommands.createToken(karmada, purposeOf(member)),
        karmadaCommands.register({
          place: expectedPlace(context, member),
          member: accessOf(paths, member.name),
          endpoint: `<name of the load balancer>:${karmadaPort.loadBalancer}`,
          token: '<token>',
          caHash: '<hash of Karmada’s CA>',
          ...agentImage(context),
        }),
        karmadaCommands.deleteToken(karmada, '<id of the token>'),
      ],
    }),
    check: async (call) => {
      const found = await (context.fleet.failover?.enabled ? checkPatience : checkMembership)(context, member, call);
      return found.state === 'ready' ? await checkLogins(context, member, found, call) : found;
    },
    apply: async (call) => {
      await claimNamespaces(context, member, call);
      await giveLogins(context, member, call);
      const known = await memberOf(clients, karmada, member.name, call);
      if (known === undefined && !(await comesByItself(context, member, call))) {
        await removeHalfAnAgent(context, member, call);
        await register(context, member, call);
      }
      await endSilence(context, member, call);
      await setPatience(context, member, call);
      await waitUntilReady(context, member, call);
    },
  };
}

/** The fleet's, which are kept up to date in members that have them. */
async function checkLogins(
  context: FleetContext,
  member: Member,
  found: StepState,
  call: CallContext,
): Promise<StepState> {
  if (!context.fleet.pullsWithSecret) return found;
  const logins = await pullSecretState(context, accessOf(context.paths, member.name), call);
  if (logins.state !== 'absent') return logins.state === 'ready' ? found : logins;
  return { state: 'partial', missing: [`Secret ${pullSecretName} in ${member.name}`] };
}

/** Also to an agent that a run left which died before it was told of them. */
async function giveLogins(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  if (!context.fleet.pullsWithSecret) return;
  const access = accessOf(context.paths, member.name);
  await putPullSecret(context, access, call);
  if ((await memberOf(context.clients, karmadaAccess(context.paths), member.name, call)) === undefined)
    await namePullSecret(context, access, call);
}

/** While the agent runs, it is the agent that decides how long its cluster may fail before it is not Ready (1.18.2, cmd/agent/app/options). */
function patienceOf({ fleet }: FleetContext): Flags {
  return fleet.failover?.enabled ? { 'cluster-failure-threshold': fleet.failover.after } : {};
}

async function checkPatience(context: FleetContext, member: Member, call: CallContext): Promise<StepState> {
  const found = await checkMembership(context, member, call);
  if (found.state !== 'ready') return found;
  const access = accessOf(context.paths, member.name);
  const agent = await context.clients.kubectl.get(access, agentDeployment, componentWorkload, call);
  const missing = missingFlags(commandOf(agent), patienceOf(context)).map((flag) => `${agentDeployment.name}: ${flag}`);
  return missing.length === 0 ? found : { state: 'partial', missing };
}

async function setPatience(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  const flags = patienceOf(context);
  if (Object.keys(flags).length === 0) return;
  const at = { access: accessOf(context.paths, member.name), ref: agentDeployment };
  await setFlags(context, at, () => flags, call);
}

/**
 * The Deployment is the last thing that `register` makes: the agent of one that died after that makes its member known by
 * itself, and must not be taken away meanwhile. False when there is no agent, or when it has not done so in 45 seconds.
 */
async function comesByItself(context: FleetContext, member: Member, call: CallContext): Promise<boolean> {
  const { kubectl, world } = context.clients;
  const agent = await kubectl.get(accessOf(context.paths, member.name), agentDeployment, anyObject, call);
  if (agent === undefined) return false;
  const known = await poll(() => memberOf(context.clients, karmadaAccess(context.paths), member.name, call), {
    clock: world.clock,
    signal: call.signal,
    everyMs: seconds(3),
    limitMs: seconds(45),
  });
  return known !== undefined;
}

/** What a token is for; it stands in the token's Secret. */
function purposeOf(member: Member): string {
  return `karmada-eks registers ${member.name}`;
}

/** Tokens that a run left which was killed while it registered this member. They would end in 15 minutes. */
async function removeOldTokens({ clients, paths }: FleetContext, member: Member, call: CallContext): Promise<void> {
  const karmada = karmadaAccess(paths);
  const ref = { kind: 'secrets', namespace: 'kube-system' };
  const purpose = Buffer.from(purposeOf(member)).toString('base64');
  for (const { metadata, data } of await clients.kubectl.list(karmada, ref, secret, call)) {
    const id = /^bootstrap-token-([a-z0-9]{6})$/.exec(metadata.name)?.[1];
    if (id !== undefined && data?.['description'] === purpose) await deleteToken(clients, karmada, id, call);
  }
}

/** It ends by itself all the same, and must not hide why registering failed. */
async function deleteToken(clients: Clients, karmada: KubeAccess, id: string, call: CallContext): Promise<void> {
  await clients.karmada.deleteToken(karmada, id, call).catch((thrown: unknown) => {
    call.say(`token ${id} could not be deleted (${asProblem(thrown).message}); it expires in 15 minutes`, 'lasting');
  });
}

/**
 * The token lives 15 minutes at most, and no longer than it is needed: it is deleted also when registering failed. `register`
 * takes it on its command line alone (karmada 1.18.2, register.go), where other users of this machine may see it till then.
 */
async function register(context: CreateContext, member: Member, call: CallContext): Promise<void> {
  const { clients, paths, fleet } = context;
  const karmada = karmadaAccess(paths);
  const balancer = await findLoadBalancer(clients, parentAccess(context), fleet.parent.region, call);
  if (balancer === undefined) {
    throw new Problem('load-balancer-failed', {
      what: 'the load balancer of the Karmada API is gone',
      next: [`recreate what is missing, and continue: ${fleetCommand('up', fleet)}`],
    });
  }
  const place = await placeOf(context, member, call);
  await removeOldTokens(context, member, call);
  const token = await clients.karmada.createToken(karmada, purposeOf(member), call);
  const access = accessOf(paths, member.name);
  const ended = new AbortController();
  const told = Promise.all([
    tellStuckPods(context, access, call, ended.signal),
    letAgentPull(context, access, call, ended.signal),
  ]);
  told.catch(() => undefined);
  try {
    await clients.karmada.register(
      {
        place,
        member: access,
        endpoint: `${apiHost(fleet, balancer)}:${karmadaPort.loadBalancer}`,
        token: token.token,
        caHash: token.caHash,
        ...agentImage(context),
      },
      call,
    );
  } catch (thrown) {
    throw await explained(context, access, thrown, call);
  } finally {
    ended.abort();
    await deleteToken(clients, karmada, token.id, call);
  }
}

/** As `init` names the images of a registry. */
function agentImage({ fleet, facts }: CreateContext): { readonly agentImage?: string } {
  const image = imageIn(fleet, `${agentName}:v${facts.karmadaVersion}`);
  return image === undefined ? {} : { agentImage: image };
}

/** What a `register` that died or failed left in the member: with it the next one does nothing and exits 0. */
async function removeHalfAnAgent(context: FleetContext, member: Member, call: CallContext): Promise<void> {
  const { kubectl } = context.clients;
  const access = accessOf(context.paths, member.name);
  const look = async (): Promise<typeof agentObjects> => {
    const found = await Promise.all(
      agentObjects.map(async (ref) => ((await kubectl.get(access, ref, anyObject, call)) === undefined ? [] : [ref])),
    );
    return found.flat();
  };
  const left = await look();
  if (left.length === 0) return;
  call.say(
    `removing the partially installed agent from ${member.name}: ${left.map(({ kind }) => kind).join(', ')}`,
    'lasting',
  );
  for (const ref of left) await kubectl.remove(access, ref, call);
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(2),
      limitMs: minutes(3),
      onTimeout: async () => {
        const problem = new Problem('register-failed', {
          what: `the partially installed agent in ${member.name} was not removed within 3 minutes`,
          next: [`check it: kubectl --kubeconfig ${access.kubeconfig} -n ${karmadaNamespace} get all`],
        });
        return await explainedByHolders(context.clients, access, karmadaNamespace, problem, call);
      },
    },
    async () => (await look()).length === 0,
  );
}
