/** Waits for the stack of a fleet's own VPC to come to rest, and deletes it. */
import type { Stack } from '../../aws/cloudformation.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** A stack by its name. */
export interface StackPlace extends AwsPlace {
  readonly name: string;
}

/**
 * The stack once it is in none of these states; undefined: there is none.
 * @throws Problem `aws-failed` after 30 minutes
 */
export async function stackAtRest(
  context: Pick<FleetContext, 'clients'>,
  call: CallContext,
  { name, ...place }: StackPlace,
  isBusy: (status: string) => boolean = (status) => status.endsWith('_IN_PROGRESS'),
): Promise<Stack | undefined> {
  const cloudformation = context.clients.cloudformation(place);
  let last = '';
  const { stack } = await waitUntil(
    context,
    call,
    {
      everyMs: seconds(10),
      limitMs: minutes(30),
      onTimeout: () =>
        new Problem('aws-failed', {
          what: `stack ${name} in ${placeName(place)} is still ${last} after 30 minutes`,
          next: ['check the stack in CloudFormation', 'run the same command again'],
        }),
    },
    async () => {
      const found = await cloudformation.stack(name);
      const status = found?.StackStatus ?? '';
      if (!isBusy(status)) return { stack: found };
      if (status !== last) call.say(`stack ${name} is ${status}: waiting for it`);
      last = status;
      return undefined;
    },
  );
  return stack;
}

/** @throws Problem `vpc-delete-failed` with the reasons that CloudFormation gives */
export async function deleteVpcStack(
  context: Pick<FleetContext, 'clients'>,
  call: CallContext,
  place: StackPlace,
): Promise<void> {
  const { name } = place;
  const cloudformation = context.clients.cloudformation(place);
  await cloudformation.deleteUnprotected(name);
  if ((await stackAtRest(context, call, place)) === undefined) return;
  throw new Problem('vpc-delete-failed', {
    what: `the VPC of the fleet in ${placeName(place)} could not be deleted: stack ${name}`,
    why: (await cloudformation.failures(name)).slice(0, 3).join('; '),
    next: ['delete or detach what is still in the VPC', 'run the same command again; it retries the stack'],
  });
}
