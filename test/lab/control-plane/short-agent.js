/** A pull member's agent with a certificate that ends in ten minutes, the least that Kubernetes signs; `register` asks for a year. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { certificateRequest } from '../../../dist/access/grants/certificate-request.js';
import { until } from './parts.js';

const namespace = ['-n', 'karmada-system'];
const entry = 'karmada-kubeconfig';

const text = (base64) => Buffer.from(base64, 'base64').toString();
const base64 = (value) => Buffer.from(value).toString('base64');

export async function shortenAgent(plane) {
  const secret = await secretOf(plane);
  const before = text(secret.data[entry]);
  const { subject } = new X509Certificate(text(fieldOf(before, 'client-certificate-data')));
  const part = (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(subject)[1];
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const request = certificateRequest({ commonName: part('CN'), organization: part('O') }, key);
  const after = before
    .replace(fieldOf(before, 'client-certificate-data'), await signed(plane, request))
    .replace(fieldOf(before, 'client-key-data'), base64(key));
  const changed = { ...secret, data: { ...secret.data, [entry]: base64(after) } };
  await plane.inPull.kubectl(['replace', '-f', '-'], JSON.stringify(changed));
  await plane.inPull.kubectl([...namespace, 'rollout', 'restart', 'deployment/karmada-agent']);
  await agentRuns(plane);
}

/** When the certificate in the agent's Secret ends, in ms since the epoch. */
export async function agentEnd(plane) {
  const { data } = await secretOf(plane);
  return Date.parse(new X509Certificate(text(fieldOf(text(data[entry]), 'client-certificate-data'))).validTo);
}

export async function agentRuns({ inPull }) {
  await inPull.kubectl([...namespace, 'rollout', 'status', 'deployment/karmada-agent', '--timeout=120s']);
}

/** Until Karmada calls the pull member Ready, or no longer so. @param ready `True`, or a pattern of what it is otherwise */
export async function pullIs({ inKarmada, pull }, ready, seconds) {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  await until(`${pull.name} is ${ready}`, seconds, async () => {
    const found = await inKarmada.kubectl(['get', 'clusters', pull.name, '-o', path]).catch(() => '');
    return new RegExp(`^(${ready})$`).test(found.trim()) ? true : undefined;
  });
}

async function secretOf({ inPull }) {
  return JSON.parse(await inPull.kubectl([...namespace, 'get', 'secret', entry, '-o', 'json']));
}

function fieldOf(kubeconfig, name) {
  return new RegExp(`${name}"?: *"?([A-Za-z0-9+/=]+)`).exec(kubeconfig)[1];
}

async function signed({ inKarmada }, request) {
  const name = 'lab-agent';
  const spec = {
    request: base64(request),
    signerName: 'kubernetes.io/kube-apiserver-client',
    expirationSeconds: 600,
    usages: ['client auth'],
  };
  const object = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name }, spec };
  await inKarmada.kubectl(['create', '-f', '-'], JSON.stringify(object));
  await inKarmada.kubectl(['certificate', 'approve', name]);
  const certificate = await until('the certificate is signed', 60, async () => {
    const found = await inKarmada.kubectl(['get', 'csr', name, '-o', 'jsonpath={.status.certificate}']);
    return found.trim() || undefined;
  });
  await inKarmada.kubectl(['delete', 'csr', name]);
  return certificate;
}
