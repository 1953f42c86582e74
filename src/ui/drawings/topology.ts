/** Draws a fleet: the address of its API, the control plane behind it, and an arrow to each member. */
import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import { hangingIndent, oneLine, wrap } from '../text.js';
import type { Topology, TopologyPart } from '../ui.js';

export interface DrawingOptions {
  readonly colour: ChalkInstance;
  /** Maximum line width. Only a single word longer than this may exceed it. */
  readonly columns: number;
}

/** Where facts continue on a new line even if the terminal is wider, or there is none. */
const legibleFacts = 100;

/** push: Karmada reaches the member. pull: the member reaches Karmada. Both have the same width. */
const arrows = { push: '─push─▶ ', pull: '◀─pull─ ' } as const;

/** Without a line end. */
export function renderTopology(topology: Topology, options: DrawingOptions): string {
  const { colour, columns } = options;
  const [api, controlPlane] = [shown(topology.api), shown(topology.controlPlane)];
  const members = topology.members.map(shown);
  const lines = [
    ...wrap(oneLine(topology.title), columns).map((line) => colour.bold(line)),
    '',
    ...part(api, { first: '', rest: '│ ' }, options),
    '▼',
    ...part(controlPlane, { first: '', rest: members.length === 0 ? '  ' : '│ ' }, options),
    ...(members.length === 0 ? ['  no members'] : ['│', ...memberLines(members, options)]),
    '',
    ...topology.notes.flatMap((note) => wrap(oneLine(note), columns)),
    ...topology.warnings.flatMap((warning) =>
      hangingIndent('! ', oneLine(warning), columns).map((line) => colour.yellow(line)),
    ),
  ];
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

/** Names and facts come from clusters, so they are cleaned. */
function shown<P extends TopologyPart>(part: P): P {
  return { ...part, name: oneLine(part.name), facts: part.facts.map(oneLine), why: part.why.map(oneLine) };
}

/** One line per member if all of them fit, otherwise the name with its facts below. */
function memberLines(members: Topology['members'], options: DrawingOptions): readonly string[] {
  const names = Math.max(...members.map(({ name }) => stringWidth(name)));
  const arrow = arrows.push.length + 1;
  const fits = members.every(({ facts }) => arrow + 2 + names + 3 + stringWidth(joined(facts)) <= options.columns);
  return members.flatMap((member, index) => {
    const isLast = index === members.length - 1;
    const first = `${isLast ? '└' : '├'}${arrows[member.mode]}`;
    const rest = `${isLast ? ' ' : '│'}${' '.repeat(arrow - 1)}`;
    return part(member, { first, rest }, options, fits ? names : undefined);
  });
}

/** A part with its mark; given the width of the name column, its facts follow the name on the same line. */
function part(
  { name, ready, facts, why }: TopologyPart,
  margin: { readonly first: string; readonly rest: string },
  { colour, columns }: DrawingOptions,
  names?: number,
): readonly string[] {
  // A remark about a part that is Ready anyway matters less.
  const tint = ready ? colour.yellow : colour.red;
  const mark = ready ? colour.green('✔') : colour.red('✖');
  const beside = names === undefined ? '' : `${' '.repeat(Math.max(0, names - stringWidth(name)))}   ${joined(facts)}`;
  const rest = `${margin.rest}  `;
  const below = names === undefined ? factLines(facts, rest, Math.min(columns, legibleFacts)) : [];
  const reasons = why.flatMap((reason) => folded(rest, reason, columns));
  return [
    `${margin.first}${mark} ${name}${beside}`,
    ...below,
    ...reasons.map((line) => line.slice(0, rest.length) + tint(line.slice(rest.length))),
  ];
}

/** A fact is not broken if it fits on a line of its own. */
function factLines(facts: readonly string[], margin: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const fact of facts) {
    const longer = lines.length === 0 ? fact : `${lines.at(-1)} · ${fact}`;
    if (lines.length > 0 && stringWidth(margin + longer) <= columns) lines.splice(-1, 1, longer);
    else lines.push(fact);
  }
  return lines.flatMap((line) => folded(margin, line, columns));
}

/** Wraps behind a margin that is repeated on each line; text in wide characters has no spaces and breaks anywhere. */
function folded(margin: string, text: string, columns: number): readonly string[] {
  const room = Math.max(columns - stringWidth(margin), 10);
  return wrap(text, room)
    .flatMap((line) => (hasWide(line) ? cut(line, room) : [line]))
    .map((line) => margin + line);
}

function hasWide(line: string): boolean {
  return stringWidth(line) > [...line].length;
}

function cut(line: string, room: number): readonly string[] {
  const lines = [''];
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    const last = lines.at(-1) ?? '';
    if (stringWidth(last + segment) <= room) lines.splice(-1, 1, last + segment);
    else lines.push(segment);
  }
  return lines;
}

function joined(facts: readonly string[]): string {
  return facts.join(' · ');
}
