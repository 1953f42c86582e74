/** Asks who may reach the endpoints of new EKS clusters, if the user wants to change it. */
import { askCidrs } from './ask-cidrs.js';
import { type Draft, questionOf, type Topic } from './topic.js';
import { isValid } from './validate.js';

export const endpointsTopic: Topic = {
  label: 'EKS endpoints',
  fills: ['publicAccess', 'privateEndpoints', 'privateAccess'],
  show: ({ publicAccess = [], privateEndpoints, privateAccess = [] }) => {
    if (privateEndpoints === true) return `private, for ${['their VPCs', ...privateAccess].join(', ')}`;
    return publicAccess.length === 0
      ? 'reachable by anyone with credentials'
      : `for ${publicAccess.join(', ')}, the nodes and Karmada`;
  },
  ask: async ({ ask }, draft) => {
    const question = questionOf('Who may reach the endpoints of new EKS clusters', '--public-access-cidr');
    const chosen = await ask.select({
      ...question,
      choices: [
        { name: 'anyone with credentials', value: 'everyone' },
        { name: 'specific CIDRs (must include this machine), plus nodes and Karmada', value: 'cidrs' },
        { name: 'only their networks: private endpoints (this machine must be in one)', value: 'private' },
      ],
    });
    if (chosen === 'private') {
      const typed = await ask.input({
        ...questionOf(
          'CIDRs of a connected network that this machine calls from, if it is not in the VPC',
          '--private-access-cidr',
        ),
        default: draft.privateAccess?.join(', ') ?? '',
        validate: (text) => listOf(text).length === 0 || isValid('privateAccess', listOf(text), 'CIDRs'),
      });
      return { ...draft, publicAccess: [], privateEndpoints: true, privateAccess: listOf(typed) };
    }
    const open: Draft =
      draft.privateEndpoints === undefined ? draft : { ...draft, privateEndpoints: false, privateAccess: [] };
    if (chosen === 'everyone') return { ...open, publicAccess: [] };
    return { ...open, publicAccess: await askCidrs(ask, question, 'publicAccess') };
  },
};

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((each) => each !== '');
}
