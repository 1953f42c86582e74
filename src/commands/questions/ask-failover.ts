/** Whether workloads leave a member that does not respond: shown with the answers, and asked only if the user wants to change it. */
import { defaults } from '../../fleet/defaults.js';
import { questionOf, type Topic } from './topic.js';

export const failoverTopic: Topic = {
  label: 'failover',
  fills: ['failover'],
  show: ({ failover, failoverAfter = defaults.failoverAfter }) =>
    failover === true ? `after ${failoverAfter}` : failover === false ? 'off' : 'as it is (off in a new fleet)',
  ask: async ({ ask }, draft) => {
    const chosen = await ask.select({
      ...questionOf('What happens to workloads in a member that does not respond', '--failover'),
      choices: [
        { name: 'nothing: they are there again when it is', value: 'stay' },
        { name: `they move to other members after ${defaults.failoverAfter}, without their data`, value: 'move' },
      ],
      default: draft.failover === true ? 'move' : 'stay',
    });
    return { ...draft, failover: chosen === 'move' };
  },
};
