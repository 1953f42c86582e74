/** A plan as a table and as text: what is there, what would be done, how long it takes. */
import { longestChain } from '../pipeline/graph.js';
import type { PlannedStep } from '../pipeline/plan.js';
import type { Table } from '../ui/ui.js';
import type { Command } from '../world/exec.js';

const minute = 60_000;

const marks: Readonly<Record<PlannedStep['state'], string>> = {
  ready: 'done',
  absent: 'to do',
  partial: 'to finish',
  blocked: 'blocked',
};

/** One row a step, in the order of the pipeline. */
export function planTable(planned: readonly PlannedStep[]): Table {
  return {
    name: 'plan',
    columns: ['lane', 'step', 'state', 'minutes', 'changes'],
    rows: planned.map(({ step, state, changes, note }) => [
      step.lane,
      step.title,
      marks[state],
      state === 'ready' ? '' : inMinutes(step.expectedMs),
      changes.join('; ') || (note ?? ''),
    ]),
  };
}

/** How long a run of what is to do takes, in ms: its longest chain. */
export function expectedMs(planned: readonly PlannedStep[]): number {
  return longestChain(
    planned.map(({ step, state }) => ({
      id: step.id,
      after: step.after,
      expectedMs: state === 'ready' ? 0 : step.expectedMs,
    })),
  ).ms;
}

export function nothingToDo(planned: readonly PlannedStep[]): boolean {
  return planned.every(({ state }) => state === 'ready');
}

/** The exact commands of what is to do, ready to be pasted into a shell. */
export function commandText(planned: readonly PlannedStep[]): string {
  return planned
    .filter(({ commands }) => commands.length > 0)
    .map(({ step, commands }) => [`# ${step.title}`, ...commands.map(pasteable)].join('\n'))
    .join('\n\n');
}

function pasteable({ tool, args, stdin }: Command): string {
  const line = [tool, ...args].map(quoted).join(' ');
  return stdin === undefined ? line : `${line} <<'EOF'\n${stdin}\nEOF`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function inMinutes(ms: number): string {
  return ms < minute ? '<1' : String(Math.round(ms / minute));
}
