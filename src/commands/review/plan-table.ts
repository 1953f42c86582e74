/** A plan as a table and as text: what exists, what would be done, how long it takes. */

import { estimateRun, type TimedNode } from '../../engine/estimate.js';
import type { PlannedStep } from '../../engine/plan.js';
import { counted } from '../../errors/counted.js';
import type { Fleet } from '../../fleet/fleet.js';
import { withoutConfigSecrets } from '../../logs/config-secrets.js';
import type { Bar, Cell, Figure, Table } from '../../ui/ui.js';
import type { Command } from '../../world/exec.js';
import { type Alike, foldAlike } from './alike.js';

const minute = 60_000;

const marks: Readonly<Record<PlannedStep['state'], string>> = {
  ready: 'done',
  absent: 'to do',
  partial: 'to finish',
  blocked: 'blocked',
};

/** One row a step, scope by scope; within a scope in the order of the pipeline. */
export function planTable(planned: readonly PlannedStep[]): Table {
  return {
    name: 'plan',
    columns: ['lane', 'step', 'state', 'minutes', 'changes'],
    headings: { lane: 'scope' },
    rows: byScope(planned).map(rowOf),
  };
}

/** The same for people: each scope once, members alike in one, and which those are; states only where they differ. */
export function foldedPlanTable(
  planned: readonly PlannedStep[],
  fleet: Pick<Fleet, 'members'>,
): { readonly table: Table; readonly alike: readonly string[] } {
  const whole = planTable(planned);
  const scopes = [...new Set(planned.map(({ step }) => step.scope))];
  const items = scopes.map((scope) => ({
    scope,
    rows: planned.filter(({ step }) => step.scope === scope).map((each) => rowOf(each).slice(1).map(textOf)),
  }));
  const folds = foldAlike(items, fleet).map((fold) => ({ ...fold, name: nameOf(fold) }));
  const rows = folds.flatMap(({ name, rows: own }) => own.map((row, index) => [index === 0 ? name : '', ...row]));
  const alike = folds.flatMap(({ name, scopes: names }) => (names.length > 1 ? [`${name}: ${names.join(', ')}`] : []));
  return { table: withoutSameState({ ...whole, rows, whole: whole.rows }), alike };
}

function nameOf({ scopes: [first = '', ...others] }: Alike): string {
  return others.length === 0 ? first : `${others.length + 1} members alike`;
}

function withoutSameState(table: Table): Table {
  const states = new Set(table.rows.map((row) => row[2]));
  return states.size > 1 ? table : { ...table, hidden: ['state'] };
}

function rowOf({ step, state, changes, note }: PlannedStep): readonly [string, string, string, Figure, string] {
  return [
    step.scope,
    step.title,
    marks[state],
    state === 'ready'
      ? { text: '', value: undefined }
      : { text: inMinutes(step.expectedMs), value: Number((step.expectedMs / minute).toFixed(2)) },
    changes.join('; ') || (note ?? ''),
  ];
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** In ms, with at most `perGroup` steps of one group at once. */
export function expectedMs(planned: readonly PlannedStep[], perGroup: number): number {
  return Math.max(0, ...estimateRun(nodesOf(planned), perGroup).map(({ endMs }) => endMs));
}

/** The same for people, e.g. `21 minutes`. */
export function expectedTime(planned: readonly PlannedStep[], perGroup: number): string {
  return counted(Math.ceil(expectedMs(planned, perGroup) / minute), 'minute');
}

/** The bars of what is to do, in the order in which they begin. */
export function planTimeline(planned: readonly PlannedStep[], perGroup: number): readonly Bar[] {
  const toDo = new Set(planned.filter(({ state }) => state !== 'ready').map(({ step }) => step.id));
  return estimateRun(nodesOf(planned), perGroup)
    .filter(({ id }) => toDo.has(id))
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ id, ...bar }) => ({ label: id, ...bar }));
}

/** What is ready takes no time. */
function nodesOf(planned: readonly PlannedStep[]): readonly TimedNode[] {
  return planned.map(({ step, state }) => (state === 'ready' ? { ...step, expectedMs: 0 } : step));
}

function byScope(planned: readonly PlannedStep[]): readonly PlannedStep[] {
  const scopes = [...new Set(planned.map(({ step }) => step.scope))];
  return scopes.flatMap((scope) => planned.filter(({ step }) => step.scope === scope));
}

/** Where what is there is not as requested now, and stays so: one line each. */
export function driftNotes(planned: readonly PlannedStep[]): readonly string[] {
  return planned.flatMap(({ drift }) => (drift ?? []).map((line) => `drift: ${line}`));
}

/** What a run deletes, one row per thing. */
export function removalTable(planned: readonly PlannedStep[]): Table {
  const going = planned.filter(({ step, state }) => state !== 'ready' && step.perRun !== true);
  const rows = going.flatMap(({ step, changes }) => changes.map((change) => [step.scope, change]));
  return {
    name: 'going',
    columns: ['lane', 'change'],
    headings: { lane: 'scope', change: 'to be deleted' },
    rows,
  };
}

/** What lasts only as long as a run is no reason for one. */
export function nothingToDo(planned: readonly PlannedStep[]): boolean {
  return planned.every(({ step, state }) => state === 'ready' || step.perRun === true);
}

/** The exact commands of what is to do, ready to be pasted into a shell. */
export function commandText(planned: readonly PlannedStep[]): string {
  return planned
    .filter(({ commands }) => commands.length > 0)
    .map(({ step, commands }) => [`# ${step.title}`, ...commands.map(pasteable)].join('\n'))
    .join('\n\n');
}

function pasteable({ tool, args, stdin, as }: Command): string {
  const whose = as === undefined ? '' : `# as role ${as.account.role}\n`;
  const line = whose + [tool, ...args].map(quoted).join(' ');
  return stdin === undefined ? line : `${line} <<'EOF'\n${withoutConfigSecrets(stdin)}\nEOF`;
}

/** A word for a POSIX shell, in quotes where it needs them. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function inMinutes(ms: number): string {
  return ms < minute ? '<1' : String(Math.round(ms / minute));
}
