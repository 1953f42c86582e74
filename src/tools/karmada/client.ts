/** kubectl-karmada as the product uses it. Its exit status proves nothing: callers check the result themselves. */
import { Problem } from '../../errors/problem.js';
import type { Command, Exec, ExecResult } from '../../world/exec.js';
import type { KubeAccess } from '../kubectl/commands.js';
import { type Call, type Ended, lastLines, run, toolFailed, truncatedText } from '../run.js';
import { karmadaCommands as commands, type InitOptions, type MemberPlace, type RegisterOptions } from './commands.js';

const minute = 60_000;

/** `init` waits up to 300 s for each of seven components. */
const limits = {
  version: minute,
  init: 40 * minute,
  deinit: 10 * minute,
  member: 10 * minute,
  token: 2 * minute,
} as const;

/** What a pull member is registered with. */
export interface BootstrapToken {
  /** `abcdef.0123456789abcdef`; secret. */
  readonly token: string;
  /** The part before the dot; not secret. */
  readonly id: string;
  readonly caHash: string;
}

export type KubectlKarmada = ReturnType<typeof makeKubectlKarmada>;

/** Each operation rejects with a Problem when the program ends with an error. */
export function makeKubectlKarmada(plainExec: Exec) {
  const exec: Exec = async (request) => hidden(await plainExec(request));
  const operate: Operate = async (command, limitMs, call, failure = (ended) => toolFailed(command, ended)) => {
    const ended = await run(exec, command, limitMs, call, (line) => {
      const meaning = meaningOf(line.text);
      if (meaning !== undefined) call.say?.(meaning);
    });
    if (ended.code !== 0) throw failure(ended);
    return ended;
  };
  const done = async (...args: Parameters<Operate>): Promise<void> => {
    await operate(...args);
  };
  return {
    version: async (call: Call) => versionIn(await operate(commands.version(), limits.version, call)),
    init: (options: InitOptions, call: Call) => done(commands.init(options), limits.init, call, initFailed),
    deinit: (parent: KubeAccess, call: Call) => done(commands.deinit(parent), limits.deinit, call),
    join: (karmadaApi: KubeAccess, member: KubeAccess, place: MemberPlace, call: Call) =>
      done(commands.join(karmadaApi, member, place), limits.member, call, (ended) => joinFailed(place.name, ended)),
    unjoin: (karmadaApi: KubeAccess, member: KubeAccess, name: string, call: Call) =>
      done(commands.unjoin(karmadaApi, member, name), limits.member, call, (ended) => unjoinFailed(name, ended)),
    /** Without contacting the member; what Karmada put into it stays there. */
    unjoinByForce: (karmadaApi: KubeAccess, name: string, call: Call) =>
      done(commands.unjoinByForce(karmadaApi, name), limits.member, call, (ended) => unjoinFailed(name, ended)),
    createToken: async (karmadaApi: KubeAccess, description: string, call: Call) =>
      tokenIn(await operate(commands.createToken(karmadaApi, description), limits.token, call)),
    deleteToken: (karmadaApi: KubeAccess, tokenId: string, call: Call) =>
      done(commands.deleteToken(karmadaApi, tokenId), limits.token, call),
    register: async (options: RegisterOptions, call: Call): Promise<void> => {
      const failure = (ended: Ended): Problem => registerFailed(options.place.name, ended);
      const ended = await operate(commands.register(options), limits.member, call, failure);
      // A failed preflight ends with status 0 (karmada 1.18.2, register.go).
      if ([ended.stdout, ended.stderr].some((text) => text.includes('[ERROR]'))) throw failure(withoutTokens(ended));
    },
    unregister: (karmadaApi: KubeAccess, member: KubeAccess, name: string, call: Call) =>
      done(commands.unregister(karmadaApi, member, name), limits.member, call, (ended) => unjoinFailed(name, ended)),
  };
}

type Operate = (command: Command, limitMs: number, call: Call, failure?: (ended: Ended) => Problem) => Promise<Ended>;

/** The stages of `init` (klog lines) and of `register`; everything else is detail for the log. */
function meaningOf(line: string): string | undefined {
  return (
    /^I\d{4} \S+\s+\d+ [\w.]+:\d+\] (Create (?:etcd|karmada) .*(?:StatefulSets|Deployment))$/.exec(line)?.[1] ??
    /^\[karmada-agent-start\] (.*)$/.exec(line)?.[1]
  );
}

function versionIn(ended: Ended): string {
  const version = /GitVersion:"v?(\d[\w.+-]{0,99})"/.exec(ended.stdout)?.[1];
  if (version !== undefined) return version;
  throw new Problem('tool-output', {
    what: 'kubectl-karmada version printed unexpected output',
    why: lastLines(ended.stdout),
    next: ['install another version of kubectl-karmada: karmada-eks tools install --only kubectl-karmada'],
  });
}

function tokenIn(ended: Ended): BootstrapToken {
  const token = /--token[= ](([a-z0-9]{6})\.[a-z0-9]{16})/.exec(ended.stdout);
  const caHash = /sha256:[0-9a-f]{64}/.exec(ended.stdout)?.[0];
  const [, value, id] = token ?? [];
  if (value !== undefined && id !== undefined && caHash !== undefined) return { token: value, id, caHash };
  throw new Problem('tool-output', {
    what: 'kubectl-karmada token create printed no token or no CA hash',
    next: ['run the same command again'],
  });
}

/** Failures are shown to the user, so bootstrap tokens are removed. `token create` prints one on success. */
function hidden(result: ExecResult): ExecResult {
  return result.kind === 'not-found' || (result.kind === 'exited' && result.code === 0)
    ? result
    : withoutTokens(result);
}

function withoutTokens<T extends { readonly stdout: string; readonly stderr: string }>(printed: T): T {
  const hide = (text: string): string => text.replaceAll(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '<token>');
  return { ...printed, stdout: hide(printed.stdout), stderr: hide(printed.stderr) };
}

function reasonIn({ stdout, stderr }: Ended): string {
  return lastLines(stderr, 2) || lastLines(stdout, 2);
}

function initFailed(ended: Ended): Problem {
  return new Problem('karmada-init-failed', {
    what: `kubectl karmada init failed with exit status ${ended.code}`,
    why: reasonIn(ended),
    next: [
      'run the same command again; a partial installation is removed and installed again',
      'check the log of init and the pods: kubectl -n karmada-system get pods',
    ],
  });
}

function joinFailed(name: string, ended: Ended): Problem {
  return new Problem('join-failed', {
    what: `member ${name} could not be joined`,
    why: reasonIn(ended),
    next: ['run the same command again'],
  });
}

function registerFailed(name: string, ended: Ended): Problem {
  const lines = `${ended.stdout}\n${ended.stderr}`.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => line.includes('[ERROR]'));
  return new Problem('register-failed', {
    what: `member ${name} could not be registered`,
    why: errors.slice(-3).map(truncatedText).join('; ') || reasonIn(ended),
    next: ['run the same command again; a partial registration is removed first'],
  });
}

function unjoinFailed(name: string, ended: Ended): Problem {
  return new Problem('unjoin-failed', {
    what: `member ${name} could not be removed from Karmada`,
    why: reasonIn(ended),
    next: ['check that the member responds, then run the same command again'],
  });
}
