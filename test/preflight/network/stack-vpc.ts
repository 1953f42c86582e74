/** The VPC of a fleet in a rehearsed account, made by its stack alone. */
import { expect } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { fleetTag } from '../../../src/fleet/names.js';
import { ownVpcTag, ownVpcWords } from '../../../src/fleet/settings/own-vpc.js';
import type { Account } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import type { StackState } from '../../../src/rehearsal/state.js';
import { vpcTemplate } from '../../../src/steps/vpc/vpc-template.js';

export const region = 'us-west-2';
export const fleet = { name: 'f', id: 'f-1' };

export async function addStackVpc(account: Account): Promise<void> {
  const own = { cidr: '10.64.0.0/16', natPerZone: false };
  const place = { region, account: undefined };
  const name = 'karmada-eks-f-vpc';
  const cloudformation = makeClients(connect(account).world).cloudformation(place);
  const template = vpcTemplate(fleet, own, [`${region}a`, `${region}b`]);
  await cloudformation.createStack({
    name,
    template,
    tags: { [fleetTag]: fleet.id, [ownVpcTag]: ownVpcWords(own) },
    token: 't',
  });
  await account.clock.sleep(600_000, new AbortController().signal);
  expect((await cloudformation.stack(name))?.StackStatus).toBe('CREATE_COMPLETE');
}

export function stackOf(account: Account): StackState {
  const [stack] = account.region(region).stacks;
  return stack ?? expect.unreachable('no stack');
}
