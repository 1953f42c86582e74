/** From a kubeconfig and a context to the API they lead to, or to the reason why they lead nowhere. */
import { X509Certificate } from 'node:crypto';
import type { ToolProcess } from '../simulation.js';
import type { ApiState } from '../state.js';
import { eksBehind } from './controllers/clusters.js';
import { textAt } from './json.js';
import { type KarmadaFound, karmadaAt } from './karmada/karmada-at.js';
import { type KubeconfigUser, parseKubeconfig } from './kubeconfig.js';
import { Refusal } from './refusal.js';
import { settleApis } from './settle.js';
import { findObject } from './store.js';
import type { Tick } from './tick.js';

/** An API that answers. */
export interface Access {
  readonly api: ApiState;
  readonly server: string;
  /** base64 of the CA's PEM in the kubeconfig. */
  readonly ca: string;
}

/** How long the exec plugin takes for a token (observed with 1.18.2, init 15). */
const tokenMs = 700;
/** How long a call with a client certificate takes. */
const certificateMs = 200;

/** Takes the time of one authenticated call and answers the API; refuses as client-go does. */
export async function openApi(process: ToolProcess, kubeconfig: string, context: string): Promise<Access> {
  const { cluster, user } = readContext(process, kubeconfig, context);
  await process.takes(user.exec.length > 0 ? tokenMs : certificateMs);
  settleApis(process.simulation);
  const { hostname } = new URL(cluster.server);
  const api = hostname.endsWith('.eks.amazonaws.com')
    ? eksApi(process, cluster.server, user)
    : karmadaApi(process, cluster.server, cluster.ca, user);
  return { api, server: cluster.server, ca: cluster.ca };
}

/** The kubeconfig's cluster and user of a context; without a context name the current one. */
function readContext(process: ToolProcess, path: string, name: string) {
  const text = process.readFile(path);
  if (text === undefined) throw new Refusal('Connection', `error: stat ${path}: no such file or directory`);
  const config = parseKubeconfig(text);
  const context = config?.contexts.find((one) => one.name === (name === '' ? config.currentContext : name));
  const cluster = config?.clusters.find((one) => one.name === context?.cluster);
  if (config === undefined || context === undefined || cluster === undefined) {
    throw new Refusal('Connection', `Error in configuration: context was not found for specified context: ${name}`);
  }
  const user = config.users.find((one) => one.name === context.user) ?? { name: '', certificate: '', exec: [] };
  return { cluster, user };
}

/** The Karmada API behind a URL, without a look at certificates; refuses when nothing answers there. */
function reachKarmada(tick: Pick<Tick, 'simulation' | 'at'>, server: string): KarmadaFound {
  const found = karmadaAt(tick, server);
  if (found === 'no-such-host') {
    const text = `Unable to connect to the server: dial tcp: lookup ${new URL(server).hostname}: no such host`;
    throw new Refusal('Connection', text);
  }
  if (found === 'refused') throw refused(server);
  return found;
}

/** The token of an exec user is made for one cluster and stands for the AWS identity in use. */
function eksApi(process: ToolProcess, server: string, user: KubeconfigUser): ApiState {
  const { simulation } = process;
  const found = eksBehind(process, server);
  const api = found === undefined ? undefined : simulation.state.apis[`eks/${found.region}/${found.cluster.name}`];
  if (found === undefined || api === undefined) {
    const text = `Unable to connect to the server: dial tcp: lookup ${new URL(server).hostname}: no such host`;
    throw new Refusal('Connection', text);
  }
  if (!api.reachable) throw refused(server);
  const admitted = [found.cluster.creatorArn, ...found.cluster.accessEntries].map(roleOf);
  const awsAuth = findObject(api, 'configmaps', 'kube-system', 'aws-auth');
  const mapped = textAt(awsAuth, 'data', 'mapRoles') + textAt(awsAuth, 'data', 'mapUsers');
  const caller = roleOf(simulation.state.callerArn);
  if (!user.exec.includes(found.cluster.name) || !(admitted.includes(caller) || mapped.includes(caller))) {
    throw new Refusal('Unauthorized', 'Unauthorized');
  }
  return api;
}

/** Both sides check: the client the server's CA and names, the server the client's certificate. */
function karmadaApi(process: ToolProcess, server: string, ca: string, user: KubeconfigUser): ApiState {
  const { simulation } = process;
  const { karmada, parent } = reachKarmada({ simulation, at: simulation.now() }, server);
  const secret = findObject(parent, 'secrets', 'karmada-system', 'karmada-cert');
  const trouble = (text: string) =>
    new Refusal('Connection', `Unable to connect to the server: tls: failed to verify certificate: x509: ${text}`);
  if (ca !== textAt(secret, 'data', 'ca.crt')) throw trouble('certificate signed by unknown authority');
  const certificate = new X509Certificate(Buffer.from(textAt(secret, 'data', 'apiserver.crt'), 'base64'));
  const { hostname } = new URL(server);
  if ((/^[\d.]+$/.test(hostname) ? certificate.checkIP(hostname) : certificate.checkHost(hostname)) === undefined) {
    throw trouble(`certificate is valid for ${certificate.subjectAltName ?? ''}, not ${hostname}`);
  }
  if (user.certificate !== textAt(secret, 'data', 'karmada.crt')) throw new Refusal('Unauthorized', 'Unauthorized');
  return karmada;
}

function refused(server: string): Refusal {
  const { host } = new URL(server);
  return new Refusal(
    'Connection',
    `The connection to the server ${host} was refused - did you specify the right host or port?`,
  );
}

/** `arn:aws:sts::1:assumed-role/NAME/SESSION` stands for the role `arn:aws:iam::1:role/NAME`. */
function roleOf(arn: string): string {
  return arn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2');
}
