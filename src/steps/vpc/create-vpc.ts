/** Makes the fleet's own VPC, as one stack of CloudFormation, or goes on where an earlier run stopped. */
import type { Stack } from '../../aws/cloudformation.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetTag, nameTag } from '../../fleet/names.js';
import { type OwnVpc, ownVpcName, ownVpcStack, ownVpcTag, ownVpcWords } from '../../fleet/settings/own-vpc.js';
import { clusterKey, networkOf } from '../../model/facts.js';
import { findOwnVpc, foreignVpcStack, vpcState } from '../../ownership/own-vpc.js';
import { whyNotRemade } from '../../preflight/network/remade-vpc.js';
import { type CreateContext, minutes } from '../context.js';
import { deleteVpcStack, type StackPlace, stackAtRest } from './stack-at-rest.js';
import { vpcTemplate } from './vpc-template.js';

/** A NAT gateway takes about two minutes, all else seconds (estimates). */
const expectedMs = minutes(4);

export function createVpc(context: CreateContext, own: OwnVpc): Step {
  const { fleet } = context;
  const { region } = fleet.parent;
  const name = ownVpcName(fleet.name);
  return {
    id: 'create-vpc',
    title: `create VPC ${name} in ${region}`,
    scope: 'fleet',
    expectedMs,
    preview: () => ({ changes: changesOf(context, own), commands: [] }),
    check: async () => {
      const found = await ourStack(context);
      if (found === undefined) {
        const problem = parentElsewhere(context);
        return problem === undefined ? { state: 'absent' } : { state: 'blocked', problem };
      }
      if (vpcState(found) !== 'complete') {
        const problem = await whyNotRemade(context.clients, fleet, fleet.parent, found);
        if (problem !== undefined) return { state: 'blocked', problem };
        return { state: 'partial', missing: remade(context, own, found.stack.StackStatus ?? '') };
      }
      await settled(context);
      return { state: 'ready' };
    },
    apply: (call) => make(context, own, call),
  };
}

function changesOf(context: CreateContext, own: OwnVpc): readonly string[] {
  const { fleet } = context;
  const zones = zonesOf(context);
  const gateways = own.natPerZone ? 'a NAT gateway in each' : 'one NAT gateway';
  return [
    `VPC ${ownVpcName(fleet.name)}, ${own.cidr}, by CloudFormation stack ${ownVpcStack(fleet.name)}`,
    `public and private subnets in ${zones.join(', ')}, ${gateways}`,
  ];
}

function remade(context: CreateContext, own: OwnVpc, status: string): readonly string[] {
  const stack = `stack ${ownVpcStack(context.fleet.name)} is ${status}`;
  if (status === 'CREATE_IN_PROGRESS') return [stack];
  const goes = status === 'DELETE_IN_PROGRESS' ? 'is being deleted' : 'is deleted first';
  return [`${stack}: what remains of it ${goes}`, ...changesOf(context, own)];
}

/** The zones of a VPC that is there are those of its subnets. */
function zonesOf({ facts, fleet }: CreateContext): readonly string[] {
  const network = networkOf(facts, fleet.parent);
  return network.planned ?? network.private.map(({ zone }) => zone);
}

/** @throws Problem `vpc-unusable` where a stack of this name is somebody else's */
async function ourStack({ clients, fleet }: CreateContext): ReturnType<typeof findOwnVpc> {
  const found = await findOwnVpc(clients, fleet, fleet.parent);
  if (found === undefined || found.verdict.whose === 'ours') return found;
  throw foreignVpcStack(fleet.name, fleet.parent, found);
}

/** A cluster keeps its VPC: one that is made beside it would cost, and be of no use. */
function parentElsewhere({ fleet, ownership }: CreateContext): Problem | undefined {
  const { name, parent } = fleet;
  if ((ownership.get(clusterKey(parent)) ?? 'absent') === 'absent') return undefined;
  return new Problem('vpc-not-found', {
    what: `fleet ${name} is configured for a VPC of its own, but its parent ${parent.cluster} exists in another one`,
    why: `CloudFormation has no stack ${ownVpcStack(name)} in ${parent.region}, and a cluster cannot move`,
    next: ['use the VPC of the parent: --vpc instead of --create-vpc', 'or choose another name for the fleet: --fleet'],
  });
}

async function settled(context: CreateContext): Promise<void> {
  if (networkOf(context.facts, context.fleet.parent).planned !== undefined) await context.settle();
}

/**
 * What an earlier run began is waited for; what failed is deleted first, for CloudFormation goes on with no such stack.
 * @throws Problem `vpc-unusable` where that is in use
 */
async function make(context: CreateContext, own: OwnVpc, call: CallContext): Promise<void> {
  const { clients, fleet } = context;
  const place = { region: fleet.parent.region, account: undefined, name: ownVpcStack(fleet.name) };
  await stackAtRest(context, call, place);
  const before = await ourStack(context);
  if (before === undefined || vpcState(before) !== 'complete') {
    if (before !== undefined) {
      const kept = await whyNotRemade(clients, fleet, place, before);
      if (kept !== undefined) throw kept;
      call.say(`stack ${place.name} is ${before.stack.StackStatus}: deleting what remains`, 'lasting');
      await deleteVpcStack(context, call, place);
    }
    await clients.cloudformation(place).createStack({
      name: place.name,
      template: vpcTemplate(fleet, own, zonesOf(context)),
      tags: { ...fleet.tags, [fleetTag]: fleet.id, [nameTag]: fleet.name, [ownVpcTag]: ownVpcWords(own) },
      token: clients.world.newId(),
    });
    const made = await stackAtRest(context, call, place, (status) => status === 'CREATE_IN_PROGRESS');
    if (made?.StackStatus !== 'CREATE_COMPLETE') throw await notMade(context, place, made);
  }
  await settled(context);
}

async function notMade(
  { clients, fleet }: CreateContext,
  place: StackPlace,
  stack: Stack | undefined,
): Promise<Problem> {
  const reasons = stack === undefined ? [] : await clients.cloudformation(place).failures(place.name);
  return new Problem('vpc-create-failed', {
    what: `VPC ${ownVpcName(fleet.name)} could not be created in ${place.region}`,
    why: reasons.slice(0, 3).join('; ') || `stack ${place.name} is ${stack?.StackStatus ?? 'gone'}`,
    next: [
      'fix the reported cause (a quota, a permission)',
      'run the same command again; what was made is deleted first',
    ],
  });
}
