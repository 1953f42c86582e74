/** A step that waits for what another one brings forth meanwhile. */
import { expect, it } from 'vitest';
import type { PipelineStep } from '../../src/engine/pipeline.js';
import { poll } from '../../src/engine/poll.js';
import type { CallContext } from '../../src/engine/step.js';
import { Problem } from '../../src/errors/problem.js';
import { newStage, runOn, type Stage, type StepPlan, told } from './steps.js';

/** A cluster whose control plane is there half-way; `early` needs no more than that. */
function clusterOn(stage: Stage, cluster: StepPlan, activeAt: number): readonly PipelineStep[] {
  const { clock } = stage;
  const onApply = async ({ signal }: CallContext): Promise<void> => {
    const onTimeout = (): Problem => new Problem('tool-failed', { what: 'it never came' });
    const look = async (): Promise<true | undefined> => (clock.now() >= activeAt ? true : undefined);
    await poll(look, { clock, signal, everyMs: 10, limitMs: 10_000, onTimeout });
  };
  return [
    stage.step('cluster', cluster),
    stage.step('control-plane', { during: 'cluster', onApply }),
    stage.step('early', { needs: ['control-plane'], applyMs: 20 }),
    stage.step('late', { needs: ['early', 'cluster'] }),
  ];
}

const fails = { onApply: () => Promise.reject(new Problem('tool-failed', { what: 'no' })) };

it('lets others begin while what it watches goes on', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, clusterOn(stage, { applyMs: 100 }, 50));
  expect(report).toMatchObject({ ok: true, ms: 100, done: ['control-plane', 'early', 'cluster', 'late'] });
  expect(stage.calls).toContain('apply early@50');
});

it('is given up with what it watches, at once and without a failure of its own', async () => {
  const stage = newStage();
  const { report, events } = await runOn(stage, clusterOn(stage, { ...fails, applyMs: 30 }, 5_000));
  expect(report).toMatchObject({ ok: false, ms: 30, done: [], notStarted: ['control-plane', 'early', 'late'] });
  expect(report.failed.map(({ id }) => id)).toEqual(['cluster']);
  expect(told(events)).not.toContain('step-failed control-plane@30');
});

it('keeps what it let begin when what it watches fails later', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, clusterOn(stage, { ...fails, applyMs: 60 }, 50));
  expect(report).toMatchObject({ ms: 70, done: ['control-plane', 'early'], notStarted: ['late'] });
});

it('is not begun when what it watches has failed in a lane of its own', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('before', { scope: 'b', applyMs: 50 }),
    stage.step('cluster', { ...fails, scope: 'a', applyMs: 10 }),
    stage.step('control-plane', { scope: 'a', during: 'cluster', needs: ['before'] }),
  ]);
  expect(report.notStarted).toEqual(['control-plane']);
  expect(stage.calls).not.toContain('check control-plane@50');
});

it('fails like any other when it is stopped', async () => {
  const stage = newStage();
  const kill = new AbortController();
  void stage.clock.sleep(25).then(() => kill.abort());
  const { report } = await runOn(stage, clusterOn(stage, { applyMs: 5_000, ...fails }, 4_000), undefined, kill);
  expect(report.ms).toBe(25);
  expect(report.failed.map(({ id, problem }) => `${id} ${problem.code}`)).toContain('cluster interrupted');
});

it('waits for nothing that a stop kept from being begun', async () => {
  const stage = newStage();
  const drain = new AbortController();
  void stage.clock.sleep(5).then(() => drain.abort());
  const { report } = await runOn(stage, clusterOn(stage, { applyMs: 100, checkMs: 20 }, 60), drain);
  expect(report).toMatchObject({ interrupted: true, ms: 20, failed: [] });
  expect(report.notStarted).toEqual(['cluster', 'control-plane', 'early', 'late']);
});
