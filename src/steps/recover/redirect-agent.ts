/** Tells the agent of a pull member another address of the Karmada API, or that of a new one; its certificate goes on being good, for the CA is the same. */

import { apiHost } from '../../access/api-name.js';
import { karmadaServer } from '../../access/karmada-api.js';
import { findLoadBalancer } from '../../access/load-balancer.js';
import { decoded, encoded } from '../../certificates/certificate.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { agentEntry, agentSecret } from '../../status/agent-certificate.js';
import { agentDeployment } from '../../status/karmada-versions.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { componentWorkload, type KubeSecret, secret } from '../../tools/kubectl/objects.js';
import { waitForAgent } from '../certificates/renew-agent.js';
import { accessOf, type FleetContext, parentAccess, seconds } from '../context.js';
import { isRolledOut } from '../hardening/roll-out.js';
import { waitUntilReady } from '../member/member-readiness.js';
import { serverIn, withServer } from '../server-line.js';

/** On the agent's Secret, and on its pods once they have begun with it: an API that it was given later than by `register`. */
const serverMark = 'karmada-eks/server';

/** On its pods: the load balancer that there was when they began. A name of the API's stays when all else is new. */
const balancerMark = 'karmada-eks/load-balancer';

/** `isNew`: Karmada is another one than the agent was registered with, so that it starts again also where the address is the same. */
export function redirectAgent(context: FleetContext, member: Member, isNew = false): Step {
  const access = accessOf(context.paths, member.name);
  const { kubectl } = context.clients;
  return {
    id: `redirect-agent/${member.name}`,
    title: `have the agent of ${member.name} use the new Karmada API`,
    scope: member.name,
    expectedMs: seconds(20),
    preview: () => ({
      changes: [`the new address in the agent’s kubeconfig in ${member.name}; its pod is started again`],
      commands: [
        kubectlCommands.replace(access, { kind: 'Secret', metadata: { name: agentSecret.name } }),
        kubectlCommands.strategicPatch(access, agentDeployment, { '<its pod>': '<is replaced>' }),
      ],
    }),
    check: async (call) => {
      const { server, hostname } = await newServer(context, call);
      const [kept, agent] = await Promise.all([
        kubectl.get(access, agentSecret, secret, call),
        kubectl.get(access, agentDeployment, componentWorkload, call),
      ]);
      if (kept === undefined || agent === undefined)
        return { state: 'blocked', problem: withoutAgent(context, member) };
      const named = serverIn(decoded(kept.data?.[agentEntry] ?? ''));
      if (named !== server) return { state: 'partial', missing: [`the agent uses ${named ?? 'no server'}`] };
      const given = kept.metadata.annotations?.[serverMark];
      const read = agent.spec.template?.metadata?.annotations;
      const knows = !isNew || read?.[balancerMark] === hostname;
      const isRead = given === read?.[serverMark] && knows && isRolledOut(agent);
      return isRead ? { state: 'ready', note: server } : { state: 'partial', missing: ['the agent is started again'] };
    },
    apply: async (call) => {
      const { server, hostname } = await newServer(context, call);
      const kept = await kubectl.get(access, agentSecret, secret, call);
      const text = decoded(kept?.data?.[agentEntry] ?? '');
      if (kept !== undefined && serverIn(text) !== server) {
        const data = { ...kept.data, [agentEntry]: encoded(withServer(text, server)) };
        const annotations = { ...kept.metadata.annotations, [serverMark]: server };
        const written = { ...kept, metadata: { ...kept.metadata, annotations }, data };
        if ((await kubectl.replace(access, written, secret, call)) === undefined) throw changed(member);
      }
      // One that register told this server has no mark on its Secret.
      const annotations = {
        ...(isGiven(await kubectl.get(access, agentSecret, secret, call)) ? { [serverMark]: server } : {}),
        ...(isNew ? { [balancerMark]: hostname } : {}),
      };
      const template = { metadata: { annotations } };
      await kubectl.strategicPatch(access, agentDeployment, { spec: { template } }, call);
      // What the backup says of the member is that it was Ready.
      await waitForAgent(context, member.name, call);
      await waitUntilReady(context, member, call);
    },
  };
}

function isGiven(kept: KubeSecret | undefined): boolean {
  return kept?.metadata.annotations?.[serverMark] !== undefined;
}

async function newServer(
  { clients, fleet, ...context }: FleetContext,
  call: CallContext,
): Promise<{ readonly server: string; readonly hostname: string }> {
  const parent = parentAccess({ ...context, fleet });
  const balancer = await findLoadBalancer(clients, parent, fleet.parent.region, call);
  if (balancer !== undefined) return { server: karmadaServer(apiHost(fleet, balancer)), hostname: balancer.hostname };
  throw new Problem('load-balancer-failed', {
    what: 'the load balancer of the Karmada API is gone',
    next: ['run the same command again'],
  });
}

function withoutAgent({ fleet }: FleetContext, { name }: Member): Problem {
  return new Problem('member-not-ready', {
    what: `pull member ${name} has no agent`,
    next: [`register it again once the rest is recovered: ${fleetCommand('up', fleet)}`],
  });
}

function changed({ name }: Member): Problem {
  const what = `the agent of ${name} renewed its certificate at the same moment`;
  return new Problem('fleet-changed', { what, next: ['run the same command again'] });
}
