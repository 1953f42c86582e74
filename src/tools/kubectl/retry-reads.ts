/** Reads by kubectl that wait when they are refused for their rate, and ask again. */
import { mayTryAgain } from '../../world/back-off.js';
import type { Clock } from '../../world/clock.js';
import type { Command, Exec, ExecResult } from '../../world/exec.js';

/**
 * The same exec with a minute's patience for `kubectl get`. What changes something is left alone, for part of it may be
 * done: its step is run again by the user. kubectl itself tries ten times more where the API says how long to wait
 * (client-go), and eksctl thirteen times for nearly three minutes (observed).
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
 * (`Throttling`, `ThrottlingException`). client-go tells of a bound of its own in small letters ("client-side throttling").
 */
function isThrottled(result: ExecResult): result is Extract<ExecResult, { kind: 'exited' }> {
  if (result.kind !== 'exited' || result.code === 0) return false;
  return /TooManyRequests|too many requests|Throttling|Rate exceeded/.test(result.stderr);
}
