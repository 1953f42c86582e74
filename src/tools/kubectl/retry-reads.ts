/** Reads by kubectl that wait and retry when they are throttled. */
import { mayTryAgain } from '../../world/back-off.js';
import type { Clock } from '../../world/clock.js';
import type { Command, Exec, ExecResult } from '../../world/exec.js';

/**
 * The same exec, retrying `kubectl get` for up to a minute. Commands that change something are not retried, because
 * part of the change may be done: the user runs the step again. kubectl itself retries ten times if the API says how
 * long to wait (client-go), and eksctl thirteen times over nearly three minutes (observed).
 */
export function retryReads(exec: Exec, clock: Clock): Exec {
  return async (request) => {
    const { signal } = request;
    for (let refused = 0; ; refused += 1) {
      const result = await exec(request);
      if (!isReadOnly(request) || !isThrottled(result)) return result;
      if (await mayTryAgain({ clock, signal }, refused)) continue;
      return signal?.aborted ? { kind: 'cancelled', stdout: result.stdout, stderr: result.stderr } : result;
    }
  };
}

function isReadOnly({ tool, args }: Command): boolean {
  return tool === 'kubectl' && ['get', 'api-resources'].includes(args.find((arg) => !arg.startsWith('-')) ?? '');
}

/**
 * The words of the Kubernetes API (`Error from server (TooManyRequests)`) and of AWS behind `aws eks get-token`
 * (`Throttling`, `ThrottlingException`). client-go reports its own limit in lower case ("client-side throttling").
 */
function isThrottled(result: ExecResult): result is Extract<ExecResult, { kind: 'exited' }> {
  if (result.kind !== 'exited' || result.code === 0) return false;
  return /TooManyRequests|too many requests|Throttling|Rate exceeded/.test(result.stderr);
}
