/** A whole run as the terminal, plain text and JSON show it. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/engine/events.js';
import { makeUi } from '../../src/ui/make-ui.js';
import { fakeSurroundings } from './fake-surroundings.js';
import { sampleProblem, sampleRun } from './sample-run.js';

/** Lines of a JSON output, as values. */
function valuesOf(text: string): readonly unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

function played(
  columns?: number,
  json = false,
  env: Record<string, string> = {},
  events: readonly RunEvent[] = sampleRun,
) {
  const surroundings = fakeSurroundings(columns, env);
  let time = 0;
  const ui = makeUi(surroundings, { json, debug: false, now: () => time });
  onTestFinished(ui.close);
  for (const event of events) {
    time = event.at;
    ui.emit(event);
  }
  return { ...surroundings, ui };
}

it('writes plain lines with the time since the start where there is no terminal', () => {
  const { stdout, stderr } = played();
  expect(stdout.text).toBe('');
  expect(stderr.text.split('\n')).toEqual([
    '+00:00 4 steps',
    '+00:01 unchanged: create cluster 集群-1 (already there)',
    '+00:02 started:   create cluster demo-parent',
    '+00:02              EKS cluster demo-parent in eu-west-1',
    '+02:13            create cluster demo-parent: deploying stack',
    '+14:03 done:      create cluster demo-parent (14m 03s)',
    '+14:04 started:   start Karmada',
    '+14:04              Karmada on demo-parent',
    '+14:56 failed:    start Karmada (53s): Karmada could not be started on demo-parent',
    '+14:56        0m         2m         4m         6m          8m         10m        12m        14m',
    `+14:56 parent ${'█'.repeat(79)}      14m 03s`,
    `+14:56 init   ${' '.repeat(79)}▓▓▓▓▓     53s`,
    '+14:56 █ critical path: 14m 56s   ▓ failed',
    '+14:56',
    '+14:56 failed in 14m 56s: 1 done, 1 unchanged, 1 failed, 1 not started',
    '+14:56 failed:      start Karmada',
    '+14:56 not started: join 集群-1',
    '+14:56 scopes:      parent failed; 集群-1 unfinished',
    '+14:56 to continue: run the same command again; completed steps are not repeated',
    '',
  ]);
});

it('shows what a run does for itself neither as unchanged nor in its counts', () => {
  const lock = { id: 'lock', title: 'lock the fleet', lane: 'parent', after: [], expectedMs: 0, perRun: true } as const;
  const events = sampleRun.flatMap((event): readonly RunEvent[] => {
    if (event.type === 'run-started')
      return [
        { ...event, steps: [lock, ...event.steps] },
        { type: 'step-ready', at: 0, id: 'lock' },
      ];
    if (event.type !== 'run-finished') return [event];
    return [{ ...event, report: { ...event.report, ready: ['lock', ...event.report.ready] } }];
  });
  for (const columns of [undefined, 80]) {
    const { stderr } = played(columns, false, {}, events);
    expect(stripVTControlCharacters(stderr.text)).not.toContain('lock the fleet');
    expect(stripVTControlCharacters(stderr.text)).toContain('1 done, 1 unchanged, 1 failed, 1 not started');
  }
  expect(played(undefined, false, {}, events).stderr.text).toMatch(/^\+00:00 4 steps\n/);
  expect(valuesOf(played(undefined, true, {}, events).stdout.text)).toContainEqual(
    expect.objectContaining({ type: 'step-ready', id: 'lock' }),
  );
});

it('writes the same plain lines in a dumb terminal', () => {
  expect(played(80, false, { TERM: 'dumb' }).stderr.text).toContain('+14:03 done:      create cluster demo-parent');
});

it('reports which steps took much longer than expected', () => {
  const { stderr, ...surroundings } = fakeSurroundings();
  const ui = makeUi({ stderr, ...surroundings }, { json: false, debug: false, now: () => 0 });
  for (const event of sampleRun) ui.emit(event.type === 'step-done' ? { ...event, at: event.at * 2 } : event);
  expect(stderr.text).toContain('+14:56 slower:      create cluster demo-parent took 28m 06s (expected ~15m)\n');
  expect(played().stderr.text).not.toContain('slower');
});

it('tells each of two runs by itself', () => {
  const { stderr, ui } = played();
  const first = stderr.text;
  for (const event of sampleRun) ui.emit(event);
  expect(stderr.text).toBe(first + first);
});

it('leaves one line a finished step in a terminal', () => {
  const { stdout, stderr } = played(80);
  const lines = stripVTControlCharacters(stderr.text).split('\n');
  expect(stdout.text).toBe('');
  for (const line of [
    '✔ create cluster 集群-1 · already there',
    '✔ create cluster demo-parent 14m 03s',
    '✖ start Karmada 53s: Karmada could not be started on demo-parent',
    'failed in 14m 56s: 1 done, 1 unchanged, 1 failed, 1 not started',
  ]) {
    expect(lines.filter((each) => each.endsWith(line))).toHaveLength(1);
  }
  expect(stderr.text).toContain('create cluster demo-parent 0s (+1 more)');
});

it.each([40, 80, 120])('never draws a line wider than %d columns', (columns) => {
  const text = played(columns).stderr.text;
  // ora goes back to the first column before it draws anew.
  const drawn = text.replaceAll('\u001B[1G', '\n').split('\n').map(stripVTControlCharacters);
  for (const line of drawn) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
});

it('writes nothing but JSON lines to stdout with --json', () => {
  const { stdout, stderr, ui } = played(80, true);
  ui.print('not shown');
  ui.data('plan', { steps: 4 });
  ui.showProblem(sampleProblem);
  ui.showTable({ name: 'members', columns: ['name', 'ready'], rows: [['m1', 'true']] });
  const values = valuesOf(stdout.text);
  expect(values).toHaveLength(sampleRun.length + 3);
  const problem = {
    code: 'karmada-init-failed',
    what: 'Karmada could not be started on demo-parent',
    why: 'nodePort 32443 is taken',
    next: ['look at `kubectl get svc -A`', 'run the same command again'],
    parts: [],
  };
  expect(values[3]).toEqual({ v: 1, type: 'step-ready', at: 1000, id: 'member', note: 'already there' });
  expect(values).toContainEqual({ v: 1, type: 'step-failed', at: 896_000, id: 'init', ms: 53_000, problem });
  expect(values.slice(-3)).toEqual([
    { v: 1, type: 'plan', steps: 4 },
    { v: 1, type: 'problem', problem },
    { v: 1, type: 'members', rows: [{ name: 'm1', ready: 'true' }] },
  ]);
  expect(stdout.text.startsWith('{"v":1,"type":"run-started",')).toBe(true);
  expect(stderr.text).toBe('');
});

it('prints results to stdout, remarks and problems to stderr', () => {
  const { stdout, stderr, ...surroundings } = fakeSurroundings();
  const ui = makeUi({ stdout, stderr, ...surroundings }, { json: false, debug: false, now: () => 0 });
  ui.print('result');
  ui.data('plan', {});
  ui.showTable({ name: 'members', columns: ['name'], rows: [['m1']] });
  ui.note('remark');
  ui.showProblem(sampleProblem);
  expect(stdout.text).toBe('result\nNAME\nm1\n');
  expect(stderr.text).toMatch(/^remark\n✖ Karmada could not be started on demo-parent\n/);
});
