/** Asks for a VPC from a list that shows what each one offers and what is wrong with it. */

import { instanceTypesOf } from '../../fleet/resolve.js';
import { listVpcs, type VpcChoice } from '../../preflight/choices.js';
import type { Choice, Question } from '../../ui/ui.js';
import { regionTopic } from './ask-region.js';
import { type Draft, type Inquiry, questionOf, type Topic } from './topic.js';

/** Where to search for a VPC, and its purpose. */
interface VpcSpec {
  readonly region: string;
  readonly instanceTypes: readonly string[];
  readonly needsPublicSubnet: boolean;
  /** Id or Name tag of the one to point at first. */
  readonly preset: string | undefined;
}

/** The id of the VPC chosen; undefined to choose another region instead. */
export async function askVpc(inquiry: Inquiry, question: Question, spec: VpcSpec): Promise<string | undefined> {
  const { region, instanceTypes, needsPublicSubnet, preset } = spec;
  inquiry.note(`inspecting the VPCs in ${region}`);
  const search = { region, instanceTypes, needsPublicSubnet };
  const offers = await inquiry.read(`VPCs ${JSON.stringify(search)}`, () => listVpcs(inquiry.clients, search));
  if (offers.length === 0) inquiry.note(`no VPC in ${region}`);
  for (const { id, name } of offers) inquiry.vpcNames.set(id, name);
  const first = offers.find(({ id, name, problems }) => problems.length === 0 && [id, name].includes(preset ?? ''));
  const chosen = await inquiry.ask.select<string>({
    ...question,
    choices: [...offers.map(choiceOf), { name: 'choose another region', value: '' }],
    ...(first === undefined ? {} : { default: first.id }),
  });
  if (chosen !== '') return chosen;
  inquiry.leftRegions.add(region);
  return undefined;
}

function choiceOf({ id, name, cidr, holds, problems, warnings }: VpcChoice): Choice<string> {
  const shown = `${name || 'no name'} (${id}, ${cidr})`;
  if (problems.length > 0) return { name: shown, value: id, disabled: `cannot be used: ${problems.join('; ')}` };
  const description = warnings.map((each) => `warning: ${each}`).join('\n');
  return { name: `${shown}: ${holds}`, short: shown, value: id, ...(description === '' ? {} : { description }) };
}

export const vpcTopic: Topic = {
  label: 'VPC',
  fills: ['vpc'],
  show: ({ vpc = '' }, { vpcNames }) => vpcShown(vpc, vpcNames),
  ask: async (inquiry, draft) => {
    let current: Draft = draft;
    for (;;) {
      const { region = '', vpc } = current;
      const preset = vpc ?? inquiry.suggested.vpc;
      const instanceTypes = instanceTypesOf(current);
      const spec: VpcSpec = { region, instanceTypes, needsPublicSubnet: current.internal !== true, preset };
      const chosen = await askVpc(inquiry, questionOf('VPC of the parent', '--vpc'), spec);
      if (chosen !== undefined) return { ...current, vpc: chosen };
      current = await regionTopic.ask(inquiry, current);
    }
  },
};

/** `main (vpc-0abc)`; what was given by name stays a name. */
function vpcShown(vpc: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(vpc);
  return name ? `${name} (${vpc})` : vpc;
}
