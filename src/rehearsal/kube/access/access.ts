/** From a kubeconfig and a context to the API they lead to, or to the reason why they lead nowhere. */
import { assume } from '../../account/other-accounts.js';
import { AwsError } from '../../aws/answer.js';
import { listAt, textAt } from '../../json.js';
import type { Simulation, ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { Refusal } from '../api-server/refusal.js';
import { findObject, hasLabels, listObjects } from '../api-server/store.js';
import { dropsFrom, type KarmadaFound, karmadaAt } from '../controllers/control-plane.js';
import { certificateOf, endOf, servedBy } from '../controllers/pods/pod-certificates.js';
import { isReady } from '../controllers/scheduling.js';
import type { Tick } from '../tick.js';
import { readEksToken } from './eks-token.js';
import { apiAt } from './endpoints.js';
import { type KubeconfigCluster, type KubeconfigUser, parseKubeconfig } from './kubeconfig.js';
import { unansweredAddress } from './reach.js';

/** An API that answers. */
export interface Access {
  readonly api: ApiState;
  readonly server: string;
  /** base64 of the CA's PEM in the kubeconfig. */
  readonly ca: string;
}

/** How long the exec plugin takes for a token (observed with 1.18.2). */
const tokenMs = 700;
/** How long a call with a client certificate takes. */
const certificateMs = 200;
/** How long client-go waits for a connection (k8s.io/client-go, transport/cache.go). */
export const dialMs = 30_000;

/**
 * With `--request-timeout=30s` kubectl gives up a path after that, and a type after five tries to learn which types there are (observed
 * with 1.34.4 at a port that does not answer).
 */
async function unanswered(process: ToolProcess, address: string): Promise<Refusal> {
  const isLimited = process.args.includes('--request-timeout=30s');
  const isPath = process.args.some((arg) => arg.startsWith('--raw'));
  await process.takes(isLimited && !isPath ? 5 * dialMs : dialMs);
  const canceled =
    'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)';
  const limited = isPath ? canceled : 'context deadline exceeded';
  const why = isLimited ? limited : `dial tcp ${address}:443: i/o timeout`;
  return new Refusal('Connection', `Unable to connect to the server: ${why}`);
}

/** Takes the time of one authenticated call and answers the API; refuses as client-go does. */
export async function openApi(process: ToolProcess, kubeconfig: string, context: string): Promise<Access> {
  const { cluster, user } = readContext(process, kubeconfig, context);
  await process.takes(user.exec.length > 0 ? tokenMs : certificateMs);
  if (dropsFrom({ simulation: process.simulation, at: process.simulation.now() }, cluster.server, process.address)) {
    await process.takes(dialMs);
    const { host } = new URL(cluster.server);
    throw new Refusal('Connection', `Unable to connect to the server: dial tcp ${host}: i/o timeout`);
  }
  const api =
    plainApi(process, cluster, user) ??
    (new URL(cluster.server).hostname.endsWith('.eks.amazonaws.com')
      ? await eksApi(process, cluster.server, user)
      : karmadaApi(process, cluster.server, cluster.ca, user));
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
  const user = config.users.find((one) => one.name === context.user) ?? {
    name: '',
    certificate: '',
    token: '',
    exec: [],
  };
  return { cluster, user };
}

/** The Karmada API behind a URL, without checking certificates; refuses when nothing responds there. */
function findKarmada(tick: Pick<Tick, 'simulation' | 'at'>, server: string): KarmadaFound {
  const found = karmadaAt(tick, server);
  if (found === 'no-such-host') {
    const text = `Unable to connect to the server: dial tcp: lookup ${new URL(server).hostname}: no such host`;
    throw new Refusal('Connection', text);
  }
  if (found === 'refused') throw refused(server);
  return found;
}

/** A cluster outside of EKS knows one client certificate and one token; undefined when there is none at this URL. */
function plainApi(process: ToolProcess, { server, ca }: KubeconfigCluster, user: KubeconfigUser): ApiState | undefined {
  const api = apiAt(process.simulation, server)?.api;
  if (api?.plain === undefined) return undefined;
  if (!api.reachable) throw refused(server);
  if (ca !== api.plain.ca) throw tlsRefusal('certificate signed by unknown authority');
  const admitted = user.certificate === api.plain.certificate || user.token === api.plain.token;
  if (!admitted) throw new Refusal('Unauthorized', 'Unauthorized');
  return api;
}

/** A token is made for one cluster and stands for an AWS identity. */
async function eksApi(process: ToolProcess, server: string, user: KubeconfigUser): Promise<ApiState> {
  const { simulation } = process;
  const { api, eks } = apiAt(simulation, server) ?? {};
  if (api === undefined || eks === undefined) {
    const text = `Unable to connect to the server: dial tcp: lookup ${new URL(server).hostname}: no such host`;
    throw new Refusal('Connection', text);
  }
  const silent = unansweredAddress(process, eks);
  if (silent !== undefined) {
    throw await unanswered(process, silent);
  }
  if (!api.reachable) throw refused(server);
  const admitted = [eks.creatorArn ?? [], eks.accessEntries].flat().map(roleOf);
  const awsAuth = findObject(api, 'configmaps', 'kube-system', 'aws-auth');
  const mapped = textAt(awsAuth, 'data', 'mapRoles') + textAt(awsAuth, 'data', 'mapUsers');
  const who = callerFor(simulation, api, user);
  if (who === undefined || !(admitted.includes(roleOf(who)) || mapped.includes(roleOf(who)))) {
    throw new Refusal('Unauthorized', 'Unauthorized');
  }
  return api;
}

/** Whom a token for this cluster stands for, whether the exec plugin makes it now or it was made before. */
function callerFor(simulation: Simulation, { cluster, region }: ApiState, user: KubeconfigUser): string | undefined {
  if (user.exec.includes(cluster)) return callerOf(simulation, user.exec);
  const token = readEksToken(user.token);
  const isGood = token?.cluster === cluster && token.region === region && token.until >= simulation.now();
  return isGood ? token.caller : undefined;
}

/** Who calls AWS in `aws eks get-token`; it has no option for an external ID (aws-cli 2.36, get_token.py). */
function callerOf(simulation: Simulation, words: readonly string[]): string {
  const { accountId, callerArn } = simulation.state;
  const flag = words.indexOf('--role-arn');
  // What roles of the first account may do is not modelled.
  if (flag === -1 || words[flag + 1]?.includes(`:iam::${accountId}:`) === true) return callerArn;
  try {
    return assume(simulation, { role: words[flag + 1] ?? '', session: 'EKSGetTokenAuth' }).state.callerArn;
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    const why = 'getting credentials: exec: executable aws failed with exit code 255';
    throw new Refusal('Connection', `Unable to connect to the server: ${why}`);
  }
}

/** Both sides check: the client the server's CA, names and end, the server whether its CA signed the client's certificate, and its end. */
function karmadaApi(process: ToolProcess, server: string, ca: string, user: KubeconfigUser): ApiState {
  const { simulation } = process;
  const { karmada, parent } = findKarmada({ simulation, at: simulation.now() }, server);
  const secret = findObject(parent, 'secrets', 'karmada-system', 'karmada-cert');
  if (ca !== textAt(secret, 'data', 'ca.crt')) throw tlsRefusal('certificate signed by unknown authority');
  const presented = presentedAt(parent);
  const certificate = certificateOf(presented);
  const { hostname } = new URL(server);
  if (certificate === undefined) throw refused(server);
  if (endOf(presented) <= simulation.now()) throw tlsRefusal(expired(simulation.now(), endOf(presented)));
  if ((/^[\d.]+$/.test(hostname) ? certificate.checkIP(hostname) : certificate.checkHost(hostname)) === undefined) {
    throw tlsRefusal(`certificate is valid for ${certificate.subjectAltName ?? ''}, not ${hostname}`);
  }
  if (!isAdmin(user.certificate, textAt(secret, 'data', 'karmada.crt'), simulation.now()))
    admitPerson(process, karmada, ca, user);
  return karmada;
}

/** A former certificate of the admin is as good as the newest one, until it ends: they have one key. */
function isAdmin(given: string, newest: string, now: number): boolean {
  if (given === '' || endOf(given) <= now) return false;
  if (given === newest) return true;
  const [one, other] = [certificateOf(given), certificateOf(newest)].map((each) => each?.publicKey);
  return one !== undefined && other !== undefined && one.equals(other);
}

/** A certificate of the same CA is somebody until it ends; without a binding of one of their groups they may do nothing. */
function admitPerson({ simulation }: ToolProcess, karmada: ApiState, ca: string, user: KubeconfigUser): void {
  const authority = certificateOf(ca);
  const person = certificateOf(user.certificate);
  const isKnown =
    authority !== undefined &&
    person?.verify(authority.publicKey) === true &&
    Date.parse(person.validTo) > simulation.now();
  if (!isKnown) throw new Refusal('Unauthorized', 'Unauthorized');
  const [, name = ''] = /^CN=(.*)$/m.exec(person.subject) ?? [];
  const [, group = ''] = /^O=(.*)$/m.exec(person.subject) ?? [];
  const bindings = ['clusterrolebindings', 'rolebindings'].flatMap((plural) => listObjects(karmada, plural));
  const subjects = bindings.flatMap((binding) => listAt(binding, 'subjects'));
  if (subjects.some((subject) => textAt(subject, 'kind') === 'Group' && textAt(subject, 'name') === group)) return;
  throw new Refusal('Forbidden', `User "${name}" cannot do this`);
}

/** What the API server of a parent presents, base64 of PEM. */
export function presentedAt(parent: ApiState): string {
  const pods = listObjects(parent, 'pods', 'karmada-system').filter((pod) =>
    hasLabels(pod, { app: 'karmada-apiserver' }),
  );
  const kept = textAt(findObject(parent, 'secrets', 'karmada-system', 'karmada-cert'), 'data', 'apiserver.crt');
  return servedBy(pods.find(isReady)) ?? kept;
}

/** The words of Go's crypto/x509 (verify.go, `CertificateInvalidError`). */
function expired(now: number, until: number): string {
  const second = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return `certificate has expired or is not yet valid: current time ${second(now)} is after ${second(until)}`;
}

function tlsRefusal(text: string): Refusal {
  return new Refusal('Connection', `Unable to connect to the server: tls: failed to verify certificate: x509: ${text}`);
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
