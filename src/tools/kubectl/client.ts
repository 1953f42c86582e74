/** kubectl as the product uses it: typed reads, writes from data, errors that name the cluster. */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Command, Exec } from '../../world/exec.js';
import { type Call, type Ended, lastLines, run, toolFailed, truncatedText, versionPattern } from '../run.js';
import { kubectlCommands as commands, type KubeAccess, type KubeRef, type PodContainer } from './commands.js';
import { withForwardedPort } from './port-forward.js';

/** kubectl's own request limit is 30 s; a command may make several requests. */
const limitMs = 120_000;
/** What is run in a pod answers at once, or its node does not. */
const execLimitMs = 20_000;

const versionSchema = z.looseObject({ clientVersion: z.looseObject({ gitVersion: z.string().regex(versionPattern) }) });
const listSchema = z.looseObject({ items: z.array(z.unknown()) });

/** What a read answers where the API does not list the type. */
const notServed = Symbol('not served');

export type Kubectl = ReturnType<typeof makeKubectl>;

/** Each operation rejects with Problem `cluster-unreachable`, `tool-failed` or `tool-output`. */
export function makeKubectl(exec: Exec) {
  const operate: Operate = async (command, call, access, withinMs = limitMs) => {
    const ended = await run(exec, command, withinMs, call);
    if (ended.code !== 0) throw failed(command, ended, access);
    return ended;
  };
  const read = async (command: Command, access: KubeAccess, call: Call): Promise<unknown> => {
    const { stdout } = await operate(command, call, access);
    return stdout.trim() === '' ? undefined : parsed(stdout, access);
  };
  const readIfServed = async (command: Command, access: KubeAccess, call: Call): Promise<unknown> => {
    const ended = await run(exec, command, limitMs, call);
    if (ended.code !== 0 && typeIsUnknown(ended)) return notServed;
    if (ended.code !== 0) throw failed(command, ended, access);
    return ended.stdout.trim() === '' ? undefined : parsed(ended.stdout, access);
  };
  return {
    version: async (call: Call): Promise<string> => {
      const ended = await operate(commands.version(), call);
      return understood(versionSchema, parsed(ended.stdout), 'kubectl version').clientVersion.gitVersion;
    },
    /** Undefined if it or its namespace does not exist; `tool-failed` if the API does not list its type. */
    get: async <T>(access: KubeAccess, ref: KubeRef & { name: string }, as: z.ZodType<T>, call: Call) => {
      const found = await read(commands.get(access, ref), access, call);
      return found === undefined ? undefined : understood(as, found, `${ref.kind}/${ref.name}`);
    },
    /** Like `get`, but `not-served` if the API does not list the type: for callers that can find out why. */
    getIfServed: async <T>(access: KubeAccess, ref: KubeRef & { name: string }, as: z.ZodType<T>, call: Call) => {
      const found = await readIfServed(commands.get(access, ref), access, call);
      if (found === notServed) return 'not-served';
      return found === undefined ? undefined : understood(as, found, `${ref.kind}/${ref.name}`);
    },
    /** `tool-failed` if the API does not list their type, which does not prove that there are none. */
    list: async <T>(access: KubeAccess, ref: KubeRef, as: z.ZodType<T>, call: Call): Promise<readonly T[]> => {
      const found = await read(commands.get(access, ref), access, call);
      return found === undefined ? [] : items(found, ref, as);
    },
    /** Like `list`, but undefined if the API does not list the type: for callers that can find out why. */
    listIfServed: async <T>(access: KubeAccess, ref: KubeRef, as: z.ZodType<T>, call: Call) => {
      const found = await readIfServed(commands.get(access, ref), access, call);
      if (found === notServed) return undefined;
      return found === undefined ? [] : items(found, ref, as);
    },
    /** e.g. `deployments.apps`; `tool-failed` if an API group does not list its types. */
    listableTypes: async (access: KubeAccess, scope: 'namespaced' | 'all', call: Call): Promise<readonly string[]> => {
      const { stdout } = await operate(commands.listableTypes(access, scope), call, access);
      return stdout.split('\n').filter((line) => line !== '');
    },
    /** What a program prints in a container; `tool-failed` if it or the container does not run. */
    exec: async (access: KubeAccess, at: PodContainer, argv: readonly string[], call: Call): Promise<string> =>
      (await operate(commands.exec(access, at, argv), call, access, execLimitMs)).stdout,
    /** The last lines of a container and of the one before it; empty if there is neither. */
    logs: async (access: KubeAccess, at: PodContainer, call: Call): Promise<string> => {
      const both = [true, false].map((previous) => run(exec, commands.logs(access, at, previous), limitMs, call));
      return (await Promise.all(both)).map(({ code, stdout }) => (code === 0 ? stdout : '')).join('\n');
    },
    ...many(exec, read),
    ...ports(exec),
    ...changes(exec, operate),
    /** One context of the user's own kubeconfig, or undefined if it has no context with this name. */
    viewContext: async <T>(context: string, as: z.ZodType<T>, call: Call): Promise<T | undefined> => {
      const ended = await run(exec, commands.viewContext(context), limitMs, call);
      if (ended.code !== 0 && ended.stderr.includes('cannot locate context')) return undefined;
      if (ended.code !== 0) throw unreadable(ended);
      return understood(as, parsed(ended.stdout), `context ${context}`);
    },
    ...probes(exec),
  };
}

/** Whether the API answers: no failure of these is a Problem. */
function probes(exec: Exec) {
  return {
    isReady: async (access: KubeAccess, call: Call): Promise<boolean> => {
      const ended = await run(exec, commands.raw(access, '/readyz'), limitMs, call);
      return ended.code === 0 && ended.stdout.trim() === 'ok';
    },
    /** Whether the API answers, and does not know who asks. */
    isUnauthorized: async (access: KubeAccess, call: Call): Promise<boolean> => {
      const ended = await run(exec, commands.raw(access, '/readyz'), limitMs, call);
      return ended.code !== 0 && /Unauthorized|You must be logged in/.test(ended.stderr);
    },
  };
}

function many(exec: Exec, read: (command: Command, access: KubeAccess, call: Call) => Promise<unknown>) {
  return {
    /** What the API would make of each object in place of the one that is there; without those that it refuses. Changes nothing. */
    dryReplace: async <T>(access: KubeAccess, objects: readonly object[], as: z.ZodType<T>, call: Call) => {
      const { stdout } = await run(exec, commands.dryReplace(access, objects), limitMs, call);
      // Only a document begins in the first column.
      const documents = stdout.split(/\n(?=\{)/).filter((text) => text.trim() !== '');
      return documents.map((text) => understood(as, parsed(text, access), 'objects'));
    },
    /** Those that exist; `tool-failed` if the API does not serve one of their types. */
    getAll: async <T>(access: KubeAccess, objects: readonly object[], as: z.ZodType<T>, call: Call) => {
      const found = await read(commands.getAll(access, objects), access, call);
      const { items: all } = listSchema.safeParse(found).data ?? { items: found === undefined ? [] : [found] };
      return all.map((each) => understood(as, each, 'objects'));
    },
  };
}

function ports(exec: Exec) {
  return {
    /** Gives `use` the local port at which the pod's is reached. */
    withPort: async <T>(
      access: KubeAccess,
      { pod, namespace, port }: { readonly pod: string; readonly namespace: string; readonly port: number },
      call: Call,
      use: (local: number) => Promise<T>,
    ): Promise<T> => {
      const command = commands.portForward(access, pod, namespace, port);
      return await withForwardedPort(exec, command, call, (ended) => failed(command, ended, access), use);
    },
  };
}

/** Runs a command that must succeed. */
type Operate = (command: Command, call: Call, access?: KubeAccess, withinMs?: number) => Promise<Ended>;

function changes(exec: Exec, operate: Operate) {
  const done = async (command: Command, access: KubeAccess, call: Call): Promise<void> => {
    await operate(command, call, access);
  };
  /** Undefined if the API refuses it for one of these reasons, joined by `|`. */
  const unless = async (reason: string, command: Command, access: KubeAccess, call: Call) => {
    const ended = await run(exec, command, limitMs, call);
    if (ended.code === 0) return ended;
    if (new RegExp(`^Error from server \\((${reason})\\): `, 'm').test(ended.stderr)) return undefined;
    throw failed(command, ended, access);
  };
  return {
    apply: (access: KubeAccess, objects: readonly object[], call: Call) =>
      done(commands.apply(access, objects), access, call),
    create: (access: KubeAccess, object: object, call: Call) => done(commands.create(access, object), access, call),
    /** The object as created, or undefined if one with its name already exists. */
    createNew: async <T>(access: KubeAccess, object: object, as: z.ZodType<T>, call: Call): Promise<T | undefined> => {
      const ended = await unless('AlreadyExists', commands.createNew(access, object), access, call);
      return ended && understood(as, parsed(ended.stdout, access), 'what it created');
    },
    /** The resulting object, or undefined if the one identified by `uid` and `resourceVersion` was changed or deleted. */
    replace: async <T>(access: KubeAccess, object: object, as: z.ZodType<T>, call: Call): Promise<T | undefined> => {
      const ended = await unless('Conflict', commands.replace(access, object), access, call);
      return ended && understood(as, parsed(ended.stdout, access), 'what it replaced');
    },
    /** False if the object at this API path has another version or does not exist. */
    removeVersion: async (access: KubeAccess, path: string, resourceVersion: string, call: Call): Promise<boolean> => {
      const command = commands.removeVersion(access, path, resourceVersion);
      return (await unless('Conflict|NotFound', command, access, call)) !== undefined;
    },
    mergePatch: (access: KubeAccess, ref: KubeRef, patch: object, call: Call) =>
      done(commands.mergePatch(access, ref, patch), access, call),
    /** For Kubernetes' own types only: merges lists by their keys, e.g. containers by name. */
    strategicPatch: (access: KubeAccess, ref: KubeRef, patch: object, call: Call) =>
      done(commands.strategicPatch(access, ref, patch), access, call),
    /** Each object needs `apiVersion`, `kind` and `metadata` with its name. */
    mergePatchAll: (access: KubeAccess, objects: readonly object[], patch: object, call: Call) =>
      done(commands.mergePatchAll(access, objects, patch), access, call),
    /** Lets the signer sign a CertificateSigningRequest; the certificate comes later. */
    approve: (access: KubeAccess, name: string, call: Call) => done(commands.approve(access, name), access, call),
    /** Starts the deletion without waiting for its completion. */
    remove: (access: KubeAccess, ref: KubeRef, call: Call) => done(commands.remove(access, ref), access, call),
  };
}

function items<T>(found: unknown, { kind }: KubeRef, as: z.ZodType<T>): readonly T[] {
  return understood(listSchema, found, kind).items.map((item) => understood(as, item, kind));
}

/** Also printed if the type is served by another API server that does not respond: discovery omits its types. */
function typeIsUnknown(ended: Ended): boolean {
  return ended.stderr.includes("the server doesn't have a resource type");
}

function failed(command: Command, ended: Ended, access: KubeAccess | undefined): Problem {
  const unreachable =
    /The connection to the server|Unable to connect to the server|Unauthorized|You must be logged in|getting credentials/;
  if (access === undefined || !unreachable.test(ended.stderr)) return toolFailed(command, ended);
  return new Problem('cluster-unreachable', {
    what: `the Kubernetes API of ${access.context} does not respond`,
    why: lastLines(ended.stderr, 2),
    next: [
      'check that the AWS credentials are valid and that this machine can reach the API',
      'run the same command again',
    ],
  });
}

function unreadable(ended: Ended): Problem {
  return new Problem('kubeconfig-malformed', {
    what: 'kubectl cannot read your kubeconfig',
    why: lastLines(ended.stderr, 2),
    next: ['fix the file, then run the same command again'],
  });
}

function parsed(text: string, access?: KubeAccess): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const where = access === undefined ? '' : ` for ${access.context}`;
    throw new Problem('tool-output', {
      what: `kubectl printed something that is not JSON${where}`,
      // Nothing more is shown: the output may contain a Secret.
      why: text.trim().length > 30 ? `${text.trim().slice(0, 30)}…` : text.trim(),
      next: ['run the same command again'],
      cause,
    });
  }
}

function understood<T>(as: z.ZodType<T>, value: unknown, what: string): T {
  const result = as.safeParse(value);
  if (result.success) return result.data;
  throw new Problem('tool-output', {
    what: `kubectl printed ${what} in an unexpected form`,
    why: z.prettifyError(result.error).split('\n').slice(0, 6).map(truncatedText).join('\n'),
    next: ['run the same command again'],
  });
}
