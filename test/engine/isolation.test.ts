/** What a failure stops, and what goes on beside it. */
import { expect, it } from 'vitest';
import type { PipelineStep } from '../../src/engine/pipeline.js';
import { Problem } from '../../src/errors/problem.js';
import { newStage, runOn, type Stage, type StepPlan } from './steps.js';

const fails = { applyMs: 10, onApply: () => Promise.reject(new Problem('tool-failed', { what: 'no' })) };

/** A fleet of two members: each is created and joined behind the API; the contexts wait for both. */
function fleetOn(stage: Stage, plans: Readonly<Record<string, StepPlan>>): readonly PipelineStep[] {
  const step = (id: string, scope: string, plan: StepPlan): PipelineStep =>
    stage.step(id, { scope, applyMs: 100, ...plan, ...plans[id] });
  return [
    step('api', 'parent', { applyMs: 200 }),
    ...['a', 'b'].flatMap((name) => [
      step(`create/${name}`, name, {}),
      step(`join/${name}`, name, { needs: ['api', `create/${name}`] }),
    ]),
    step('contexts', 'fleet', { needs: ['api'], after: ['join/a', 'join/b'] }),
  ];
}

it('keeps a member’s failure to what comes after it', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, fleetOn(stage, { 'create/a': fails }));
  expect(report).toMatchObject({ ok: false, interrupted: false, ms: 400, notStarted: ['join/a'] });
  expect(report.done).toEqual(['create/b', 'api', 'join/b', 'contexts']);
  expect(report.failed.map(({ id }) => id)).toEqual(['create/a']);
  expect(report.lanes).toEqual([
    { lane: 'parent', state: 'complete' },
    { lane: 'a', state: 'failed' },
    { lane: 'b', state: 'complete' },
    { lane: 'fleet', state: 'complete' },
  ]);
});

it.each([
  ['the last of them has failed', { 'join/b': { ...fails, applyMs: 300 } }, 500],
  ['none of them can start any more', { 'create/a': fails, 'create/b': fails }, 200],
  ['all of them ended well', {}, 300],
])('starts what waits for others when %s', async (_, plans, at) => {
  const stage = newStage();
  await runOn(stage, fleetOn(stage, plans));
  expect(stage.calls).toContain(`apply contexts@${at}`);
});

it('stops everything when the parent fails, also what only waits', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, fleetOn(stage, { api: fails }));
  expect(report.done).toEqual(['create/a', 'create/b']);
  expect(report.notStarted).toEqual(['join/a', 'join/b', 'contexts']);
  expect(report.lanes.map(({ lane, state }) => `${lane} ${state}`)).toEqual([
    'parent failed',
    'a unfinished',
    'b unfinished',
    'fleet unfinished',
  ]);
});

it('stops everything when a step of the whole fleet fails', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('of-all', { ...fails, scope: 'fleet' }),
    stage.step('create', { scope: 'a', applyMs: 100 }),
    stage.step('join', { scope: 'a', needs: ['create'] }),
  ]);
  expect([report.done, report.notStarted]).toEqual([['create'], ['join']]);
});

it('does not start what comes after a member that failed, however far, in any lane', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('leave/a', { ...fails, scope: 'a' }),
    stage.step('leave/b', { scope: 'b', applyMs: 20 }),
    stage.step('remove', { needs: ['leave/a', 'leave/b'] }),
    stage.step('parent-goes', { needs: ['remove'] }),
    stage.step('b-goes', { scope: 'b', needs: ['leave/b'] }),
    stage.step('last', { scope: 'fleet', needs: ['parent-goes', 'b-goes'] }),
  ]);
  expect([report.done, report.notStarted]).toEqual([
    ['leave/b', 'b-goes'],
    ['remove', 'parent-goes', 'last'],
  ]);
});

it('begins a change that was being checked when another member failed', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('bad', { ...fails, scope: 'a' }),
    stage.step('looking', { scope: 'b', checkMs: 50 }),
  ]);
  expect(report.done).toEqual(['looking']);
});

it('starts nothing that waits once the user wants to stop', async () => {
  const stage = newStage();
  const drain = new AbortController();
  void stage.clock.sleep(250).then(() => drain.abort());
  const { report } = await runOn(stage, fleetOn(stage, { 'create/a': fails }), drain);
  expect(report).toMatchObject({ interrupted: true, notStarted: ['join/a', 'contexts'] });
});
