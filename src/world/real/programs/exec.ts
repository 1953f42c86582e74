/** Runs real programs: found on PATH, without a shell, in their own process group, terminated as a group. */
import { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileFailed } from '../../../errors/file-failed.js';
import { Problem } from '../../../errors/problem.js';
import type { Environment } from '../../environment.js';
import type { Exec, ExecRequest, ExecResult, ToolName } from '../../exec.js';
import type { RolePlace } from '../../place.js';
import { refuseOthers } from '../disk/others-may-change.js';
import { exitOf } from '../exit.js';
import { findProgram, searchPath } from './find-program.js';
import { endOnDemand } from './process-group.js';

/** How long a group may take to end after SIGTERM before it is killed, in ms: eksctl cleans up its stdin and waits. */
const defaultGraceMs = 10_000;

/** The variables by which a program calls AWS as a role, in place of the user's own that have to do with credentials. */
export type RoleVariables = (place: RolePlace, vars: Environment['vars']) => Promise<Environment['vars']>;

/** The user's own variables, with what programs need of the credentials of this process; rejects where there are none. */
type OwnVariables = () => Promise<Environment['vars']>;

interface Choices {
  /** Time between SIGTERM and SIGKILL, in ms. */
  readonly graceMs?: number;
  /** Without it no program runs as a role. */
  readonly asRole?: RoleVariables;
  readonly own?: OwnVariables;
}

/**
 * The real `exec`. Programs get the environment's variables (in PATH only the folders that we search ourselves) and
 * working directory, and nothing of them is logged.
 */
export function realExec(environment: Environment, { graceMs = defaultGraceMs, asRole, own }: Choices = {}): Exec {
  return async (request) => {
    const program = await findProgram(request.tool, environment);
    if (program === undefined) return { kind: 'not-found' };
    for (const each of [request.tool, ...started[request.tool]]) await refuseOpen(each, environment);
    if (request.signal?.aborted) return { kind: 'cancelled', stdout: '', stderr: '' };
    const { as } = request;
    if (as === undefined) {
      const vars = asksNobody(request) ? environment.vars : await own?.().catch(() => undefined);
      return await run(program, request, { ...environment, vars: vars ?? environment.vars }, graceMs);
    }
    if (asRole === undefined)
      throw new Problem('internal', { what: `${request.tool} cannot be run as role ${as.account.role}` });
    const vars = await asRole(as, environment.vars);
    return await run(program, request, { ...environment, vars }, graceMs);
  };
}

/** Nobody is to be asked for a code only to learn which version there is. */
function asksNobody({ args }: ExecRequest): boolean {
  return args[0] === 'version' || args[0] === '--version';
}

/** Programs that each program runs itself: kubectl and tools built on its libraries get their tokens from aws. */
const started: Readonly<Record<ToolName, readonly ToolName[]>> = {
  aws: [],
  kubectl: ['aws'],
  'kubectl-karmada': ['aws'],
  eksctl: ['kubectl', 'aws'],
};

async function refuseOpen(tool: ToolName, environment: Environment): Promise<void> {
  const path = await findProgram(tool, environment);
  if (path !== undefined) await refuseOthers({ path, why: `${tool} is run from it`, sticky: true });
}

async function run(
  program: string,
  request: ExecRequest,
  environment: Environment,
  graceMs: number,
): Promise<ExecResult> {
  const { execa } = await import('execa');
  const input = request.stdinFile === undefined ? request.stdin : await opened(request.stdinFile);
  const child = execa(program, request.args, {
    cwd: environment.workingDir,
    // eksctl and kubectl search it for kubectl, aws and plugins: they must not run what we would not run.
    env: { ...environment.vars, PATH: await searchPath(environment) },
    extendEnv: false,
    // A terminal's Ctrl-C reaches the whole foreground group; here the run decides what to terminate, and when.
    detached: true,
    reject: false,
    stripFinalNewline: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    stdout: lineTap('stdout', request),
    stderr: lineTap('stderr', request),
  });
  const ending = endOnDemand(child, { timeoutMs: request.timeoutMs, signal: request.signal, graceMs });
  const result = await child;
  const endedBy = ending.settle();
  if (input instanceof ReadStream && input.errored) throw fileFailed('read', `${request.stdinFile}`, input.errored);
  const { stdout, stderr } = result;
  if (endedBy !== undefined) return { kind: endedBy, stdout, stderr };
  if (result.code === 'ENOENT') return { kind: 'not-found' };
  return { kind: 'exited', stdout, ...exitOf(result) };
}

/** A file that cannot be opened is found here: execa's own error for it is that of a missing program. */
async function opened(path: string): Promise<ReadStream> {
  try {
    return (await open(path)).createReadStream();
  } catch (thrown) {
    throw fileFailed('read', path, thrown);
  }
}

/** Reports each line as it arrives and passes it on unchanged. */
function lineTap(stream: 'stdout' | 'stderr', { onLine }: ExecRequest) {
  return {
    preserveNewlines: true,
    *transform(line: unknown) {
      if (typeof line === 'string') onLine?.({ stream, text: line.replace(/\r?\n$/, '') });
      yield line;
    },
  };
}
