/** The Secret from which the agent of a pull member reads how to reach Karmada, and as whom. */

import { stringify } from 'yaml';
import type { Json } from '../../json.js';
import type { Certified } from './certificate.js';
import { base64 } from './pki.js';

/** The agent's kubeconfig (1.18.2, register/register.go). @param ca base64 of the CA's PEM */
export function agentSecret(
  server: string,
  ca: string,
  own: Pick<Certified, 'certificate' | 'key' | 'commonName'>,
): Json {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'karmada-apiserver', cluster: { server, 'certificate-authority-data': ca } }],
    contexts: [{ name: 'karmada-apiserver', context: { cluster: 'karmada-apiserver', user: own.commonName } }],
    'current-context': 'karmada-apiserver',
    users: [
      {
        name: own.commonName,
        user: { 'client-certificate-data': base64(own.certificate), 'client-key-data': base64(own.key) },
      },
    ],
  };
  const stringData = { 'karmada-kubeconfig': stringify(kubeconfig, { lineWidth: 0 }) };
  return {
    metadata: { name: 'karmada-kubeconfig', namespace: 'karmada-system', labels: { 'karmada.io/system': 'true' } },
    type: 'Opaque',
    stringData,
  };
}
