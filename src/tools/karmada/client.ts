/** kubectl-karmada as the product uses it. Its exit status proves nothing: callers check the result themselves. */
import { Problem } from '../../errors/problem.js';
import type { Command, Exec, ExecResult } from '../../world/exec.js';
import type { KubeAccess } from '../kubectl/commands.js';
import { type Call, type Ended, lastLines, run, toolFailed, truncatedText } from '../run.js';
import { type InitOptions, karmadaCommands, type MemberPlace, type RegisterOptions } from './commands.js';

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

/** The operations; each rejects with a Problem when the program ends with an error. */
export interface KubectlKarmada {
  readonly version: (call: Call) => Promise<string>;
  readonly init: (options: InitOptions, call: Call) => Promise<void>;
  readonly deinit: (parent: KubeAccess, call: Call) => Promise<void>;
  readonly join: (karmadaApi: KubeAccess, member: KubeAccess, place: MemberPlace, call: Call) => Promise<void>;
  readonly unjoin: (karmadaApi: KubeAccess, member: KubeAccess, name: string, call: Call) => Promise<void>;
  /** Without contacting the member; what Karmada put into it stays there. */
  readonly unjoinByForce: (karmadaApi: KubeAccess, name: string, call: Call) => Promise<void>;
  readonly createToken: (karmadaApi: KubeAccess, description: string, call: Call) => Promise<BootstrapToken>;
  readonly deleteToken: (karmadaApi: KubeAccess, tokenId: string, call: Call) => Promise<void>;
  readonly register: (options: RegisterOptions, call: Call) => Promise<void>;
  readonly unregister: (karmadaApi: KubeAccess, member: KubeAccess, name: string, call: Call) => Promise<void>;
}

export function makeKubectlKarmada(plainExec: Exec): KubectlKarmada {
  const exec: Exec = async (request) => hidden(await plainExec(request));
  const operate = async (
    command: Command,
    limitMs: number,
    call: Call,
    failure: (ended: Ended) => Problem = (ended) => toolFailed(command, ended),
  ): Promise<Ended> => {
    const ended = await run(exec, command, limitMs, call, (line) => {
      const meaning = meaningOf(line.text);
      if (meaning !== undefined) call.say?.(meaning);
    });
    if (ended.code !== 0) throw failure(ended);
    return ended;
  };
  const commands = karmadaCommands;
  return {
    version: async (call) => versionIn(await operate(commands.version(), limits.version, call)),
    init: async (options, call) => {
      await operate(commands.init(options), limits.init, call, initFailed);
    },
    deinit: async (parent, call) => {
      await operate(commands.deinit(parent), limits.deinit, call);
    },
    join: async (karmadaApi, member, place, call) => {
      const command = commands.join(karmadaApi, member, place);
      await operate(command, limits.member, call, (ended) => joinFailed(place.name, ended));
    },
    unjoin: async (karmadaApi, member, name, call) => {
      const command = commands.unjoin(karmadaApi, member, name);
      await operate(command, limits.member, call, (ended) => unjoinFailed(name, ended));
    },
    unjoinByForce: async (karmadaApi, name, call) => {
      const command = commands.unjoinByForce(karmadaApi, name);
      await operate(command, limits.member, call, (ended) => unjoinFailed(name, ended));
    },
    createToken: async (karmadaApi, description, call) =>
      tokenIn(await operate(commands.createToken(karmadaApi, description), limits.token, call)),
    deleteToken: async (karmadaApi, tokenId, call) => {
      await operate(commands.deleteToken(karmadaApi, tokenId), limits.token, call);
    },
    register: async (options, call) => {
      const command = commands.register(options);
      const ended = await operate(command, limits.member, call, (bad) => registerFailed(options.place.name, bad));
      // A failed preflight ends with status 0 (karmada 1.18.2, register.go).
      if (ended.stdout.includes('[ERROR]') || ended.stderr.includes('[ERROR]')) {
        throw registerFailed(options.place.name, withoutTokens(ended));
      }
    },
    unregister: async (karmadaApi, member, name, call) => {
      const command = commands.unregister(karmadaApi, member, name);
      await operate(command, limits.member, call, (ended) => unjoinFailed(name, ended));
    },
  };
}

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

function initFailed(ended: Ended): Problem {
  return new Problem('karmada-init-failed', {
    what: `kubectl karmada init failed with exit status ${ended.code}`,
    why: lastLines(ended.stderr, 2) || lastLines(ended.stdout, 2),
    next: [
      'run the same command again; a partial installation is removed and installed again',
      'check the log of init and the pods: kubectl -n karmada-system get pods',
    ],
  });
}

function joinFailed(name: string, ended: Ended): Problem {
  return new Problem('join-failed', {
    what: `member ${name} could not be joined`,
    why: lastLines(ended.stderr, 2) || lastLines(ended.stdout, 2),
    next: ['run the same command again'],
  });
}

function registerFailed(name: string, ended: Ended): Problem {
  const errors = `${ended.stdout}\n${ended.stderr}`.split('\n').filter((line) => line.includes('[ERROR]'));
  return new Problem('register-failed', {
    what: `member ${name} could not be registered`,
    why:
      errors
        .slice(-3)
        .map((line) => truncatedText(line.trim()))
        .join('; ') ||
      lastLines(ended.stderr, 2) ||
      lastLines(ended.stdout, 2),
    next: ['run the same command again; a partial registration is removed first'],
  });
}

function unjoinFailed(name: string, ended: Ended): Problem {
  return new Problem('unjoin-failed', {
    what: `member ${name} could not be removed from Karmada`,
    why: lastLines(ended.stderr, 2) || lastLines(ended.stdout, 2),
    next: ['check that the member responds, then run the same command again'],
  });
}
