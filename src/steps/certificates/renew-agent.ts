/** Has the agent of a pull member use the newest certificate, and renews one that has ended. */

import { dayOf, isDue } from '../../certificates/certificate.js';
import { keptCertificates } from '../../certificates/kept.js';
import { authorityOf, readMark, termOf } from '../../certificates/renewal.js';
import { makeSigner } from '../../certificates/sign.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { Member } from '../../fleet/fleet.js';
import { type AgentCertificate, agentCertificate, agentSecretWith } from '../../status/agent-certificate.js';
import { agentDeployment } from '../../status/karmada-versions.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { componentWorkload, secret } from '../../tools/kubectl/objects.js';
import { accessOf, type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { isRolledOut } from '../hardening/roll-out.js';
import { waitUntil } from '../wait-until.js';

export function renewAgent(context: FleetContext, { name }: Member): Step {
  const access = accessOf(context.paths, name);
  const { clients } = context;
  const read = (call: CallContext): Promise<AgentCertificate | undefined> => agentCertificate(clients, access, call);
  const isEnding = ({ certificate }: AgentCertificate): boolean => isDue(certificate, clients.world.clock.now());
  return {
    id: `renew-agent/${name}`,
    title: `have the agent of ${name} use the newest certificate`,
    scope: name,
    expectedMs: seconds(20),
    preview: () => ({
      changes: [`the agent of ${name} is started again, where it uses another certificate than it has`],
      commands: [kubectlCommands.strategicPatch(access, agentDeployment, { '<its pod>': '<is replaced>' })],
    }),
    check: async (call) => {
      const found = await read(call);
      if (found === undefined) return { state: 'ready', note: 'there is no agent' };
      const end = dayOf(found.certificate.until);
      if (isEnding(found)) return { state: 'partial', missing: [`its certificate: until ${end}, renewed`] };
      if (found.isUnread)
        return { state: 'partial', missing: ['the agent uses a certificate that it has renewed since'] };
      return { state: 'ready', note: `until ${end}` };
    },
    apply: async (call) => {
      const found = await read(call);
      if (found !== undefined && isEnding(found)) await renew(context, found, name, call);
      const now = await read(call);
      if (now?.isUnread !== true) return;
      const annotations = { [readMark]: now.certificate.print };
      await clients.kubectl.strategicPatch(
        access,
        agentDeployment,
        { spec: { template: { metadata: { annotations } } } },
        call,
      );
      await waitForAgent(context, name, call);
    },
  };
}

async function renew(context: FleetContext, found: AgentCertificate, name: string, call: CallContext): Promise<void> {
  const { clients } = context;
  const kept = await keptCertificates(clients, parentAccess(context), call);
  if (kept === undefined) return;
  const ca = authorityOf(kept, 'ca');
  const term = termOf(found.certificate, ca.certificate, clients.world.clock.now());
  const pem = (await makeSigner())(found.pem, { certificate: ca.pem, key: ca.key }, term);
  const changed = agentSecretWith(found, pem);
  const written = await clients.kubectl.replace(accessOf(context.paths, name), changed, secret, call);
  if (written !== undefined) return;
  const what = `the agent of ${name} renewed its certificate at the same moment`;
  throw new Problem('fleet-changed', { what, next: ['run the same command again'] });
}

/** Until its pod is the newest one, and ready. @throws Problem `member-not-ready` after five minutes */
export async function waitForAgent(context: FleetContext, name: string, call: CallContext): Promise<void> {
  const access = accessOf(context.paths, name);
  const onTimeout = async (): Promise<Problem> => {
    const problem = new Problem('member-not-ready', {
      what: `the agent of ${name} did not start again within 5 minutes`,
      next: [`check its pods: kubectl --kubeconfig ${access.kubeconfig} -n karmada-system get pods`],
    });
    return await explainedByPods(context.clients, access, problem, call);
  };
  await waitUntil(context, call, { everyMs: seconds(2), limitMs: minutes(5), onTimeout }, async () => {
    const { kubectl } = context.clients;
    const agent = await kubectl.get(access, agentDeployment, componentWorkload, call);
    return agent !== undefined && isRolledOut(agent);
  });
}
