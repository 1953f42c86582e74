/** `kubectl karmada token create|delete` (1.18.2, token/token.go): bootstrap tokens in Karmada's kube-system. */
import { createHash, X509Certificate } from 'node:crypto';
import { type Arguments, unmodelled } from '../../arguments.js';
import { textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { openApi } from '../access/access.js';
import { builtIn, createObject, dropObject, findObject, timestamp } from '../api-server/store.js';
import { durationOf } from './cluster-api.js';
import { failure } from './klog.js';

export async function runToken(process: ToolProcess, args: Arguments): Promise<number> {
  const [verb, id = '', ...more] = args.positional;
  if (more.length > 0) throw unmodelled('kubectl-karmada', process);
  if (verb === 'create' && id === '') return createToken(process, args);
  if (verb === 'delete' && /^[a-z0-9]{6}$/.test(id)) return deleteToken(process, args, id);
  throw unmodelled('kubectl-karmada', process);
}

/** The hash by which register pins a CA: SHA-256 of its public key (SubjectPublicKeyInfo, DER). */
export function publicKeyPin(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** The Secret of a token that exists and has not expired. */
export function validToken(karmada: ApiState, id: string, now: number): KubeObjectState | undefined {
  const secret = findObject(karmada, 'secrets', 'kube-system', `bootstrap-token-${id}`);
  const ends = Buffer.from(textAt(secret, 'data', 'expiration'), 'base64').toString();
  return ends !== '' && Date.parse(ends) <= now ? undefined : secret;
}

async function createToken(process: ToolProcess, args: Arguments): Promise<number> {
  const { api, server, ca } = await openApi(process, args.value('kubeconfig'), args.value('karmada-context'));
  const { simulation } = process;
  const digest = createHash('sha256').update(simulation.id('token')).digest('hex');
  const [id, secret] = [digest.slice(0, 6), digest.slice(6, 22)];
  const ttl = durationOf(process, args, 'ttl', '24h');
  const description = args.value('description');
  const stringData = {
    'token-id': id,
    'token-secret': secret,
    expiration: timestamp(simulation.now() + ttl),
    ...(description === '' ? {} : { description }),
  };
  const metadata = { name: `bootstrap-token-${id}`, namespace: 'kube-system' };
  const manifest = { metadata, type: 'bootstrap.kubernetes.io/token', stringData };
  createObject(api, builtIn('secrets'), manifest, simulation.now());
  const token = `${id}.${secret}`;
  const pin = publicKeyPin(Buffer.from(ca, 'base64').toString());
  process.out(
    args.has('print-register-command')
      ? `kubectl karmada register ${server.replace('https://', '')} --token ${token} --discovery-token-ca-cert-hash ${pin}`
      : token,
  );
  return 0;
}

async function deleteToken(process: ToolProcess, args: Arguments, id: string): Promise<number> {
  const { api } = await openApi(process, args.value('kubeconfig'), args.value('karmada-context'));
  const name = `bootstrap-token-${id}`;
  const secret = findObject(api, 'secrets', 'kube-system', name);
  if (secret === undefined) throw failure(`failed to delete secret "${name}", err: secrets "${name}" not found`);
  dropObject(api, 'secrets', secret);
  process.out(`bootstrap token "${id}" deleted`);
  return 0;
}
