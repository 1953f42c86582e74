/** Asks for the fleet's name, the number of nodes per cluster, and their instance type. */

import { defaults } from '../../fleet/defaults.js';
import { nameTag, parentNameOf } from '../../fleet/names.js';
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
  show: ({ instanceType = '', region = '' }) => `${instanceType}, ${hourlyPrice(region, instanceType)}`,
  ask: async ({ ask }, draft) => {
    const { region = '', instanceType: preset = defaults.instanceType } = draft;
    const types = listInstanceTypes.includes(preset) ? listInstanceTypes : [preset, ...listInstanceTypes];
    const question = questionOf('Instance type of the nodes', '--instance-type');
    const choices = [
      ...types.map((type) => ({ name: `${type}, ${hourlyPrice(region, type)}`, value: type })),
      { name: 'other…', value: '' },
    ];
    const chosen = await ask.select({ ...question, choices, default: preset });
    if (chosen !== '') return { ...draft, instanceType: chosen };
    const validate = (text: string): true | string => isValid('instanceType', text.trim());
    const typed = await ask.input({ ...question, message: 'Name of the instance type', validate });
    return { ...draft, instanceType: typed.trim() };
  },
};
