/**
 * The Karmada API as its clients need it, rebuilt from what the parent stores: the load balancer's name and init's
 * Secret.
 */

import type { Clients } from '../clients/clients.js';
import { karmadaPort } from '../fleet/defaults.js';
import { karmadaContext, karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { kubeconfigText } from '../tools/kubectl/kubeconfig.js';
import { secret } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** Of what init keeps in Secret `karmada-cert` (1.18.2, deploy.go); all of it base64 of PEM. The CA's key stays there. */
export interface KarmadaCertificates {
  readonly ca: string;
  readonly admin: string;
  /** Of the API server. */
  readonly server: string | undefined;
  /** A secret. */
  readonly adminKey: string;
}

export async function karmadaCertificates(
  clients: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<KarmadaCertificates | undefined> {
  const ref = { kind: 'secrets', name: 'karmada-cert', namespace: karmadaNamespace };
  const data = (await clients.kubectl.get(parent, ref, secret, call))?.data;
  const ca = data?.['ca.crt'];
  const admin = data?.['karmada.crt'];
  const adminKey = data?.['karmada.key'];
  if (ca === undefined || admin === undefined || adminKey === undefined) return undefined;
  return { ca, admin, adminKey, server: data?.['apiserver.crt'] };
}

/** The kubeconfig of the Karmada API: through the load balancer's name, which outlives any one of its addresses. */
export function karmadaKubeconfig(hostname: string, certificates: KarmadaCertificates): string {
  return kubeconfigText({
    context: karmadaContext,
    server: karmadaServer(hostname),
    caData: certificates.ca,
    user: { kind: 'certificate', certificateData: certificates.admin, keyData: certificates.adminKey },
  });
}

export function karmadaServer(hostname: string): string {
  return `https://${hostname}:${karmadaPort.loadBalancer}`;
}
