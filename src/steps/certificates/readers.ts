/**
 * Who reads Karmada's certificates only when it starts, and has to be restarted. etcd and the API server take new files by themselves
 * (observed with etcd 3.6.6 and Kubernetes 1.34: after 75 s at most); no other component does.
 */

import type { KeptCertificates } from '../../certificates/kept.js';
import { printOfRenewed, readMark } from '../../certificates/renewal.js';
import type { CallContext } from '../../engine/step.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { type ComponentWorkload, componentWorkload } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';
import { awaitRollouts } from '../hardening/roll-out.js';

const apiServer = 'karmada-apiserver';

/** A Deployment whose pods have read others than there are. */
export interface Reader {
  readonly name: string;
  readonly isComplete: boolean;
}

/** `kept` as it is; where `isRenewedNow` is expected, all of them. */
export async function outdatedReaders(
  context: FleetContext,
  kept: KeptCertificates,
  call: CallContext,
  willBeRenewed = false,
): Promise<readonly Reader[]> {
  const print = printOfRenewed(kept);
  if (print === undefined && !willBeRenewed) return [];
  return (await readersOf(context, kept, call))
    .filter(({ spec }) => (spec.replicas ?? 1) > 0)
    .filter((each) => willBeRenewed || each.spec.template?.metadata?.annotations?.[readMark] !== print)
    .map((each) => ({ name: each.metadata.name, isComplete: isComplete(each) }))
    .filter(({ name, isComplete: complete }) => name !== apiServer || !complete);
}

/** Also those that are stopped. */
async function readersOf(
  context: FleetContext,
  kept: KeptCertificates,
  call: CallContext,
): Promise<readonly ComponentWorkload[]> {
  const ref = { kind: 'deployments', namespace: karmadaNamespace };
  const found = await context.clients.kubectl.list(parentAccess(context), ref, componentWorkload, call);
  const secrets = new Set([...kept.main.values(), ...kept.copies].map(({ secret }) => secret));
  const isOne = (name = ''): boolean => secrets.has(name);
  return found.filter(({ spec }) => spec.template?.spec?.volumes?.some(({ secret }) => isOne(secret?.secretName)));
}

function isComplete({ spec, status }: ComponentWorkload): boolean {
  return (status?.readyReplicas ?? 0) >= (spec.replicas ?? 1);
}

/**
 * Those that do not work anyway at once, with the API server among them: nothing is lost by it, and they need not wait until they are
 * started again. The others one after the other, each only while all else is complete.
 * @throws Problem `karmada-unhealthy`
 */
export async function restartReaders(context: FleetContext, kept: KeptCertificates, call: CallContext): Promise<void> {
  const print = printOfRenewed(kept);
  const readers = await outdatedReaders(context, kept, call);
  if (print === undefined || readers.length === 0) return;
  for (const { name } of readers.filter((each) => !each.isComplete)) {
    call.say(`${name}: starting it again`, 'lasting');
    await mark(context, name, print, call);
  }
  for (const { name } of readers.filter((each) => each.isComplete)) {
    await awaitRollouts(context, call);
    call.say(`${name}: replacing its pods one after the other`, 'lasting');
    await mark(context, name, print, call);
  }
  await awaitRollouts(context, call);
}

/** Notes that all of them begin with what there is now: for a Karmada that is stopped, while nothing of it runs. */
export async function markReaders(context: FleetContext, kept: KeptCertificates, call: CallContext): Promise<void> {
  const print = printOfRenewed(kept);
  if (print === undefined) return;
  for (const { metadata } of await readersOf(context, kept, call)) await mark(context, metadata.name, print, call);
}

async function mark(context: FleetContext, name: string, print: string, call: CallContext): Promise<void> {
  const ref = { kind: 'deployments', name, namespace: karmadaNamespace };
  const patch = { spec: { template: { metadata: { annotations: { [readMark]: print } } } } };
  await context.clients.kubectl.strategicPatch(parentAccess(context), ref, patch, call);
}
