/** The name under which the Karmada API is reached: one of the user's, once it was seen to lead there, or the load balancer's. */
import { X509Certificate } from 'node:crypto';
import type { Clients } from '../clients/clients.js';
import { karmadaPort } from '../fleet/defaults.js';
import type { Fleet } from '../fleet/fleet.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';
import { isComing } from './api-record.js';
import { type KarmadaCertificates, karmadaCertificates } from './karmada-api.js';
import type { ApiLoadBalancer } from './load-balancer.js';

/** A name of the user's that was seen to lead to the API; otherwise that of the load balancer, which always does. */
export function apiHost(
  { apiName }: Pick<Fleet, 'apiName'>,
  { hostname, published }: Pick<ApiLoadBalancer, 'hostname' | 'published'>,
): string {
  return apiName !== undefined && apiName === published ? apiName : hostname;
}

/**
 * Why a name does not lead this machine to this Karmada; undefined if it does.
 */
async function whyElsewhere(
  { world }: Clients,
  name: string,
  { server }: Pick<KarmadaCertificates, 'server'>,
): Promise<string | undefined> {
  const answer = await world.presentedBy(name, karmadaPort.loadBalancer, 5_000);
  if (answer.kind === 'failed') return answer.reason;
  const presented = parsed(answer.certificate);
  const own = parsed(Buffer.from(server ?? '', 'base64').toString());
  if (presented === undefined || own === undefined || !presented.publicKey.equals(own.publicKey))
    return 'another server responds there';
  return presented.checkHost(name) === undefined ? 'the API server’s certificate does not name it' : undefined;
}

/**
 * What is wrong with a name that is asked for, seen from this machine, and what to do. Asked only once there may be a record: resolvers
 * remember for a quarter of an hour that there is none (Route 53's SOA records, RFC 2308).
 */
export async function nameTrouble(
  clients: Clients,
  name: string,
  { parent, loadBalancer }: { readonly parent: KubeAccess; readonly loadBalancer: ApiLoadBalancer },
  call: Call,
): Promise<{ readonly what: string; readonly next: string } | undefined> {
  const certificates = await karmadaCertificates(clients, parent, call);
  const why = certificates && (await whyElsewhere(clients, name, certificates));
  if (why === undefined) return undefined;
  return {
    what: `${name} does not lead to this Karmada (${why})`,
    next: `unless Route 53 of this account has it, make the record ${name} CNAME ${loadBalancer.hostname}, then run up again`,
  };
}

/** The same of a fleet's name, where there is one and its record is not still to be made. */
export async function apiNameTrouble(
  clients: Clients,
  fleet: Fleet,
  at: { readonly parent: KubeAccess; readonly loadBalancer: ApiLoadBalancer },
  call: Call,
): Promise<Awaited<ReturnType<typeof nameTrouble>>> {
  const { apiName } = fleet;
  const { published, hostname } = at.loadBalancer;
  if (apiName === undefined) return undefined;
  if (published !== apiName && (await isComing(clients, fleet, apiName, hostname))) return undefined;
  return await nameTrouble(clients, apiName, at, call);
}

function parsed(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
