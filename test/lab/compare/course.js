/** What a run did, in a form that two runs can be compared in: for each step its changes in order, and what it asked before each. */
import { normalised } from './normalise.js';

/** Programs that only look; of AWS what begins with Describe, List or Get. */
const looking =
  /^(?:kubectl (?:.* )?(?:get|api-resources|config view) |kubectl .* -- \S+\/etcdctl \S+ (?:endpoint status|member list) |(?:kubectl|eksctl|kubectl-karmada) version|aws --version)/;

/**
 * @typedef {object} Action
 * @property {boolean} changes whether it changes something
 * @property {'command' | 'question'} kind a program, or AWS and HTTP
 * @property {string} line as it would be typed
 * @property {unknown} given what stands on its standard input
 * @property {number} [from] when it began, see `recorded`
 * @property {number} [to] when it ended
 */

/**
 * The course of a run. What only looks has no order, since much is asked side by side and again and again while something is
 * waited for: of what lies between two changes each question counts once, in alphabetical order.
 * @param calls as the recorder wrote them down
 * @param {(text: string) => string} normalise
 * @returns {Readonly<Record<string, readonly Action[]>>} by step
 */
export function courseOf(calls, normalise) {
  const courses = {};
  for (const call of calls) {
    const action = actionOf(call, normalise);
    if (action === undefined) continue;
    const step = stepOf(call);
    courses[step] = [...(courses[step] ?? []), { ...action, from: call.from, to: call.to }];
  }
  return Object.fromEntries(Object.entries(courses).map(([step, actions]) => [step, inOrder(actions)]));
}

/** The lease of the fleet is taken and given back beside the steps. */
function stepOf({ step, request }) {
  const args = request?.args.join(' ') ?? '';
  const lease = args.includes('leases') || (request?.stdin ?? '').includes('"kind":"Lease"');
  return lease ? 'lease' : step;
}

function actionOf(call, normalise) {
  if (call.kind === 'http') return { changes: false, kind: 'question', line: normalise(call.url), given: undefined };
  return call.kind === 'exec' ? commandOf(call.request, normalise) : questionOf(call, normalise);
}

function commandOf({ tool, args, stdin }, normalise) {
  const line = normalise([tool, ...args].join(' '));
  const given = stdin === undefined ? undefined : normalised(stdin, normalise);
  // How often the lease is renewed is a question of how long the run takes; it may be never.
  if (given?.kind === 'Lease' && args.includes('replace')) return undefined;
  return { changes: !looking.test(`${line} `), kind: 'command', line, given };
}

/** The next page of an answer is part of the question: AWS decides how much stands on one. */
function questionOf({ service, operation, region, input }, normalise) {
  const { NextToken, nextToken, Marker, marker, ...asked } = input ?? {};
  if ([NextToken, nextToken, Marker, marker].some((each) => each !== undefined)) return undefined;
  // The values of a filter are alternatives: their order is that in which they were found.
  const unordered = (name, value) => (name === 'Values' ? [...value].sort() : value);
  const text = JSON.stringify(normalised(JSON.parse(JSON.stringify(asked)), normalise), unordered);
  const changes = !/^(?:Describe|List|Get)/.test(operation);
  return { changes, kind: 'question', line: `${service}:${operation} ${region} ${text}`, given: undefined };
}

/** A look that goes on when a change begins may as well have begun after it: it is counted there. */
function inOrder(actions) {
  const course = [];
  let looks = [];
  for (const action of actions) {
    if (!action.changes) {
      looks.push(action);
      continue;
    }
    const { from = Number.POSITIVE_INFINITY } = action;
    const isOver = ({ to = 0 }) => to < from;
    course.push(...distinct(looks.filter(isOver)), action);
    looks = looks.filter((look) => !isOver(look));
  }
  return [...course, ...distinct(looks)];
}

function distinct(looks) {
  const byLine = new Map(looks.map((look) => [look.line, look]));
  return [...byLine.values()].sort((one, other) => (one.line < other.line ? -1 : 1));
}
