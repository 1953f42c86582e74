/** The live view of a run as text: what it shows at which width and height. */
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { RunEvent, StepInfo } from '../../src/engine/events.js';
import { liveView } from '../../src/ui/live-view.js';
import { Progress } from '../../src/ui/progress.js';
import { sampleProblem } from './sample-run.js';

const minute = 60_000;

/** The run of `up` with so many members, 3 minutes and 29 seconds after it began. */
function underWay(members: number, events: readonly RunEvent[] = []): Progress {
  const names = Array.from({ length: members }, (_, index) => `demo-member-${index + 1}`);
  const cluster = (id: string, lane: string): StepInfo => {
    const title = `create EKS cluster ${lane === 'parent' ? 'demo-parent' : lane} in us-west-2`;
    return { id, title, lane, after: [], expectedMs: 18 * minute };
  };
  const nodes = { ...cluster('nodes', 'parent'), title: 'wait for the nodes', expectedMs: 17 * minute };
  const karmada = { id: 'init', title: 'install Karmada', lane: 'parent', after: ['nodes'], expectedMs: 3 * minute };
  const steps = [cluster('parent', 'parent'), nodes, karmada, ...names.map((name) => cluster(name, name))];
  const progress = new Progress();
  progress.follow({ type: 'run-started', at: 0, steps, perGroup: 20, agreed: [] });
  for (const id of ['nodes', 'parent', ...names]) {
    progress.follow({ type: 'step-checking', at: 0, id });
    progress.follow({ type: 'step-started', at: 1000, id, changes: [], destroys: [] });
    if (id === 'nodes') continue;
    const line = 'waiting for stack …-nodegroup-nodes';
    progress.follow({ type: 'step-progress', at: 2000, id, line });
  }
  for (const event of events) progress.follow(event);
  return progress;
}

function lines(progress: Progress, columns: number, rows = 24, stopping = false): readonly string[] {
  const now = 3 * minute + 29_000;
  return liveView(progress, { now, columns, rows, stopping }).map(({ text, detail }) => text + detail);
}

it('has a line for the parent and each member, with elapsed, expected and what the tool reports', () => {
  expect(lines(underWay(2), 120).join('\n')).toMatchInlineSnapshot(`
    "0 of 5 steps, ~17m left
      create EKS cluster demo-parent in us-west-2 (+1)  3m 29s of ~18m · waiting for stack …-nodegroup-nodes
      create EKS cluster demo-member-1 in us-west-2     3m 29s of ~18m · waiting for stack …-nodegroup-nodes
      create EKS cluster demo-member-2 in us-west-2     3m 29s of ~18m · waiting for stack …-nodegroup-nodes"
  `);
});

it('names clusters instead of steps where there is no room for both', () => {
  expect(lines(underWay(2), 77).join('\n')).toMatchInlineSnapshot(`
    "0 of 5 steps, ~17m left
      parent (+1)    3m 29s of ~18m · waiting for stack …-nodegroup-nodes
      demo-member-1  3m 29s of ~18m · waiting for stack …-nodegroup-nodes
      demo-member-2  3m 29s of ~18m · waiting for stack …-nodegroup-nodes"
  `);
});

it('keeps clusters and times on 40 columns', () => {
  expect(lines(underWay(2), 37).join('\n')).toMatchInlineSnapshot(`
    "0 of 5 steps, ~17m left
      parent (+1)    3m 29s of ~18m
      demo-member-1  3m 29s of ~18m
      demo-member-2  3m 29s of ~18m"
  `);
});

it('shows as many lines as half of the terminal has rows, and counts the others', () => {
  expect(lines(underWay(30), 37, 12).join('\n')).toMatchInlineSnapshot(`
    "0 of 33 steps, ~17m left
      parent (+1)    3m 29s of ~18m
      demo-member-1  3m 29s of ~18m
      demo-member-2  3m 29s of ~18m
      demo-member-3  3m 29s of ~18m
      + 27 more"
  `);
});

it.each([5, 10, 20, 37, 77, 117, 250])('has no line longer than %d columns, whatever the height', (columns) => {
  for (const rows of [1, 2, 3, 4, 24, 60]) {
    const view = lines(underWay(30), columns, rows);
    expect(Math.max(...view.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
    expect(view.length).toBeLessThanOrEqual(Math.max(1, rows / 2));
  }
});

it('has a line for each step where all belong to one scope', () => {
  const members = ['demo-member-1', 'demo-member-2'].map((id): RunEvent => ({ type: 'step-done', at: 0, id, ms: 0 }));
  expect(lines(underWay(2, members), 77).join('\n')).toMatchInlineSnapshot(`
    "2 of 5 steps, ~17m left
      wait for the nodes                           3m 29s of ~17m
      create EKS cluster demo-parent in us-west-2  3m 29s of ~18m · waitin…-nodes"
  `);
  expect(lines(underWay(2, members), 37).join('\n')).toMatchInlineSnapshot(`
    "2 of 5 steps, ~17m left
      wait for the nodes   3m 29s of ~17m
      create EK…us-west-2  3m 29s of ~18m"
  `);
});

it('shows the title of a step whose tool has reported nothing', () => {
  const done: RunEvent = { type: 'step-done', at: 3 * minute, id: 'parent', ms: 3 * minute };
  expect(lines(underWay(1, [done]), 77)).toEqual([
    '1 of 4 steps, ~17m left',
    '  parent         3m 29s of ~17m · wait for the nodes',
    '  demo-member-1  3m 29s of ~18m · waiting for stack …-nodegroup-nodes',
  ]);
});

describe('the time left', () => {
  it('is not told after a failure: what will not start is not known', () => {
    const failed: RunEvent = { type: 'step-failed', at: 0, id: 'demo-member-1', ms: 0, problem: sampleProblem };
    expect(lines(underWay(2, [failed]), 77)[0]).toBe('1 of 5 steps, not all succeeded');
  });

  it('is not told while what runs is only waited for', () => {
    expect(lines(underWay(2), 77, 24, true)[0]).toBe('stopping: waiting for what runs (4)');
  });
});

it('shows nothing when nothing runs', () => {
  expect(liveView(new Progress(), { now: 0, columns: 80, rows: 24, stopping: false })).toEqual([]);
});
