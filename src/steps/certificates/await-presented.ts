/** Waits until the API servers present the certificate that they are to have: they read its file by themselves, but not at once. */
import { findLoadBalancer } from '../../access/load-balancer.js';
import { type Certificate, readCertificate } from '../../certificates/certificate.js';
import type { KeptCertificates } from '../../certificates/kept.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults, karmadaPort } from '../../fleet/defaults.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import { type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** Each connection leads to some API server: of three, so many miss one of them once in 146 times. */
const connections = 5 * defaults.replicas;

/** The different certificates that a load balancer's targets present; `silence`: why a connection failed. */
export async function presentedAt(
  { clients }: Pick<FleetContext, 'clients'>,
  hostname: string,
): Promise<{ readonly presented: readonly Certificate[]; readonly silence: string }> {
  const looks = Array.from({ length: connections }, () =>
    clients.world.presentedBy(hostname, karmadaPort.loadBalancer, 5_000),
  );
  const found = await Promise.all(looks);
  const read = found.flatMap((each) => (each.kind === 'presented' ? (readCertificate(each.certificate) ?? []) : []));
  return {
    presented: [...new Map(read.map((each) => [each.print, each])).values()],
    silence: found.find((each) => each.kind === 'failed')?.reason ?? 'no certificate',
  };
}

/** `older`: at least one presents another certificate; `unseen`: this machine does not reach the load balancer. */
export async function presentedState(
  context: FleetContext,
  { main }: KeptCertificates,
  call: CallContext,
): Promise<'newest' | 'older' | 'unseen'> {
  const { clients, fleet } = context;
  const balancer = await findLoadBalancer(clients, parentAccess(context), fleet.parent.region, call);
  if (balancer === undefined) return 'unseen';
  const { presented } = await presentedAt(context, balancer.hostname);
  if (presented.length === 0) return 'unseen';
  return presented.every(({ print }) => print === main.get('apiserver')?.certificate.print) ? 'newest' : 'older';
}

/** Where nothing can be seen, nothing is waited for. @throws Problem `karmada-unhealthy` after five minutes */
export async function awaitPresented(context: FleetContext, kept: KeptCertificates, call: CallContext): Promise<void> {
  call.say('waiting until the API servers have read the new certificates');
  const onTimeout = async (): Promise<Problem> => {
    const problem = new Problem('karmada-unhealthy', {
      what: 'an API server still presents its former certificate after 5 minutes',
      next: [
        'restart them: kubectl -n karmada-system rollout restart deployment karmada-apiserver',
        'then run the same command again',
      ],
    });
    return await explainedByPods(context.clients, parentAccess(context), problem, call);
  };
  await waitUntil(context, call, { everyMs: seconds(5), limitMs: minutes(5), onTimeout }, async () => {
    return (await presentedState(context, kept, call)) !== 'older';
  });
}
