/** Asks who may reach the Karmada API. */
import { everyone } from '../../model/api-access.js';
import { askCidrs } from './ask-cidrs.js';
import { questionOf, type Topic } from './topic.js';

export const accessTopic: Topic = {
  label: 'Karmada API',
  fills: ['allow', 'internal'],
  show: ({ allow = [], internal }) => {
    if (internal) return `internal, for ${allow.join(', ') || 'its VPC'} and pull members`;
    if (allow.includes(everyone)) return 'open to the whole internet';
    return allow.length === 0 ? 'for this machine and pull members' : `for ${allow.join(', ')} and pull members`;
  },
  ask: async ({ ask, note }, draft) => {
    const question = questionOf('Who may reach the Karmada API', '--allow');
    const chosen = await ask.select({
      ...question,
      choices: [
        { name: 'this machine’s public address, plus the NAT addresses of pull members', value: 'own' },
        { name: 'specific CIDRs, plus the NAT addresses of pull members', value: 'cidrs' },
        { name: 'anyone (protected by client certificates only)', value: 'everyone' },
        { name: 'internal only: its VPC and those of pull members, no public address', value: 'internal' },
      ],
    });
    if (chosen === 'internal') {
      note('warning: this machine must be in that VPC or reach it by peering or VPN');
      return { ...draft, allow: [], internal: true };
    }
    const internal = false;
    if (chosen === 'own') return { ...draft, allow: [], internal };
    if (chosen === 'everyone') {
      note('warning: the Karmada API will be open to the whole internet, protected by client certificates only');
      return { ...draft, allow: [everyone], internal };
    }
    return { ...draft, allow: await askCidrs(ask, question, 'allow'), internal };
  },
};
