/** AWS clients that wait when they are refused for their rate, and ask again. */
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { mayTryAgain, type Patience } from '../world/back-off.js';
import { isThrottled } from './call.js';
import { aroundSends } from './wrap-calls.js';

/**
 * The same clients with a minute's patience; then the service's own error comes through, of which `answerOf` makes Problem
 * `throttled`. A refused call has done nothing, so changes are asked for again too.
 * @throws Problem `interrupted` when the wait is ended
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
  return signal?.aborted ? new Problem('interrupted', { what: 'stopped while AWS was asked' }) : undefined;
}
