/** The questions of a guided `up`: open values are asked in order, then all answers are shown and can be changed. */
import { Problem } from '../../errors/problem.js';
import { resolveFleet } from '../../fleet/resolve.js';
import type { FleetRequest } from '../../fleet/schema.js';
import { accessTopic } from '../questions/ask-access.js';
import { advancedTopic, wantsAdvanced } from '../questions/ask-advanced.js';
import { endpointsTopic } from '../questions/ask-endpoints.js';
import { failoverTopic } from '../questions/ask-failover.js';
import { membersTopic } from '../questions/ask-members.js';
import { regionTopic } from '../questions/ask-region.js';
import { fleetTopic, instanceTypeTopic, nodesTopic } from '../questions/ask-size.js';
import { vpcTopic } from '../questions/ask-vpc.js';
import { retraceable } from '../questions/retraceable.js';
import { type Draft, type Inquiry, questionOf, type Topic } from '../questions/topic.js';

/** In the order in which they are asked. */
const topics: readonly Topic[] = [
  regionTopic,
  vpcTopic,
  fleetTopic,
  nodesTopic,
  instanceTypeTopic,
  membersTopic,
  accessTopic,
];

/** The summary also includes those that are asked only on request. */
const shown: readonly Topic[] = [...topics, endpointsTopic, failoverTopic, advancedTopic];

export interface Start {
  readonly inquiry: Inquiry;
  /** Values from flags, environment and file: not asked, but they can be changed. */
  readonly given: FleetRequest;
  /** What the fleet with this name and region was created with, if this machine knows it. */
  readonly recorded: (draft: Draft) => Promise<FleetRequest | undefined>;
}

/**
 * Asks for what is open in the draft, then until the summary is agreed to; answers the whole request.
 * @throws Problem `declined` when the user leaves at the summary, `interrupted` on Ctrl-C.
 */
export async function answered(start: Start, draft: Draft): Promise<Draft> {
  return await retraceable(start.inquiry, (inquiry) => conversation({ ...start, inquiry }, draft));
}

/** The labels of what a guided run asks for, in order. */
export function asksFor(draft: Draft): readonly string[] {
  return topics.filter((topic) => isOpen(topic, draft)).map(({ label }) => label);
}

async function conversation(start: Start, draft: Draft): Promise<Draft> {
  let current = await withOpen(start, draft);
  // Who comes back from a plan has been asked, and finds them in the summary.
  if (asksFor(draft).length > 0 && (await wantsAdvanced(start.inquiry)))
    current = await advancedTopic.ask(start.inquiry, current);
  for (;;) {
    const choice = await summary(start.inquiry, current);
    if (choice === 'leave') throw new Problem('declined', { what: 'nothing was changed' });
    if (choice !== 'go') current = await withOpen(start, await asked(start, choice, current));
    else if (fitsTogether(start.inquiry, current)) return current;
  }
}

async function withOpen(start: Start, draft: Draft): Promise<Draft> {
  let current = draft;
  for (const topic of topics) {
    if (isOpen(topic, current)) current = await asked(start, topic, current);
  }
  return current;
}

function isOpen({ fills }: Topic, draft: Draft): boolean {
  return fills.every((part) => draft[part] === undefined);
}

/** The answer; when it names a fleet that is known here, that fleet's own answers take the place of the others. */
async function asked({ inquiry, given, recorded }: Start, topic: Topic, draft: Draft): Promise<Draft> {
  const next = await topic.ask(inquiry, draft);
  if (next.fleet === undefined || (next.fleet === draft.fleet && next.region === draft.region)) return next;
  const known = await inquiry.read(`fleet ${next.fleet} in ${next.region}`, () => recorded(next));
  if (known === undefined) return next;
  inquiry.note(`fleet ${next.fleet} in ${next.region} is known here; the answers are preset to its current values`);
  return { ...known, ...given, fleet: next.fleet, region: next.region };
}

async function summary(inquiry: Inquiry, draft: Draft): Promise<Topic | 'go' | 'leave'> {
  return await inquiry.ask.select<Topic | 'go' | 'leave'>({
    ...questionOf('Are these answers right', '--yes'),
    choices: [
      { name: 'yes: show the plan', value: 'go' },
      ...shown.map((topic) => ({
        name: `change ${topic.label}: ${topic.show(draft, inquiry)}`,
        short: `change ${topic.label}`,
        value: topic,
      })),
      { name: 'cancel', value: 'leave' },
    ],
  });
}

function fitsTogether({ note }: Inquiry, draft: Draft): boolean {
  try {
    resolveFleet(draft);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown;
    for (const each of thrown.parts.length === 0 ? [thrown] : thrown.parts) note(each.message);
    return false;
  }
}
