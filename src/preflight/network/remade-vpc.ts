/** Whether what is there of a fleet's own VPC may be deleted and made anew: only what never was complete, and holds nothing. */
import type { Clients } from '../../clients/clients.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { ownVpcStack } from '../../fleet/settings/own-vpc.js';
import type { OwnVpcStack } from '../../ownership/own-vpc.js';
import { vpcState } from '../../ownership/own-vpc.js';
import { heldBy, inspectStack } from '../../ownership/own-vpc-contents.js';
import { type AwsPlace, placeName } from '../../world/place.js';

/**
 * Problem `vpc-unusable` where the VPC must stay: it is in use, or a change goes on or stopped that the fleet did not begin. Undefined: what
 * remains is empty, or not at rest yet.
 */
export async function whyNotRemade(
  clients: Pick<Clients, 'world'>,
  { name }: { readonly name: string },
  place: AwsPlace,
  found: OwnVpcStack,
): Promise<Problem | undefined> {
  const { StackStatus: status = '' } = found.stack;
  const stack = ownVpcStack(name);
  const what = `the VPC of fleet ${name} in ${placeName(place)} cannot be used: stack ${stack} is ${status}`;
  if (vpcState(found) === 'unclear') {
    const why = 'somebody else began to change the stack; karmada-eks changes and deletes nothing of it';
    return new Problem('vpc-unusable', { what, why, next: [wayOn(status, stack, place)] });
  }
  if (status.endsWith('_IN_PROGRESS')) return undefined;
  const { contents } = await inspectStack(clients, found, place, []);
  const held = heldBy({ contents, stack: found.stack });
  if (contents.length === 0 && held === undefined) return undefined;
  return new Problem('vpc-unusable', {
    what,
    why: `it can only be deleted and made anew, but is kept: ${held ?? contents.map((each) => each.what).join(', ')}`,
    next: [
      `delete the fleet: ${fleetCommand('down', { name, parent: place })}`,
      'or delete or detach what is not theirs',
    ],
  });
}

/** What leads out of each status (CloudFormation API Reference, ContinueUpdateRollback, RollbackStack). */
function wayOn(status: string, stack: string, { region }: AwsPlace): string {
  const where = `--stack-name ${stack} --region ${region}`;
  if (status.endsWith('_IN_PROGRESS')) return 'wait until the change is over, then run the same command again';
  if (status === 'UPDATE_ROLLBACK_FAILED') return `finish it: aws cloudformation continue-update-rollback ${where}`;
  if (status === 'UPDATE_FAILED') return `undo the change: aws cloudformation rollback-stack ${where}`;
  return `finish or undo the change of stack ${stack} in CloudFormation, then run the same command again`;
}
