/** The stack of the VPC that a fleet made for itself: whether it is there, and surely the fleet's. */
import type { Stack } from '../aws/cloudformation.js';
import { tagsIn } from '../aws/tags.js';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { ownVpcDescription, ownVpcStack } from '../fleet/settings/own-vpc.js';
import type { AwsPlace } from '../world/place.js';
import { judge, type Verdict } from './ownership.js';

export interface OwnVpcStack {
  readonly stack: Stack;
  readonly verdict: Verdict;
  /** Known once the stack is complete. */
  readonly vpcId: string | undefined;
}

/**
 * `complete`: the VPC is there, as it was made or last changed; `half-made`: it never was, or its deletion began; `unclear`: it is there, and
 * a change of it goes on or stopped half-way, which the fleet did not begin (CloudFormation User Guide, stack status codes).
 */
export type VpcState = 'complete' | 'half-made' | 'unclear';

const completeIn: readonly (string | undefined)[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
];

export function vpcState({ stack: { StackStatus }, vpcId }: OwnVpcStack): VpcState {
  if (vpcId !== undefined && completeIn.includes(StackStatus)) return 'complete';
  const began = /^(ROLLBACK_(COMPLETE|FAILED|IN_PROGRESS)|(CREATE|DELETE)_(FAILED|IN_PROGRESS))$/;
  return began.test(StackStatus ?? '') ? 'half-made' : 'unclear';
}

/** The stack with the name of the fleet's, whoever made it; undefined: there is none. */
export async function findOwnVpc(
  { cloudformation }: Pick<Clients, 'cloudformation'>,
  fleet: Pick<Fleet, 'name' | 'id'>,
  place: AwsPlace,
): Promise<OwnVpcStack | undefined> {
  const stack = await cloudformation(place).stack(ownVpcStack(fleet.name));
  return stack && ownVpcOf(fleet, stack);
}

/** The mark is the fleet's tag; the proof is its template, which only karmada-eks writes and which names the fleet. */
export function ownVpcOf({ id }: Pick<Fleet, 'id'>, stack: Stack): OwnVpcStack {
  const isTemplate = stack.Description === ownVpcDescription(id);
  const verdict = judge(id, [], {
    tag: tagsIn(stack.Tags)[fleetTag],
    clusters: [],
    marked: false,
    createdAt: stack.CreationTime,
    existed: false,
    clusterIsOthers: false,
    ...(isTemplate ? { proof: 'its template' } : {}),
  });
  return { stack, verdict, vpcId: stack.Outputs?.find(({ OutputKey }) => OutputKey === vpcOutput)?.OutputValue };
}

/** Of a stack that has the name of the fleet's, and is not surely the fleet's. */
export function foreignVpcStack(fleet: string, { region }: AwsPlace, { stack, verdict }: OwnVpcStack): Problem {
  return new Problem('vpc-unusable', {
    what: `CloudFormation stack ${ownVpcStack(fleet)} exists in ${region} and does not belong to fleet ${fleet}`,
    why: `${verdict.evidence}; its tags: ${Object.keys(tagsIn(stack.Tags)).join(', ') || 'none'}`,
    next: ['choose another name for the fleet: --fleet', 'or use a VPC that exists: --vpc'],
  });
}

/** The output of the template that has the id of the VPC. */
export const vpcOutput = 'VpcId';
