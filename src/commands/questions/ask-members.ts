/** Asks for the members: a number of identical ones, or individual ones. */
import { defaults } from '../../fleet/defaults.js';
import type { MemberMode } from '../../fleet/fleet.js';
import { memberNameOf } from '../../fleet/names.js';
import type { MemberRequest } from '../../fleet/schema.js';
import { askMember, askMode } from './ask-member.js';
import { type Draft, type Inquiry, questionOf, type Topic } from './topic.js';
import { isValid } from './validate.js';

export const membersTopic: Topic = {
  label: 'members',
  fills: ['members'],
  show: ({ members = defaults.members }) =>
    typeof members === 'number'
      ? `${members} identical, ${defaults.mode}`
      : members.map(memberShown).join('; ') || 'none',
  ask: async (inquiry, draft) => {
    const alike = await inquiry.ask.select({
      ...questionOf('Members: the clusters that Karmada schedules to', '--members'),
      choices: [
        { name: 'identical: new clusters in the parent’s VPC', value: true },
        { name: 'individual: each with its own region, VPC and mode, new or existing', value: false },
      ],
    });
    return alike ? await askAlike(inquiry, draft) : await askEach(inquiry, draft);
  },
};

async function askAlike({ ask }: Inquiry, draft: Draft): Promise<Draft> {
  const question = questionOf('Number of members', '--members');
  const preset = typeof draft.members === 'number' ? draft.members : defaults.members;
  const validate = (text: string): true | string => isValid('members', text.trim() === '' ? text : Number(text));
  const count = Number(await ask.input({ ...question, default: String(preset), validate }));
  const mode: MemberMode = count === 0 ? defaults.mode : await askMode(ask, 'Join mode');
  if (mode === defaults.mode) return { ...draft, members: count };
  const name = (index: number): string => memberNameOf(draft.fleet ?? defaults.fleet, index + 1);
  return { ...draft, members: Array.from({ length: count }, (_, index) => ({ name: name(index), mode })) };
}

async function askEach(inquiry: Inquiry, draft: Draft): Promise<Draft> {
  const members: MemberRequest[] = [];
  let usesExisting = false;
  do {
    const { member, exists } = await askMember(inquiry, draft, members);
    members.push(member);
    usesExisting ||= exists;
  } while (
    await inquiry.ask.confirm({
      ...questionOf(`Another member (${members.length} so far)`, '--member'),
      default: false,
    })
  );
  return usesExisting ? { ...draft, members, useExisting: true } : { ...draft, members };
}

function memberShown({ name, region, mode = defaults.mode, cluster }: MemberRequest): string {
  const existing = cluster === undefined || cluster === name ? '' : `, cluster ${cluster}`;
  return `${name} (${region === undefined ? '' : `${region}, `}${mode}${existing})`;
}
