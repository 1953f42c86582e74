/** Asks for a VPC from a list that shows what each one offers and what is wrong with it. */

import { natGatewayPrice } from '../../aws/prices.js';
import { instanceTypesOf } from '../../fleet/resolve.js';
import { defaultVpcCidr } from '../../fleet/settings/own-vpc.js';
import { listVpcs, type VpcChoice } from '../../preflight/choices.js';
import type { Choice, Question } from '../../ui/ui.js';
import { regionTopic } from './ask-region.js';
import { type Draft, type Inquiry, questionOf, type Topic } from './topic.js';

/** The answer for a VPC that the fleet makes for itself. */
const newVpc = 'new';

/** Where to search for a VPC, and its purpose. */
interface VpcSpec {
  readonly region: string;
  readonly instanceTypes: readonly string[];
  readonly needsPublicSubnet: boolean;
  /** Id or Name tag of the one to point at first. */
  readonly preset: string | undefined;
  /** Whether the fleet may make one instead. */
  readonly mayMake?: boolean;
}

/** The id of the VPC chosen, or `newVpc`; undefined to choose another region instead. */
export async function askVpc(inquiry: Inquiry, question: Question, spec: VpcSpec): Promise<string | undefined> {
  const { region, instanceTypes, needsPublicSubnet, preset, mayMake = false } = spec;
  inquiry.note(`inspecting the VPCs in ${region}`);
  const search = { region, instanceTypes, needsPublicSubnet };
  const offers = await inquiry.read(`VPCs ${JSON.stringify(search)}`, () => listVpcs(inquiry.clients, search));
  if (offers.length === 0) inquiry.note(`no VPC in ${region}`);
  for (const { id, name } of offers) inquiry.vpcNames.set(id, name);
  const first = offers.find(({ id, name, problems }) => problems.length === 0 && [id, name].includes(preset ?? ''));
  const chosen = await inquiry.ask.select<string>({
    ...question,
    choices: [
      ...offers.map(choiceOf),
      ...(mayMake ? [{ name: newVpcChoice(region), short: 'a new one', value: newVpc }] : []),
      { name: 'choose another region', value: '' },
    ],
    ...(first === undefined ? {} : { default: first.id }),
  });
  if (chosen !== '') return chosen;
  inquiry.leftRegions.add(region);
  return undefined;
}

function newVpcChoice(region: string): string {
  const price = natGatewayPrice(region);
  const cost = price === undefined ? '' : ` at ${price.usd} USD per hour plus traffic`;
  return `create one: ${defaultVpcCidr}, subnets in three zones, a NAT gateway${cost}`;
}

function choiceOf({ id, name, cidr, holds, problems, warnings }: VpcChoice): Choice<string> {
  const shown = `${name || 'no name'} (${id}, ${cidr})`;
  if (problems.length > 0) return { name: shown, value: id, disabled: `cannot be used: ${problems.join('; ')}` };
  const description = warnings.map((each) => `warning: ${each}`).join('\n');
  return { name: `${shown}: ${holds}`, short: shown, value: id, ...(description === '' ? {} : { description }) };
}

export const vpcTopic: Topic = {
  label: 'VPC',
  fills: ['vpc', 'createVpc'],
  show: ({ vpc = '', createVpc }, { vpcNames }) =>
    createVpc === undefined ? vpcShown(vpc, vpcNames) : `a new one, ${createVpc}`,
  ask: async (inquiry, draft) => {
    let current: Draft = draft;
    for (;;) {
      const { region = '', vpc, createVpc, natGatewayPerZone, ...rest } = current;
      const preset = vpc ?? inquiry.suggested.vpc;
      const instanceTypes = instanceTypesOf(current);
      const needsPublicSubnet = current.internal !== true;
      const spec: VpcSpec = { region, instanceTypes, needsPublicSubnet, preset, mayMake: true };
      const chosen = await askVpc(inquiry, questionOf('VPC of the parent', '--vpc'), spec);
      const perZone = natGatewayPerZone === undefined ? {} : { natGatewayPerZone };
      if (chosen === newVpc) return { ...rest, region, createVpc: createVpc ?? defaultVpcCidr, ...perZone };
      if (chosen !== undefined) return { ...rest, region, vpc: chosen };
      current = await regionTopic.ask(inquiry, current);
    }
  },
};

/** `main (vpc-0abc)`; what was given by name stays a name. */
function vpcShown(vpc: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(vpc);
  return name ? `${name} (${vpc})` : vpc;
}
