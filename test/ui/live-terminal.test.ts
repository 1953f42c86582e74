/** The live view on an emulated terminal: what is on the screen while a run goes on, and what is left of it. */
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { RunEvent, StepInfo } from '../../src/engine/events.js';
import { makeUi } from '../../src/ui/make-ui.js';
import type { Ui } from '../../src/ui/ui.js';
import { type EmulatedTerminal, emulatedTerminal } from './emulated-terminal.js';
import { sampleProblem } from './sample-run.js';

const minute = 60_000;
const names = ['parent', 'one', 'two', 'three', 'four', 'five'];

const steps: readonly StepInfo[] = names.map((name) => {
  return { id: name, title: `create EKS cluster demo-${name}`, lane: name, after: [], expectedMs: 18 * minute };
});

const started: RunEvent = { type: 'run-started', at: 0, steps, perGroup: 20, agreed: [] };

interface Stage extends EmulatedTerminal {
  readonly ui: Ui;
  readonly stdin: PassThrough;
  /** Ctrl-C. */
  readonly stop: () => void;
  readonly at: (ms: number, ...events: readonly RunEvent[]) => void;
}

/** A run in a terminal of this size, a minute after all clusters were begun. */
function underWay(columns: number, rows: number): Stage {
  const terminal = emulatedTerminal(columns, rows);
  const stdin = new PassThrough();
  const stop = new AbortController();
  const { stream } = terminal;
  const surroundings = {
    ...{ stdin, stdout: stream, stderr: stream },
    ...{ stdinIsTty: true, stdoutIsTty: true, stderrIsTty: true },
    columns: () => stream.columns,
    rows: () => stream.rows,
    env: {},
  };
  let time = 0;
  const ui = makeUi(surroundings, { json: false, debug: false, now: () => time, stop: stop.signal });
  onTestFinished(ui.close);
  const at: Stage['at'] = (ms, ...events) => {
    time = ms;
    for (const event of events) ui.emit(event);
  };
  const begun = names.flatMap((id): readonly RunEvent[] => [
    { type: 'step-checking', at: 0, id },
    { type: 'step-started', at: 0, id, changes: [], destroys: [] },
  ]);
  at(0, started, ...begun);
  at(minute, { type: 'step-progress', at: minute, id: 'parent', line: 'deploying stack …-nodegroup-nodes' });
  return { ...terminal, ui, stdin, stop: () => stop.abort(), at };
}

function done(id: string, ms: number): RunEvent {
  return { type: 'step-done', at: ms, id, ms };
}

/** The first mark moves. */
function still(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /, '* '));
}

it('keeps finished steps above what is in work, on 80 columns and 24 rows', async () => {
  const { at, screen } = underWay(80, 24);
  at(2 * minute, done('two', 2 * minute));
  expect(still(await screen()).join('\n')).toMatchInlineSnapshot(`
    "✔ create EKS cluster demo-two 2m 00s
    * 1 of 6 steps, ~16m left
      parent  2m 00s of ~18m · deploying stack …-nodegroup-nodes
      one     2m 00s of ~18m · create EKS cluster demo-one
      three   2m 00s of ~18m · create EKS cluster demo-three
      four    2m 00s of ~18m · create EKS cluster demo-four
      five    2m 00s of ~18m · create EKS cluster demo-five"
  `);
});

it('shows what fits into eight rows of 40 columns, each line once', async () => {
  const { at, screen, all } = underWay(40, 8);
  for (const [index, name] of ['one', 'two', 'three', 'four'].entries()) {
    at((2 + index) * minute, done(name, (2 + index) * minute));
    expect((await screen()).length).toBeLessThanOrEqual(8);
  }
  expect(still(await all()).join('\n')).toMatchInlineSnapshot(`
    "✔ create EKS cluster demo-one 2m 00s
    ✔ create EKS cluster demo-two 3m 00s
    ✔ create EKS cluster demo-three 4m 00s
    ✔ create EKS cluster demo-four 5m 00s
    * 4 of 6 steps, ~13m left
      parent  5m 00s of ~18m · deplo…odes
      five    5m 00s of ~18m · creat…five"
  `);
});

it('leaves nothing behind when the terminal becomes narrower, wider or lower', async () => {
  const { at, screen, resize } = underWay(110, 30);
  at(2 * minute, done('two', 2 * minute));
  for (const [columns, rows] of [
    [60, 30],
    [31, 30],
    [90, 12],
    [40, 24],
  ] as const) {
    await resize(columns, rows);
    // ora draws again 200 ms after text that does not end a line.
    await expect.poll(async () => (await screen()).filter((line) => line.includes('of 6 steps')).length).toBe(1);
    const lines = still(await screen());
    expect(lines.filter((line) => line.startsWith('✔'))).toHaveLength(1);
    expect(lines.filter((line) => /(parent|one) +\dm/.test(line)).length).toBeLessThanOrEqual(2);
  }
  expect(still(await screen()).join('\n')).toMatchInlineSnapshot(`
    "✔ create EKS cluster demo-two 2m 00s
    * 1 of 6 steps, ~16m left
      parent  2m 00s of ~18m · deplo…odes
      one     2m 00s of ~18m · creat…-one
      three   2m 00s of ~18m · creat…hree
      four    2m 00s of ~18m · creat…four
      five    2m 00s of ~18m · creat…five"
  `);
});

it('makes room for a remark, a table and an error', async () => {
  const { ui, screen } = underWay(80, 24);
  ui.note('a remark in between');
  ui.showTable({ name: 'members', columns: ['name'], rows: [['m1']] });
  ui.showProblem(sampleProblem);
  const lines = still(await screen());
  expect(lines.slice(0, 4)).toEqual([
    'a remark in between',
    'NAME',
    'm1',
    '✖ Karmada could not be started on demo-parent',
  ]);
  expect(lines.filter((line) => line.startsWith('* '))).toEqual(['* 0 of 6 steps, ~17m left']);
  expect(lines.at(-1)).toBe('  five    1m 00s of ~18m · create EKS cluster demo-five');
});

it('leaves the terminal to a question, with events in the meantime above or after it', async () => {
  const { ui, stdin, at, screen } = underWay(80, 24);
  const answer = ui.ask.confirm({ message: 'Proceed', flag: '--yes' });
  await expect.poll(screen).toEqual([expect.stringContaining('Proceed')]);
  // Longer than two frames of the view.
  await sleep(400);
  expect(await screen()).toHaveLength(1);
  stdin.write('y\r');
  expect(await answer).toBe(true);
  at(3 * minute, done('one', 3 * minute));
  const lines = still(await screen());
  expect(lines[0]).toContain('Proceed');
  expect(lines.slice(1, 3)).toEqual(['✔ create EKS cluster demo-one 3m 00s', '* 1 of 6 steps, ~15m left']);
});

it('says that it only waits after Ctrl-C', async () => {
  const { stop, at, screen } = underWay(80, 24);
  stop();
  at(2 * minute, done('two', 2 * minute));
  expect(still(await screen())).toContain('* stopping: waiting for what runs (5)');
});

it('ends with the summary alone, and with the cursor', async () => {
  const { at, raw, screen } = underWay(80, 24);
  const lines = names.map((name) => done(name, 18 * minute));
  const report = { ok: true, interrupted: false, ms: 18 * minute, ready: [], done: names, failed: [], notStarted: [] };
  at(18 * minute, ...lines, { type: 'run-finished', at: 18 * minute, report: { ...report, lanes: [] } });
  const shown = await screen();
  expect(shown.slice(0, 6)).toEqual(names.map((name) => `✔ create EKS cluster demo-${name} 18m 00s`));
  expect(shown.at(-1)).toBe('finished in 18m 00s: 6 done, 0 unchanged');
  expect(shown.join('\n')).not.toContain('left');
  expect(raw().lastIndexOf('\u001B[?25h')).toBeGreaterThan(raw().lastIndexOf('\u001B[?25l'));
});

it('keeps what a step reports to last', async () => {
  const { at, screen } = underWay(80, 24);
  at(minute, { type: 'step-progress', at: minute, id: 'one', line: 'a token was kept', lasting: true });
  expect((await screen())[0]).toBe('! create EKS cluster demo-one: a token was kept');
});
