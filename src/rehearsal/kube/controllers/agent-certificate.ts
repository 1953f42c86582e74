/**
 * The certificate of a pull member's agent: for a year, written anew into its Secret when a fifth of that is left, and read when the
 * agent starts (karmada 1.18.2, pkg/controllers/certificate/cert_rotation_controller.go; its options' CertRotationRemainingTimeThreshold).
 */
import { createPrivateKey } from 'node:crypto';
import { textAt } from '../../json.js';
import type { ApiState, KubeObjectState, Moment } from '../../state.js';
import { parseKubeconfig } from '../access/kubeconfig.js';
import { findObject, hasLabels, listObjects, upsert } from '../api-server/store.js';
import { agentSecret } from '../karmada/agent-secret.js';
import { type Certified, makeCertificate } from '../karmada/certificate.js';

import { notedText, notes, type Tick } from '../tick.js';
import { certificateOf, endOf } from './pods/pod-certificates.js';

const yearMs = 365 * 24 * 3_600_000;
const namespace = 'karmada-system';

/** Signed as a request of the agent's is. @param parent that of the Karmada whose CA signs */
export function agentCertificate(parent: ApiState | undefined, name: string, now: Moment): Certified {
  const secret = parent && findObject(parent, 'secrets', namespace, 'karmada-cert');
  const key = Buffer.from(textAt(secret, 'data', 'ca.key'), 'base64').toString();
  return makeCertificate(
    {
      commonName: `system:karmada:agent:${name}`,
      organization: 'system:karmada:agents',
      notBefore: now - 300_000,
      notAfter: now + yearMs - 300_000,
      seed: `agent ${name} ${now}`,
    },
    { certificate: '', key, commonName: 'karmada', privateKey: createPrivateKey(key) },
  );
}

/** Whether the agent of a member uses a certificate that has not ended; renews the one in its Secret in time. */
export function settleAgentCertificate(tick: Tick, parent: ApiState | undefined, member: ApiState): boolean {
  const agents = listObjects(member, 'pods', namespace).filter((pod) => hasLabels(pod, { app: 'karmada-agent' }));
  const [agent] = agents;
  const kept = keptIn(member);
  if (agent === undefined || kept === undefined) return true;
  const used = usedBy(agent, kept.certificate);
  if (endOf(used) <= tick.at) return false;
  const [from, until] = [Date.parse(certificateOf(kept.certificate)?.validFrom ?? ''), endOf(kept.certificate)];
  if ((until - tick.at) / (until - from) > 0.2) return true;
  const renewed = agentCertificate(parent, kept.name.replace(/^.*:/, ''), tick.at);
  upsert(member, 'secrets', agentSecret(kept.server, kept.ca, renewed), tick.at);
  tick.wake(tick.at);
  return true;
}

function usedBy(agent: KubeObjectState, kept: string): string {
  const known = notedText(agent, 'certificate') ?? kept;
  notes(agent)['certificate'] = known;
  return known;
}

interface KeptCertificate {
  /** Of whom it is: the subject's name. */
  readonly name: string;
  readonly certificate: string;
  readonly server: string;
  readonly ca: string;
}

/** What was read last from an agent's Secret: it changes once in a year, and is asked for at every step of time. */
const lastRead = new WeakMap<ApiState, { readonly text: string; readonly kept: KeptCertificate | undefined }>();

function keptIn(member: ApiState): KeptCertificate | undefined {
  const text = textAt(findObject(member, 'secrets', namespace, 'karmada-kubeconfig'), 'data', 'karmada-kubeconfig');
  const last = lastRead.get(member);
  if (last?.text === text) return last.kept;
  const kept = keptInKubeconfig(Buffer.from(text, 'base64').toString());
  lastRead.set(member, { text, kept });
  return kept;
}

function keptInKubeconfig(text: string): KeptCertificate | undefined {
  const config = parseKubeconfig(text);
  const [cluster, user] = [config?.clusters[0], config?.users[0]];
  const subject = certificateOf(user?.certificate ?? '')?.subject;
  if (cluster === undefined || user === undefined || subject === undefined) return undefined;
  return { name: subject, certificate: user.certificate, server: cluster.server, ca: cluster.ca };
}
