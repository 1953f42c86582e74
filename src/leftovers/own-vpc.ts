/** The VPC that a fleet made for itself, as a leftover. */

import { ownVpcOf } from '../ownership/own-vpc.js';
import { heldBy, inspectStack } from '../ownership/own-vpc-contents.js';
import { natUsd } from './cost.js';
import type { FoundThing } from './leftover.js';
import type { LeftoverScope } from './scope.js';

/** The VPC as a leftover: what is others' in it keeps it, and nothing of the fleet's must be in it when it is deleted. */
export async function findOwnVpcLeft(scope: LeftoverScope): Promise<readonly FoundThing[]> {
  const { clients, fleet, region, stackList, lives } = scope;
  const clusters = [...new Set(lives.map(({ cluster }) => cluster))];
  const stacks = stackList.map((stack) => ownVpcOf(fleet, stack)).filter(({ verdict }) => verdict.whose === 'ours');
  return await Promise.all(
    stacks.map(async (stack): Promise<FoundThing> => {
      const found = await inspectStack(clients, stack, scope, clusters);
      const held = heldBy(found);
      const { StackName: id = '', StackStatus = '' } = stack.stack;
      return {
        kind: 'VPC',
        id,
        name: found.vpcId ?? id,
        region,
        detail: held === undefined ? `stack ${id}, ${StackStatus}` : `stack ${id}, kept: ${held}`,
        usdPerHour: natUsd(region, found.natGateways),
        whose: held === undefined ? 'ours' : 'held',
        evidence: stack.verdict.evidence,
      };
    }),
  );
}
