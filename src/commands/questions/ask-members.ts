/** Asks for the members: a number of identical ones, or individual ones. */
import { defaults } from '../../fleet/defaults.js';
import type { MemberMode } from '../../fleet/fleet.js';
import { memberNameOf } from '../../fleet/names.js';
import type { MemberRequest } from '../../fleet/schema.js';
import { takenClusters } from '../../preflight/choices.js';
import { askMember, askMode } from './ask-member.js';
import { type Draft, type Inquiry, questionOf, type Topic } from './topic.js';
import { clusterIsTaken, countOf, isValid } from './validate.js';

export const membersTopic: Topic = {
  label: 'members',
  fills: ['members'],
  show: ({ members = defaults.members }) =>
    typeof members === 'number'
      ? `${members} identical, ${defaults.mode}`
      : members.map(memberShown).join('; ') || 'none',
  ask: async (inquiry, draft) => {
    const alike = await inquiry.ask.select({
      ...questionOf('Members, to which Karmada schedules: identical or individual', '--members'),
      choices: [
        { name: 'identical: new clusters in the parent’s VPC', value: true },
        { name: 'individual: each with its own region, VPC and mode, new or existing', value: false },
      ],
    });
    return alike ? await askAlike(inquiry, draft) : await askEach(inquiry, draft);
  },
};

async function askAlike({ ask, clients, read }: Inquiry, draft: Draft): Promise<Draft> {
  const { fleet = defaults.fleet, region = '' } = draft;
  const taken = await read(`clusters that are not of fleet ${fleet} in ${region}`, () =>
    takenClusters(clients, region, fleet),
  );
  const question = questionOf('Number of members', '--members');
  const preset = typeof draft.members === 'number' ? draft.members : defaults.members;
  const name = (index: number): string => memberNameOf(fleet, index + 1);
  const validate = (text: string): true | string => {
    const form = isValid('members', countOf(text));
    if (form !== true || draft.useExisting === true) return form;
    const foreign = Array.from({ length: Number(text) }, (_, index) => name(index)).find((each) => taken.has(each));
    return foreign === undefined ? true : clusterIsTaken(foreign, region);
  };
  const count = Number(await ask.input({ ...question, default: String(preset), validate }));
  const mode: MemberMode = count === 0 ? defaults.mode : await askMode(ask, 'Join mode');
  if (mode === defaults.mode) return { ...draft, members: count };
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
