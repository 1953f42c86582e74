/** Asks for a list of CIDRs on one line. */
import type { Ask, Question } from '../../ui/ui.js';
import { isValid } from './validate.js';

/** @param part of the request that they are for: what it takes is what is taken here */
export async function askCidrs(ask: Ask, question: Question, part: 'allow' | 'publicAccess'): Promise<string[]> {
  const validate = (text: string): true | string =>
    listOf(text).length === 0 ? 'expected a CIDR such as 203.0.113.7/32' : isValid(part, listOf(text), 'CIDRs');
  return listOf(await ask.input({ ...question, message: 'CIDRs, separated by commas', validate }));
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((each) => each !== '');
}
