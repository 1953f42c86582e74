/** What would be destroyed is planned before anything is ready, and what was not agreed to is not destroyed. */
import { expect, it } from 'vitest';
import type { Destruction } from '../../src/engine/destruction.js';
import { planSteps } from '../../src/engine/plan.js';
import { absent, newStage, ready, runOn } from './steps.js';

const volume: Destruction = {
  how: 'delete',
  kind: 'volume',
  name: 'vol-1',
  holds: ['20 GiB'],
  evidence: 'this fleet (tag and claim)',
  flag: '--remove-volumes',
};
const context = { signal: new AbortController().signal, say: () => undefined };

it('is in the plan of a step that is to do, also of one behind another', async () => {
  const stage = newStage();
  const steps = [
    stage.step('a', { destroys: async () => [volume] }),
    stage.step('b', { needs: ['a'], destroys: async () => [{ ...volume, name: 'vol-2' }] }),
    stage.step('c', { finds: [ready], destroys: async () => [{ ...volume, name: 'vol-3' }] }),
  ];
  const planned = await planSteps(steps, context, 10);
  expect(planned.map(({ destroys }) => destroys.map(({ name }) => name))).toEqual([['vol-1'], ['vol-2'], []]);
});

it('is no part of a plan while it cannot be read behind a step that is to do', async () => {
  const stage = newStage();
  const unreadable = { needs: ['a'], destroys: () => Promise.reject(new Error('not there yet')) };
  const planned = await planSteps([stage.step('a'), stage.step('b', unreadable)], context, 10);
  expect(planned.map(({ state, destroys }) => [state, destroys])).toEqual([
    ['absent', []],
    ['absent', []],
  ]);
});

it('is carried out when it was agreed to', async () => {
  const stage = newStage();
  const { report, events } = await runOn(
    stage,
    [stage.step('a', { destroys: async () => [volume] })],
    undefined,
    undefined,
    10,
    [volume],
  );
  expect(report.ok).toBe(true);
  expect(events.find(({ type }) => type === 'run-started')).toMatchObject({ agreed: [volume] });
  expect(events.find(({ type }) => type === 'step-started')).toMatchObject({ destroys: [volume] });
});

it.each([
  ['another thing', [{ ...volume, name: 'vol-2' }]],
  ['the same name of another kind', [{ ...volume, kind: 'EKS cluster' }]],
  ['another way', [{ ...volume, how: 'interrupt' as const }]],
  ['less in it', [{ ...volume, holds: [] }]],
  ['nothing', []],
])('is refused right before it would happen when what was agreed to is %s', async (_, agreed) => {
  const stage = newStage();
  const step = stage.step('a', { finds: [absent], destroys: async () => [volume] });
  const { report } = await runOn(stage, [step], undefined, undefined, 10, agreed);
  expect(stage.calls).toEqual(['check a@0']);
  const [failed] = report.failed;
  expect(failed?.problem).toMatchObject({ code: 'destruction-not-agreed', why: 'delete volume vol-1, 20 GiB' });
  expect(failed?.problem.message).toMatchInlineSnapshot(
    `"make a: stopped before a loss that was not agreed to in this run"`,
  );
});

it('is named with all that is in it', async () => {
  const stage = newStage();
  const holds = Array.from({ length: 9 }, (_, index) => `Deployment shop/${index}`);
  const step = stage.step('a', { finds: [absent], destroys: async () => [{ ...volume, holds }] });
  const { report } = await runOn(stage, [step], undefined, undefined, 10, []);
  expect(report.failed[0]?.problem.why).toBe(`delete volume vol-1, ${holds.join(', ')}`);
});

it('may turn out to be less than was agreed to', async () => {
  const stage = newStage();
  const step = stage.step('a', { destroys: async () => [{ ...volume, holds: [] }] });
  const { report } = await runOn(stage, [step], undefined, undefined, 10, [volume]);
  expect(report.ok).toBe(true);
});

it.each([
  ['agreed to', [volume]],
  ['not agreed to', []],
])('is asked for by a change that comes upon it: %s', async (what, agreed) => {
  const stage = newStage();
  const step = stage.step('a');
  const apply: typeof step.apply = async (change) => {
    change.mustBeAgreed([volume]);
    await step.apply(change);
  };
  const { report } = await runOn(stage, [{ ...step, apply }], undefined, undefined, 10, agreed);
  const codes = report.failed.map(({ problem }) => problem.code);
  expect(codes).toEqual(what === 'agreed to' ? [] : ['destruction-not-agreed']);
});
