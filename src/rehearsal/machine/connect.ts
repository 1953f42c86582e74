/** One process on the rehearsed machine: its own ports to the shared account. */

import { createECDH, createHash, createPrivateKey } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../../errors/problem.js';
import type { AskCode } from '../../world/aws.js';
import type { HttpResult } from '../../world/http.js';
import type { OwnInterface } from '../../world/interfaces.js';
import type { NewId } from '../../world/new-id.js';
import type { NewKey } from '../../world/new-key.js';
import type { Processes, ProcessId } from '../../world/processes.js';
import type { TlsResult } from '../../world/tls.js';
import type { World } from '../../world/world.js';
import { settle } from '../account/settle.js';
import type { Account } from '../account.js';
import { type Fault, FaultPlan, type RecordedCall } from '../faults.js';
import { presentedAt } from '../kube/access/access.js';
import { unansweredAddress } from '../kube/access/reach.js';
import { dropsFrom, karmadaAt } from '../kube/controllers/control-plane.js';
import { unsettle } from '../kube/settle.js';
import type { ClusterState } from '../state.js';
import { rehearsedAws } from './aws.js';
import { rehearsedDownloads } from './downloads.js';
import { rehearsedExec } from './exec.js';
import { rehearsedFiles } from './files.js';
import { rehearsedPost } from './http-post.js';
import { Identity, type IdentityOptions } from './identity.js';
import { Life } from './life.js';
import { dataDirOf, machineNamed, type ProcessContext } from './process.js';
import { defaultVersions, type ToolVersions, toolsOnPath } from './tools.js';

export interface ProcessOptions extends IdentityOptions {
  /** The programs on PATH with their versions; all four when not given. */
  readonly tools?: ToolVersions;
  readonly vars?: Readonly<Record<string, string | undefined>>;
  /** Host name of the machine it runs on; that on which the rehearsal began when not given. */
  readonly host?: string;
  /** Where it keeps the product's files: for example a folder that machines share; one of its own machine when not given. */
  readonly dataDir?: string;
  /** What AWS's check-ip service answers; null: it cannot be reached. */
  readonly publicAddress?: string | null;
  readonly faults?: readonly Fault[];
  /** What is piped into it; standard input is a terminal when not given. */
  readonly input?: string;
}

/** A process, and what tests do with it. */
export interface RehearsedProcess {
  readonly world: World;
  /** kill -9: none of its calls is answered any more, its programs die at once, its locks become stale. */
  readonly kill: () => void;
  /** Its machine sleeps, its programs with it, until `wake`; time and all others go on. */
  readonly suspend: () => void;
  readonly wake: () => void;
  /** As if it had been started with this profile; `askCode` is undefined where nobody can be asked for an MFA code. */
  readonly signIn: (profile: string | undefined, askCode: AskCode | undefined) => void;
  /** Aborted when it was killed, by `kill` or by a fault. */
  readonly ended: AbortSignal;
  /** Every call it made, in order. */
  readonly calls: readonly RecordedCall[];
}

const checkIp = 'https://checkip.amazonaws.com/';

/** Docker Hub's registry, which wants a login. */
const registry = 'https://registry-1.docker.io/v2/';

/** What is there without a login: the CRDs of Karmada's releases. */
const releases = 'https://github.com/karmada-io/karmada/releases/download/';

const known = [checkIp, registry, releases];

/** Starts a process on an account; several may run side by side or one after another. */
export function connect(account: Account, options: ProcessOptions = {}): RehearsedProcess {
  // Whoever prepared the account may have written anything.
  unsettle(account.state);
  const life = new Life();
  const faults = new FaultPlan(options.faults ?? []);
  const machine = machineNamed(options.host);
  const { homeDir, host } = machine;
  const vars: Record<string, string | undefined> = { ...options.vars };
  const identity = new Identity(account, options, vars['AWS_PROFILE'] || undefined);
  const context: ProcessContext = {
    account,
    machine,
    life,
    faults,
    publicAddress: options.publicAddress,
    tools: toolsOnPath(options.tools ?? defaultVersions),
    vars,
    identity,
    sessions: new Map(),
  };
  const pid = account.nextPid();
  const newId = rehearsedIds(account, pid);
  const world: World = {
    exec: rehearsedExec(context),
    aws: rehearsedAws(context),
    files: rehearsedFiles(context),
    downloads: rehearsedDownloads(context),
    processes: rehearsedProcesses(context, pid),
    clock: {
      now: account.clock.now,
      sleep: (ms, signal) =>
        life.guard(() =>
          account.clock.sleep(ms, signal === undefined ? life.ended : AbortSignal.any([signal, life.ended])),
        ),
    },
    newId,
    newKey: rehearsedKeys(newId),
    readInput: () => life.guard(() => Promise.resolve(options.input)),
    environment: {
      vars,
      homeDir,
      workingDir: homeDir,
      dataDir: options.dataDir ?? dataDirOf(machine),
      owner: `you@${host} (pid ${pid})`,
      runtime: 'Node.js 20.17.0 on linux x64',
    },
    httpPost: rehearsedPost(context),
    presentedBy: (host, port, timeoutMs) => life.guard(() => presentedBy(context, host, port, timeoutMs)),
    ownInterfaces: () => interfacesOf(account, machine.host),
    httpGet: (url, timeoutMs) => life.guard(() => httpGet(context, url, timeoutMs)),
  };
  const { kill, wake } = life;
  const suspend = (): void => life.suspend(account.now());
  const signIn: RehearsedProcess['signIn'] = (profile, askCode) => {
    if (profile !== undefined) vars['AWS_PROFILE'] = profile;
    identity.use(profile, askCode);
  };
  return { world, kill, suspend, wake, signIn, ended: life.ended, calls: faults.calls };
}

/** A machine that stands in no network of AWS has addresses of its own. */
function interfacesOf({ state }: Account, host: string): readonly OwnInterface[] {
  const { address, mac } = state.machines?.[host] ?? { address: '192.168.1.20', mac: '5e:00:00:00:00:01' };
  return [{ address, mac }];
}

/** Names know no case. */
function endpointAt({ state }: Account, host: string): ClusterState | undefined {
  const clusters = Object.values(state.regions).flatMap((region) => Object.values(region.clusters));
  return clusters.find(({ endpoint, status }) => status !== 'CREATING' && new URL(endpoint).hostname === host);
}

/** Karmada's API and those of EKS clusters are called so. */
async function presentedBy(
  { account, machine, life, publicAddress }: ProcessContext,
  host: string,
  port: number,
  timeoutMs: number,
): Promise<TlsResult> {
  settle(account);
  const eks = endpointAt(account, host);
  if (eks !== undefined) {
    const silent = unansweredAddress({ simulation: account, host: machine.host }, eks);
    if (silent === undefined) return { kind: 'presented', certificate: `certificate of ${host}` };
    await account.clock.sleep(timeoutMs, life.ended);
    return { kind: 'failed', reason: `no answer from ${silent} within ${timeoutMs / 1000} s` };
  }
  const server = `https://${host}:${port}`;
  if (dropsFrom({ simulation: account, at: account.now() }, server, publicAddress)) {
    await account.clock.sleep(timeoutMs, life.ended);
    return { kind: 'failed', reason: `no answer from ${host}:${port} within ${timeoutMs / 1000} s` };
  }
  const found = karmadaAt({ simulation: account, at: account.now() }, server);
  if (found === 'no-such-host') return { kind: 'failed', reason: `getaddrinfo ENOTFOUND ${host}` };
  if (found === 'refused') return { kind: 'failed', reason: `connect ECONNREFUSED ${host}:${port}` };
  return { kind: 'presented', certificate: Buffer.from(presentedAt(found.parent), 'base64').toString() };
}

async function httpGet(
  { account, faults, life, publicAddress }: ProcessContext,
  url: string,
  timeoutMs: number,
): Promise<HttpResult> {
  if (!known.some((each) => url.startsWith(each)))
    throw new Problem('rehearsal-unmodelled', { what: `the rehearsal does not know '${url}'` });
  const fault = faults.take(`http ${url}`, account.now());
  if (fault?.kind === 'hang') await account.clock.sleep(timeoutMs, life.ended);
  if (fault?.kind === 'garbage') return { kind: 'answered', status: 200, body: fault.message ?? '<html></html>' };
  if (fault !== undefined) return { kind: 'failed', reason: fault.message ?? 'the operation timed out' };
  if (url.startsWith(registry)) return { kind: 'answered', status: 401, body: '{"errors":[{"code":"UNAUTHORIZED"}]}' };
  if (url.startsWith(releases)) return { kind: 'answered', status: 200, body: '' };
  if (publicAddress === null) return { kind: 'failed', reason: 'getaddrinfo ENOTFOUND checkip.amazonaws.com' };
  return { kind: 'answered', status: 200, body: `${publicAddress ?? '192.0.2.10'}\n` };
}

/** Draws without changing the account, as real chance does: a plan must leave no trace. */
function rehearsedIds({ state, now }: Account, pid: number): NewId {
  let drawn = 0;
  return () => {
    drawn += 1;
    const seed = `${state.accountId} ${now()} ${pid} ${drawn}`;
    return createHash('sha256').update(seed).digest('hex').slice(0, 12);
  };
}

/** A key on P-256 whose private number is drawn like an id. */
function rehearsedKeys(newId: NewId): NewKey {
  return () => {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(createHash('sha256').update(newId()).digest());
    const point = pair.getPublicKey();
    const text = (bytes: Buffer): string => bytes.toString('base64url');
    const numbers = { x: text(point.subarray(1, 33)), y: text(point.subarray(33)), d: text(pair.getPrivateKey()) };
    const key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', ...numbers } });
    return String(key.export({ type: 'pkcs8', format: 'pem' }));
  };
}

/** The processes port of one process, which runs from here on. */
function rehearsedProcesses({ account, machine, life }: ProcessContext, pid: number): Processes {
  const own: ProcessId = { machine: `machine-${machine.host}`, pid, start: String(account.now()) };
  account.processes.push({ id: own, alive: life.alive });
  return {
    own: () => life.guard(async () => own),
    stateOf: (process) =>
      life.guard(async () => {
        if (process.machine !== own.machine) return 'unknown';
        const found = account.processes.find(({ id }) => isDeepStrictEqual(id, process));
        return found?.alive() ? 'running' : 'ended';
      }),
  };
}
