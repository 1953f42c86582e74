/** A whole run as the terminal, plain text and JSON show it. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, it, onTestFinished, vi } from 'vitest';
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
    '+00:00 4 steps, ~20m',
    '+00:01 unchanged: create cluster 集群-1 (already there)',
    '+02:13 1 of 4 steps, ~18m left: create cluster demo-parent 2m 13s of ~15m',
    '+14:03 done:      create cluster demo-parent (14m 03s)',
    '+14:56 failed:    start Karmada (53s): Karmada could not be started on demo-parent: nodePort 32443 is taken',
    '                           0m         2m         4m         6m          8m         10m        12m        14m',
    `create cluster demo-parent ${'█'.repeat(79)}      14m 03s`,
    `start Karmada              ${' '.repeat(79)}▓▓▓▓▓     53s`,
    '█ critical path: 14m 56s   ▓ failed',
    '',
    'failed in 14m 56s: 1 done, 1 unchanged, 1 failed, 1 not started',
    'failed:      start Karmada',
    'not started: join 集群-1',
    'scopes:      parent failed; 集群-1 unfinished',
    'to continue: run the same command again; completed steps are not repeated',
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
  expect(played(undefined, false, {}, events).stderr.text).toMatch(/^\+00:00 4 steps, ~20m\n/);
  expect(valuesOf(played(undefined, true, {}, events).stdout.text)).toContainEqual(
    expect.objectContaining({ type: 'step-ready', id: 'lock' }),
  );
});

it('shows a sign of life after a minute without a line, then after two, four and five', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { stderr, ...surroundings } = fakeSurroundings();
  let time = 0;
  const ui = makeUi({ stderr, ...surroundings }, { json: false, debug: false, now: () => time });
  for (const event of sampleRun.slice(0, 3)) ui.emit(event);
  for (; time < 20 * 60_000; time += 1000) vi.advanceTimersByTime(1000);
  const lines = stderr.text.trimEnd().split('\n').slice(1);
  expect(lines.map((line) => line.slice(0, 6))).toEqual(['+01:00', '+03:00', '+07:00', '+12:00', '+17:00']);
  expect(lines[0]).toBe('+01:00 0 of 4 steps, ~19m left: create cluster demo-parent 1m 00s (+ 1 more)');
  ui.close();
  time += 10 * 60_000;
  vi.advanceTimersByTime(2000);
  expect(stderr.text.trimEnd().split('\n')).toHaveLength(6);
});

it('tells of quick steps together, of others one by one, and of none too late', () => {
  const { stderr, ...surroundings } = fakeSurroundings();
  const ui = makeUi({ stderr, ...surroundings }, { json: false, debug: false, now: () => 0 });
  onTestFinished(ui.close);
  const done = (id: string, at: number, ms: number): RunEvent => ({ type: 'step-done', at, id, ms });
  const checking: RunEvent = { type: 'step-checking', at: 21_000, id: 'join' };
  const events = [done('parent', 1000, 1000), done('member', 2000, 1000), done('init', 30_000, 30_000)];
  for (const event of [...sampleRun.slice(0, 3), ...events, done('join', 31_000, 500)]) ui.emit(event);
  ui.emit({ ...checking, at: 39_000 });
  expect(stderr.text.trimEnd().split('\n').slice(1)).toEqual([
    '+00:02 done:      create cluster demo-parent; create cluster 集群-1',
    '+00:30 done:      start Karmada (30s)',
  ]);
  ui.emit({ ...checking, at: 41_000 });
  ui.emit(done('join', 42_000, 500));
  ui.emit(done('join', 53_000, 500));
  ui.close();
  expect(stderr.text.trimEnd().split('\n').slice(3)).toEqual([
    '+00:31 done:      join 集群-1',
    '+00:42 done:      join 集群-1',
    '+00:53 done:      join 集群-1',
  ]);
});

it('keeps what a step reports to last, and says that it only waits after Ctrl-C', () => {
  const { stderr, ...surroundings } = fakeSurroundings();
  const stop = new AbortController();
  const ui = makeUi({ stderr, ...surroundings }, { json: false, debug: false, now: () => 0, stop: stop.signal });
  onTestFinished(ui.close);
  for (const event of sampleRun.slice(0, 3)) ui.emit(event);
  const line = 'the token could not be deleted';
  ui.emit({ type: 'step-progress', at: 2000, id: 'parent', line, lasting: true });
  stop.abort();
  ui.emit({ type: 'step-progress', at: 90_000, id: 'parent', line: 'waiting' });
  expect(stderr.text.trimEnd().split('\n').slice(1)).toEqual([
    '+00:02 note:      create cluster demo-parent: the token could not be deleted',
    '+01:30 stopping: waiting for what runs (2): create cluster demo-parent 1m 30s (+ 1 more)',
  ]);
});

it('writes the same plain lines in a dumb terminal', () => {
  expect(played(80, false, { TERM: 'dumb' }).stderr.text).toContain('+14:03 done:      create cluster demo-parent');
});

it('reports which steps took much longer than expected', () => {
  const { stderr, ...surroundings } = fakeSurroundings();
  const ui = makeUi({ stderr, ...surroundings }, { json: false, debug: false, now: () => 0 });
  for (const event of sampleRun) ui.emit(event.type === 'step-done' ? { ...event, at: event.at * 2 } : event);
  expect(stderr.text).toContain('\nslower:      create cluster demo-parent took 28m 06s (expected ~15m)\n');
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
  expect(stripVTControlCharacters(stderr.text)).toContain(
    '⠋ 1 of 4 steps, ~20m left\n  create cluster demo-parent  1s',
  );
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
