/** Asks who may reach the public endpoints of new EKS clusters, if the user wants to change it. */
import { askCidrs } from './ask-cidrs.js';
import { questionOf, type Topic } from './topic.js';

export const endpointsTopic: Topic = {
  label: 'EKS endpoints',
  fills: ['publicAccess'],
  show: ({ publicAccess = [] }) =>
    publicAccess.length === 0
      ? 'reachable by anyone with credentials'
      : `for ${publicAccess.join(', ')}, the nodes and Karmada`,
  ask: async ({ ask }, draft) => {
    const question = questionOf('Who may reach the endpoints of new EKS clusters', '--public-access-cidr');
    const chosen = await ask.select({
      ...question,
      choices: [
        { name: 'anyone with credentials', value: 'everyone' },
        { name: 'specific CIDRs (must include this machine), plus nodes and Karmada', value: 'cidrs' },
      ],
    });
    if (chosen === 'everyone') return { ...draft, publicAccess: [] };
    return { ...draft, publicAccess: await askCidrs(ask, question, 'publicAccess') };
  },
};
