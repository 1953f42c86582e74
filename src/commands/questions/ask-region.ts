/** Asks for a region: from a list, or typed. */
import { listRegions } from '../../fleet/regions.js';
import { regionsWithoutVpc } from '../../preflight/choices.js';
import type { Question } from '../../ui/ui.js';
import { type Inquiry, questionOf, type Topic } from './topic.js';
import { isValid } from './validate.js';

/**
 * The region chosen; `preset` is pointed at first, and is in the list whether it is one of the usual or not. Regions without a
 * VPC are marked: nothing can be created there.
 */
export async function askRegion(inquiry: Inquiry, question: Question, preset: string | undefined): Promise<string> {
  const { clients, leftRegions } = inquiry;
  const usual = listRegions.map(({ region, place }) => ({ name: `${region} (${place})`, value: region }));
  const isUsual = preset === undefined || usual.some(({ value }) => value === preset);
  const regions = isUsual ? usual : [{ name: preset, value: preset }, ...usual];
  const names = regions.map(({ value }) => value);
  const empty = await inquiry.read('regions without a VPC', () => regionsWithoutVpc(clients, names));
  const choices = [
    ...regions.map((each) => (empty.has(each.value) ? { ...each, disabled: 'no VPC' } : each)),
    { name: 'other…', value: '' },
  ];
  const isPreset = preset !== undefined && !empty.has(preset) && !leftRegions.has(preset);
  const chosen = await inquiry.ask.select({ ...question, choices, ...(isPreset ? { default: preset } : {}) });
  if (chosen !== '') return chosen;
  const validate = (text: string): true | string => isValid('region', text.trim());
  return (await inquiry.ask.input({ ...question, message: 'Name of the region', validate })).trim();
}

export const regionTopic: Topic = {
  label: 'region',
  fills: ['region'],
  show: ({ region }) => region ?? '',
  ask: async (inquiry, draft) => {
    const question = questionOf('Region of the parent', '--region');
    const region = await askRegion(inquiry, question, draft.region ?? inquiry.suggested.region);
    if (region === draft.region) return draft;
    // A VPC belongs to one region: an earlier choice means nothing in another.
    const { vpc: _, ...rest } = draft;
    return { ...rest, region };
  },
};
