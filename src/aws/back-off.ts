/** AWS clients that wait and retry when they are throttled. */
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { mayTryAgain, type Patience } from '../world/back-off.js';
import { isThrottled } from './call.js';
import { aroundSends } from './wrap-calls.js';

/**
 * The same clients, retrying for up to a minute; after that the service's own error is passed on, which `answerOf`
 * turns into Problem `throttled`. A throttled call has done nothing, so changes are retried too.
 * @throws Problem `interrupted` when the wait is aborted
 */
export function backingOff(aws: AwsClients, patience: Patience): AwsClients {
  return aroundSends(aws, (_, send) => untilNotThrottled(patience, send));
}

async function untilNotThrottled(patience: Patience, send: () => Promise<unknown>): Promise<unknown> {
  for (let refused = 0; ; refused += 1) {
    try {
      return await send();
    } catch (thrown) {
      if (!isThrottled(thrown) || !(await mayTryAgain(patience, refused))) throw stopped(patience) ?? thrown;
    }
  }
}

function stopped({ signal }: Patience): Problem | undefined {
  return signal?.aborted ? new Problem('interrupted', { what: 'stopped while calling AWS' }) : undefined;
}
