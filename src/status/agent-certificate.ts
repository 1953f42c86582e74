/**
 * The certificate of a pull member's agent, which is in the member. The agent renews it by itself, but uses the one with which it started
 * (karmada 1.18.2, pkg/controllers/certificate/cert_rotation_controller.go, which writes the Secret and nothing else).
 */
import { type Certificate, decoded, encoded, readCertificate } from '../certificates/certificate.js';
import { certificatesIn, withCertificate } from '../certificates/kept.js';
import { readMark } from '../certificates/renewal.js';
import type { Clients } from '../clients/clients.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { componentWorkload, type KubeSecret, secret } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { agentDeployment, agentPods } from './karmada-versions.js';

export const agentSecret = { kind: 'secrets', name: 'karmada-kubeconfig', namespace: karmadaNamespace } as const;

/** Of the Secret: the agent's kubeconfig. */
export const agentEntry = 'karmada-kubeconfig';

export interface AgentCertificate {
  readonly secret: KubeSecret;
  readonly pem: string;
  readonly certificate: Certificate;
  /** Whether its pods began before it was made, so that they use another one. */
  readonly isUnread: boolean;
}

/** Undefined where there is no agent. */
export async function agentCertificate(
  clients: Clients,
  member: KubeAccess,
  call: Call,
): Promise<AgentCertificate | undefined> {
  const [found, agent, running] = await Promise.all([
    clients.kubectl.get(member, agentSecret, secret, call),
    clients.kubectl.get(member, agentDeployment, componentWorkload, call),
    agentPods(clients, member, call),
  ]);
  const [pem] = certificatesIn(decoded(found?.data?.[agentEntry] ?? ''));
  const certificate = pem === undefined ? undefined : readCertificate(pem);
  if (found === undefined || agent === undefined || pem === undefined || certificate === undefined) return undefined;
  const isMarked = agent.spec.template?.metadata?.annotations?.[readMark] === certificate.print;
  const isOlder = running.some(
    ({ metadata }) =>
      metadata.name.startsWith(`${agentDeployment.name}-`) &&
      Date.parse(metadata.creationTimestamp ?? '') < certificate.from,
  );
  return { secret: found, pem, certificate, isUnread: isOlder && !isMarked };
}

/** The agent's Secret with another certificate of the same key. */
export function agentSecretWith({ secret: found, pem: before }: AgentCertificate, pem: string): KubeSecret {
  const text = withCertificate(decoded(found.data?.[agentEntry] ?? ''), before, pem);
  return { ...found, data: { ...found.data, [agentEntry]: encoded(text) } };
}
