/** Runs real programs: found on PATH, without a shell, in a process group of their own, ended as a group. */
import { delimiter } from 'node:path';
import { type Environment, programFolder } from '../environment.js';
import type { Exec, ExecRequest, ExecResult } from '../exec.js';
import { exitOf } from './exit.js';
import { findProgram } from './find-program.js';
import { endOnDemand } from './process-group.js';

/** How long a group may take to end after SIGTERM before it is killed, in ms: eksctl tidies up its stdin and waits. */
const defaultGraceMs = 10_000;

/**
 * The real `exec`. Programs get the environment's variables (PATH with the installed programs at its end) and working
 * directory, and nothing of them is logged.
 * @param graceMs time between SIGTERM and SIGKILL
 */
export function realExec(environment: Environment, graceMs: number = defaultGraceMs): Exec {
  return async (request) => {
    const program = await findProgram(request.tool, environment);
    if (program === undefined) return { kind: 'not-found' };
    if (request.signal?.aborted) return { kind: 'cancelled', stdout: '', stderr: '' };
    return await run(program, request, environment, graceMs);
  };
}

async function run(
  program: string,
  request: ExecRequest,
  environment: Environment,
  graceMs: number,
): Promise<ExecResult> {
  const { execa } = await import('execa');
  const child = execa(program, request.args, {
    cwd: environment.workingDir,
    env: { ...environment.vars, PATH: pathOf(environment) },
    extendEnv: false,
    // A terminal's Ctrl-C goes to the whole foreground group; here the run decides what it ends, and when.
    detached: true,
    reject: false,
    stripFinalNewline: false,
    ...(request.stdin === undefined ? { stdin: 'ignore' as const } : { input: request.stdin }),
    stdout: lineTap('stdout', request),
    stderr: lineTap('stderr', request),
  });
  const ending = endOnDemand(child, { timeoutMs: request.timeoutMs, signal: request.signal, graceMs });
  const result = await child;
  const endedBy = ending.settle();
  const { stdout, stderr } = result;
  if (endedBy !== undefined) return { kind: endedBy, stdout, stderr };
  if (result.code === 'ENOENT') return { kind: 'not-found' };
  return { kind: 'exited', stdout, ...exitOf(result) };
}

/** eksctl and kubectl look for kubectl, aws and plugins on PATH: they find what was installed too, after all else. */
function pathOf(environment: Environment): string {
  return [environment.vars['PATH'], programFolder(environment)].filter(Boolean).join(delimiter);
}

/** Shows each line as it comes and passes it on as it is. */
function lineTap(stream: 'stdout' | 'stderr', { onLine }: ExecRequest) {
  return {
    preserveNewlines: true,
    *transform(line: unknown) {
      if (typeof line === 'string') onLine?.({ stream, text: line.replace(/\r?\n$/, '') });
      yield line;
    },
  };
}
