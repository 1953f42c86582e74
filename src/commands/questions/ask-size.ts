/** Asks for the fleet's name, the number of nodes per cluster, and their instance type. */

import { defaults } from '../../fleet/defaults.js';
import { nameTag, parentNameOf } from '../../fleet/names.js';
import { instanceTypesOf } from '../../fleet/resolve.js';
import { commaParts } from '../../options/comma-lists.js';
import { regionClusters } from '../../ownership/region-clusters.js';
import { hourlyPrice, listInstanceTypes } from '../../preflight/choices.js';
import { ownRegion } from '../../world/place.js';
import { questionOf, type Topic } from './topic.js';
import { clusterIsTaken, countOf, isValid } from './validate.js';

export const fleetTopic: Topic = {
  label: 'fleet',
  fills: ['fleet'],
  show: ({ fleet }) => fleet ?? '',
  ask: async ({ ask, clients, read }, draft) => {
    const { region = '', useExisting } = draft;
    const clusters = await read(`clusters with their fleets in ${region}`, () =>
      regionClusters(clients, ownRegion(region)),
    );
    const validate = (text: string): true | string => {
      const fleet = text.trim();
      const form = isValid('fleet', fleet);
      const parent = clusters.find(({ name }) => name === parentNameOf(fleet));
      if (form !== true || parent === undefined || useExisting === true) return form;
      return parent.tags?.[nameTag] === fleet ? true : clusterIsTaken(parentNameOf(fleet), region);
    };
    const question = { ...questionOf('Name of the fleet', '--fleet'), default: draft.fleet ?? defaults.fleet };
    return { ...draft, fleet: (await ask.input({ ...question, validate })).trim() };
  },
};

export const nodesTopic: Topic = {
  label: 'nodes',
  fills: ['nodes'],
  show: ({ nodes }) => `${nodes} per cluster`,
  ask: async ({ ask }, draft) => {
    const validate = (text: string): true | string => isValid('nodes', countOf(text));
    const question = {
      ...questionOf('Nodes per cluster', '--nodes'),
      default: String(draft.nodes ?? defaults.nodes),
    };
    return { ...draft, nodes: Number(await ask.input({ ...question, validate })) };
  },
};

export const instanceTypeTopic: Topic = {
  label: 'instance type',
  fills: ['instanceType'],
  show: (draft) => {
    const types = instanceTypesOf(draft);
    const { region = '' } = draft;
    return types.length === 1 ? priced(region, types[0] ?? '') : types.join(' or ');
  },
  ask: async ({ ask }, draft) => {
    const { region = '' } = draft;
    const preset = instanceTypesOf(draft).join(',');
    const types = listInstanceTypes.includes(preset) ? listInstanceTypes : [preset, ...listInstanceTypes];
    const question = questionOf('Instance type of the nodes', '--instance-type');
    const choices = [
      ...types.map((type) => ({ name: priced(region, type), value: type })),
      { name: 'other…', value: '' },
    ];
    const chosen = await ask.select({ ...question, choices, default: preset });
    if (chosen !== '') return { ...draft, instanceType: typesIn(chosen) };
    const validate = (text: string): true | string => isValid('instanceType', typesIn(text));
    const message = 'Name of the instance type, or several, the preferred one first';
    return { ...draft, instanceType: typesIn(await ask.input({ ...question, message, validate })) };
  },
};

/** One as it is written in files and records; several as a list. */
function typesIn(text: string): string | string[] {
  const [first = '', ...others] = commaParts(text);
  return others.length === 0 ? first : [first, ...others];
}

function priced(region: string, type: string): string {
  return type.includes(',') ? type : `${type}, ${hourlyPrice(region, type)}`;
}
