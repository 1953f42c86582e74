/** AWS clients that wait when they are refused for their rate, and ask again. */
import { Problem } from '../errors/problem.js';
import type { AwsClients } from '../world/aws.js';
import { mayTryAgain, type Patience } from '../world/back-off.js';
import { isThrottled } from './call.js';

interface Sender {
  readonly send: (...args: never) => unknown;
}

/**
 * The same clients with a minute's patience; then the service's own error comes through, of which `answerOf` makes Problem
 * `throttled`. A refused call has done nothing, so changes are asked for again too.
 * @throws Problem `interrupted` when the wait is ended
 */
export function backingOff(aws: AwsClients, patience: Patience): AwsClients {
  const patient =
    <C extends Sender>(clientOf: (region: string) => C) =>
    (region: string): C => {
      const client = clientOf(region);
      const send = (...args: never): Promise<unknown> => untilNotThrottled(patience, () => client.send(...args));
      // `send` is overloaded once a command; TypeScript cannot say "the same overloads, patiently".
      return { send } as unknown as C;
    };
  return {
    ec2: patient(aws.ec2),
    eks: patient(aws.eks),
    sts: patient(aws.sts),
    cloudformation: patient(aws.cloudformation),
    elbv2: patient(aws.elbv2),
    iam: patient(aws.iam),
    logs: patient(aws.logs),
    servicequotas: patient(aws.servicequotas),
    credentialsExpireAt: aws.credentialsExpireAt,
    eksToken: aws.eksToken,
  };
}

async function untilNotThrottled(patience: Patience, send: () => unknown): Promise<unknown> {
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
