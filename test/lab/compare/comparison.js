/** Carries one scenario out on a side, and compares what came of it on both. */
import { courseOf } from './course.js';
import { courseDifferences, leavesOf, valueDifferences } from './differences.js';
import { endState } from './end-state.js';
import { normalised, normaliserFor } from './normalise.js';
import { home, runOn } from './sides.js';

/**
 * @typedef {object} Outcome plain data, so that it can be kept in a file
 * @property {number} code
 * @property {string} printed
 * @property {readonly object[]} calls
 * @property {object} state
 * @property {Side['names']} names
 */

/**
 * @param {import('./sides.js').Side} side
 * @param {import('./scenarios.js').Scenario} scenario
 * @returns {Promise<Outcome>} rejects when it did not end as it had to
 */
export async function outcomeOn(side, { name, fleet, words, code, spoilt = [], disturbed = [], before }) {
  await before?.(side);
  for (const fault of spoilt) side.spoil(fault);
  const argv = [...words.map((word) => word.replace('<crds>', side.crds)), `--fleet=${fleet}`, `--region=${home}`];
  const ended = await runOn(side, argv, disturbed);
  if (ended.code !== code) throw new Error(`${name} ended with ${ended.code}:\n${ended.printed.slice(-3_000)}`);
  return { ...ended, state: await endState(side, fleet), names: side.names };
}

/**
 * @param {Outcome} lab
 * @param {Outcome} rehearsal
 * @returns how many commands, questions to AWS and facts of the end state were compared, and the differences, a line each
 */
export function compared(lab, rehearsal) {
  const courses = [lab, rehearsal].map(({ calls, names }) => courseOf(calls, normaliserFor(names)));
  const states = [lab, rehearsal].map(({ state, names }) => normalised(state, normaliserFor(names)));
  const actions = Object.values(courses[0]).flat();
  const count = (wanted) => actions.filter(({ kind }) => kind === wanted).length;
  return {
    commands: count('command'),
    questions: count('question'),
    facts: leavesOf(states[0]),
    differences: [...courseDifferences(...courses), ...valueDifferences(...states, 'state')],
  };
}
