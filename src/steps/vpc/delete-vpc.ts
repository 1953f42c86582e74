/** Deletes the VPC that the fleet made for itself, unless something of somebody else is in it. */
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { clustersOf } from '../../fleet/fleet.js';
import { ownVpcName, ownVpcStack } from '../../fleet/settings/own-vpc.js';
import { clusterKey } from '../../model/facts.js';
import { heldBy, inspectOwnVpc, type OwnVpcFound } from '../../ownership/own-vpc-contents.js';
import { type AwsPlace, isSamePlace } from '../../world/place.js';
import { type FleetContext, minutes, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';
import { deleteVpcStack } from './stack-at-rest.js';

/** A NAT gateway takes a minute or two, all else seconds (estimates). */
const expectedMs = minutes(3);

export function deleteVpc(context: FleetContext): Step {
  const { fleet } = context;
  const { region } = fleet.parent;
  const name = ownVpcName(fleet.name);
  return {
    id: 'undo/create-vpc',
    title: `delete VPC ${name}`,
    scope: 'fleet',
    expectedMs,
    preview: () => ({
      changes: [`VPC ${name} in ${region} with its subnets and NAT gateways, unless something else is in it`],
      commands: [],
    }),
    check: async () => {
      const found = await inspected(context);
      if (found === undefined || heldBy(found) !== undefined) return { state: 'ready' };
      // What clusters left behind is listed with the leftovers, and with it the VPC: without consent neither is deleted.
      return (await hasClusters(context)) || isFree(found) ? { state: 'absent' } : { state: 'ready' };
    },
    destroys: async () => {
      const found = await inspected(context);
      if (found === undefined || heldBy(found) !== undefined) return [];
      const holds = ['subnets, NAT gateways and routes of its stack'];
      const { evidence } = found.verdict;
      return [{ how: 'delete', kind: 'VPC', name: `${name} in ${region}`, holds, evidence, flag: '--confirm' }];
    },
    apply: (call) => remove(context, call),
  };
}

/** Why the VPC of the fleet stays, for people; undefined: it does not, or there is none. */
export async function keptVpc(context: FleetContext): Promise<string | undefined> {
  if (context.fleet.ownVpc === undefined) return undefined;
  const found = await inspected(context);
  const held = found && heldBy(found);
  return held === undefined ? undefined : `VPC ${ownVpcName(context.fleet.name)} (${found?.vpcId}) stays: ${held}`;
}

async function inspected(
  context: FleetContext,
  place: AwsPlace = context.fleet.parent,
): Promise<OwnVpcFound | undefined> {
  return await inspectOwnVpc(context.clients, context.fleet, place, madeIn(context, place));
}

/** Names of the clusters that the fleet made there. */
function madeIn({ fleet, ownership }: FleetContext, place: AwsPlace): readonly string[] {
  const made = clustersOf(fleet).filter((each) => ownership.get(clusterKey(each)) !== 'existing');
  return made.filter((each) => isSamePlace(each, place)).map(({ cluster }) => cluster);
}

async function hasClusters(context: FleetContext): Promise<boolean> {
  const { parent } = context.fleet;
  const eks = context.clients.eks(parent);
  const found = await Promise.all(madeIn(context, parent).map((cluster) => eks.cluster(cluster)));
  return found.some((cluster) => cluster !== undefined);
}

function isFree({ contents }: OwnVpcFound): boolean {
  return contents.every(({ whose }) => whose === 'going');
}

async function remove(context: FleetContext, call: CallContext): Promise<void> {
  const stays = await deleteEmptyVpc(context, call, context.fleet.parent);
  if (stays !== undefined) call.say(stays, 'lasting');
}

/**
 * Deletes the VPC once nothing is in it but what its stack made. Answers why it stays, for people.
 * @throws Problem `vpc-delete-failed`
 */
export async function deleteEmptyVpc(
  context: FleetContext,
  call: CallContext,
  { region, account }: AwsPlace,
): Promise<string | undefined> {
  const place = { region, account };
  const found = await settled(context, call, place);
  if (found === undefined) return undefined;
  const held = heldBy(found);
  const left = found.contents.map(({ what }) => what).join(', ');
  if (held !== undefined || left !== '') return `VPC ${found.vpcId} stays: ${held ?? left}`;
  await deleteVpcStack(context, call, { ...place, name: ownVpcStack(context.fleet.name) });
  return undefined;
}

/** What deleted clusters and load balancers had in the VPC is gone within minutes; what stays longer is left. */
async function settled(context: FleetContext, call: CallContext, place: AwsPlace): Promise<OwnVpcFound | undefined> {
  let last: OwnVpcFound | undefined;
  const isOver = (found: OwnVpcFound | undefined): boolean =>
    found === undefined || found.contents.length === 0 || heldBy(found) !== undefined;
  const timedOut = new Problem('aws-failed', { what: 'the VPC was not empty in time' });
  await waitUntil(context, call, { everyMs: seconds(10), limitMs: minutes(5), onTimeout: () => timedOut }, async () => {
    last = await inspected(context, place);
    return isOver(last);
  }).catch((thrown: unknown) => {
    if (thrown !== timedOut) throw thrown;
  });
  return last;
}
