/** Gives a new Karmada, which is stopped, the CAs, keys and certificates of a former one, so that members and tokens go on being good. */

import { etcdStatefulSet } from '../../access/etcd.js';
import { findLoadBalancer, loadBalancerNames } from '../../access/load-balancer.js';
import { type KeptCertificates, keptCertificates, mainSecret } from '../../certificates/kept.js';
import { readMark } from '../../certificates/renewal.js';
import { makeSigner } from '../../certificates/sign.js';
import { type FormerSecrets, notTakenOver, takenOver } from '../../certificates/taken-over.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { apiNamesOf } from '../../fleet/fleet.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { componentWorkload, secret } from '../../tools/kubectl/objects.js';
import { markReaders } from '../certificates/readers.js';
import { type FleetContext, minutes, parentAccess } from '../context.js';
import { heldBack, isRolledOut, rollEtcd } from '../hardening/roll-out.js';

/** `former`: the Secrets of the former Karmada, of its backup. */
export function takeOverKeys(context: FleetContext, former: FormerSecrets): Step {
  const access = parentAccess(context);
  const { clients } = context;
  return {
    id: 'take-over-keys',
    title: 'give Karmada the CAs and keys of the backup',
    scope: 'parent',
    expectedMs: minutes(1),
    preview: () => ({
      changes: ['Secrets of the backup; the certificate of the Karmada API is signed anew, for its new addresses'],
      commands: [kubectlCommands.replace(access, { kind: 'Secret', metadata: { name: '<each of the backup>' } })],
    }),
    check: async (call) => {
      const kept = await keptCertificates(clients, access, call);
      if (kept === undefined) return { state: 'absent' };
      const others = notTakenOver(kept.secrets, former).map(
        (name) => `Secret ${name} has the keys of the installation`,
      );
      const missing = [...others, ...(await etcdsPart(context, kept, call))];
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (call) => {
      const now = clients.world.clock.now();
      const fresh = await found(context, call);
      const names = await namesOf(context, call);
      for (const each of takenOver(fresh.secrets, former, { renew: await makeSigner(), now, names })) {
        await clients.kubectl.replace(access, each, secret, call);
        call.say(`Secret ${each.metadata.name} is that of the backup`);
      }
      const kept = await found(context, call);
      await markReaders(context, kept, call);
      if ((await etcdsPart(context, kept, call)).length === 0) return;
      const annotations = { [readMark]: authorityPrint(kept) };
      await rollEtcd(context, { spec: { template: { metadata: { annotations } } } }, call);
    },
  };
}

async function found({ clients, ...context }: FleetContext, call: CallContext): Promise<KeptCertificates> {
  const kept = await keptCertificates(clients, parentAccess(context), call);
  if (kept !== undefined) return kept;
  throw new Problem('karmada-unhealthy', { what: `Secret ${mainSecret}, which init creates, is gone`, next: [] });
}

/** Those that `init` gives to the certificate of the API. */
async function namesOf({ clients, fleet, caller, paths }: FleetContext, call: CallContext): Promise<readonly string[]> {
  const { region } = fleet.parent;
  const balancer = await findLoadBalancer(clients, parentAccess({ fleet, paths }), region, call);
  const own = balancer === undefined ? [] : [balancer.hostname];
  return [loadBalancerNames({ caller }, region), ...own, ...apiNamesOf(fleet)];
}

/** etcd reads new certificates by itself, but the CA of its clients only when it starts (etcd 3.6, client/pkg/transport/listener.go). */
async function etcdsPart(context: FleetContext, kept: KeptCertificates, call: CallContext): Promise<readonly string[]> {
  const set = await context.clients.kubectl.get(parentAccess(context), etcdStatefulSet, componentWorkload, call);
  const isNew = set?.spec.template?.metadata?.annotations?.[readMark] === authorityPrint(kept);
  // A run that died while it replaced the members one at a time has left a partition: those below it have the old CA.
  const isWhole = set !== undefined && isRolledOut(set) && heldBack(set) === 0;
  return isNew && isWhole ? [] : ['etcd is started again, with the CA of the backup'];
}

function authorityPrint({ main }: KeptCertificates): string {
  return main.get('etcd-ca')?.certificate.print ?? '';
}
