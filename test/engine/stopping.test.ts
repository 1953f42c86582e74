/** Ctrl-C: once lets what runs end, twice ends it. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import type { StepPlan } from './steps.js';
import { newStage, ready, runOn } from './steps.js';

/** A run of `work` (100 ms) and `next` behind it, with the first and second Ctrl-C after so many ms. */
async function stoppedRun(plan: StepPlan, drainAt: number, killAt?: number) {
  const stage = newStage();
  const drain = new AbortController();
  const kill = new AbortController();
  void stage.clock.sleep(drainAt).then(() => drain.abort());
  if (killAt !== undefined) void stage.clock.sleep(killAt).then(() => kill.abort());
  const work = stage.step('work', { applyMs: 100, ...plan });
  const { report } = await runOn(stage, [work, stage.step('next', { needs: ['work'] })], drain, kill);
  return { report, calls: stage.calls };
}

it('lets what runs end and be proven, and starts nothing new', async () => {
  const { report, calls } = await stoppedRun({}, 50);
  expect(report).toEqual({
    ok: false,
    interrupted: true,
    ms: 100,
    ready: [],
    done: ['work'],
    failed: [],
    notStarted: ['next'],
    lanes: [{ lane: 'parent', state: 'unfinished' }],
  });
  expect(calls).toEqual(['check work@0', 'apply work@0', 'check work@100']);
});

it('does not begin a change that was only being checked', async () => {
  const { report, calls } = await stoppedRun({ checkMs: 80 }, 50);
  expect(calls).toEqual(['check work@0']);
  expect(report).toMatchObject({ interrupted: true, done: [], failed: [], notStarted: ['work', 'next'] });
});

it('counts what a look still found ready', async () => {
  const { report } = await stoppedRun({ checkMs: 80, finds: [ready] }, 50);
  expect(report).toMatchObject({ interrupted: true, ready: ['work'], notStarted: ['next'] });
});

it('starts nothing at all when it was stopped before', async () => {
  const stage = newStage();
  const drain = new AbortController();
  drain.abort();
  const { report } = await runOn(stage, [stage.step('a')], drain);
  expect([stage.calls, report.interrupted, report.notStarted]).toEqual([[], true, ['a']]);
});

it('is no interruption when all was done by then', async () => {
  const stage = newStage();
  const drain = new AbortController();
  const { report } = await runOn(stage, [stage.step('a', { onApply: () => drain.abort() })], drain);
  expect(report).toMatchObject({ ok: true, interrupted: false, done: ['a'] });
});

it('ends what runs at the second, and reports that it was the user', async () => {
  const tool = ({ signal }: { signal: AbortSignal }): Promise<void> =>
    signal.aborted
      ? Promise.reject(new Problem('tool-failed', { what: 'eksctl failed with exit status 143' }))
      : Promise.resolve();
  const { report } = await stoppedRun({ onApply: tool }, 20, 30);
  expect(report).toMatchObject({ ok: false, interrupted: true, ms: 30, done: [], notStarted: ['next'] });
  expect(report.failed.map(({ id, problem }) => [id, problem.code, problem.next])).toEqual([
    ['work', 'interrupted', ['run the same command again to continue']],
  ]);
});

it('keeps what failed before the second', async () => {
  const stage = newStage();
  const [drain, kill] = [new AbortController(), new AbortController()];
  void stage.clock.sleep(50).then(() => kill.abort());
  const fail = (): Promise<void> => Promise.reject(new Problem('addon-failed', { what: 'no' }));
  const running = (): Promise<void> => Promise.reject(new Problem('tool-failed', { what: 'status 143' }));
  const steps = [
    stage.step('bad', { applyMs: 5, onApply: fail }),
    stage.step('runs', { applyMs: 99, onApply: running }),
  ];
  const { report } = await runOn(stage, steps, drain, kill);
  expect(report.failed.map(({ problem }) => problem.code)).toEqual(['addon-failed', 'interrupted']);
  expect(report.interrupted).toBe(true);
});
