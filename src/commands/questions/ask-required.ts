/** Asks for one of the two values without a default, when a guided run is not wanted. */
import { Problem } from '../../errors/problem.js';
import type { FleetRequest } from '../../fleet/schema.js';
import type { Session } from '../shared/session.js';
import { regionTopic } from './ask-region.js';
import { vpcTopic } from './ask-vpc.js';
import { makeInquiry } from './inquiry.js';
import { questionOf } from './topic.js';

const parts = {
  region: { topic: regionTopic, question: questionOf('region', '--region') },
  vpc: { topic: vpcTopic, question: questionOf('VPC (ID or Name tag)', '--vpc') },
} as const;

/** @throws Problem `missing-value` where nobody can be asked or `mayAsk` is false */
export async function withPart(
  session: Session,
  part: keyof typeof parts,
  request: FleetRequest,
  mayAsk: boolean,
): Promise<FleetRequest> {
  if (request[part] !== undefined || (part === 'vpc' && request.createVpc !== undefined)) return request;
  const { topic, question } = parts[part];
  // If nobody can be asked, a text question raises the Problem; reading a list would be wasted.
  if (!session.ui.ask.possible) await session.ui.ask.input(question);
  if (mayAsk) return await topic.ask(makeInquiry(session, {}), request);
  const what = `a value is missing and --yes disables prompts: ${question.message}`;
  throw new Problem('missing-value', { what, next: [`set ${question.flag} or ${question.env}`] });
}
