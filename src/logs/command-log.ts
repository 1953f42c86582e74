/** Logs commands: one file for each that changes something or fails, with its argv, its output and its outcome. */

import type { Clock } from '../world/clock.js';
import type { Command, Exec, ExecResult } from '../world/exec.js';
import { withoutConfigSecrets } from './config-secrets.js';
import type { WriteQueue } from './write-queue.js';

/** An exec that logs into the folder that `folder` answers; it does not log while that is undefined. */
export function loggedExec(exec: Exec, clock: Clock, queue: WriteQueue, folder: () => string | undefined): Exec {
  let count = 0;
  return async (request) => {
    const into = folder();
    if (into === undefined) return await exec(request);
    if (isQuiet(request)) return await logWhenFailed(request);
    count += 1;
    const path = `${into}/${fileName(clock.now(), count, request)}`;
    queue.line(path, `$ ${shownCommand(request)}`);
    const onLine: typeof request.onLine = (line) => {
      // The object as it is now is printed where that was asked for.
      if (line.stream === 'stderr' || !holdsSecrets(request.stdin)) queue.line(path, line.text);
      request.onLine?.(line);
    };
    const result = await exec({ ...request, onLine });
    queue.line(path, `→ ${ending(result)}`);
    return result;

    async function logWhenFailed(read: typeof request): Promise<ExecResult> {
      const answer = await exec(read);
      if (answer.kind === 'exited' && answer.code === 0) return answer;
      const stderr = 'stderr' in answer ? answer.stderr : '';
      queue.line(`${into}/failed-reads.log`, `$ ${shownCommand(read)}\n${stderr.trim()}\n→ ${ending(answer)}`);
      return answer;
    }
  };
}

/** Reads are many and may print Secrets: their output is not kept. What is replaced is the lease, once a minute. */
function isQuiet({ tool, args }: Command): boolean {
  if (args.includes('version') || args.includes('--version')) return true;
  // It prints the whole ClusterConfig, with what the user's patch has.
  if (args.includes('--dry-run')) return true;
  return tool === 'kubectl' && ['get', 'view', 'replace'].some((verb) => args.includes(verb));
}

function shownCommand({ tool, args, stdin, as }: Command): string {
  const input = holdsSecrets(stdin) ? '<not kept: it may hold secrets>' : stdin && withoutConfigSecrets(stdin);
  const whose = as === undefined ? '' : ` # as role ${as.account.role}`;
  return [tool, ...args].join(' ') + whose + (input === undefined ? '' : ` <<'EOF'\n${input}\nEOF`);
}

/** Objects with secrets are not left to what redaction knows of their form. */
function holdsSecrets(stdin = ''): boolean {
  return /"kind":\s*"(?:Secret|TokenReview)"/.test(stdin);
}

function ending(result: ExecResult): string {
  return result.kind === 'exited' ? `status ${result.code}` : result.kind;
}

function fileName(now: number, count: number, { tool, args }: Command): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '');
  const words = args.filter((arg) => !arg.startsWith('-')).slice(0, 2);
  return `${[time, String(count).padStart(4, '0'), tool, ...words].join('-').replace(/[^\w-]/g, '_')}.log`;
}
