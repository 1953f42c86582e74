/** How many steps of one group run at once: in a run, in a plan, and in its time table. */
import { expect, it } from 'vitest';
import { estimateRun } from '../../src/engine/estimate.js';
import type { PipelineStep } from '../../src/engine/pipeline.js';
import { planSteps } from '../../src/engine/plan.js';
import { newStage, ready, runOn, type Stage } from './steps.js';

const regions = ['us-west-2', 'eu-west-1', 'ap-southeast-1'];
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** The steps, and how many of each group were at work at once at most, checks counted too. */
function counted(steps: readonly PipelineStep[]): {
  readonly steps: readonly PipelineStep[];
  readonly most: Map<string, number>;
} {
  const now = new Map<string, number>();
  const most = new Map<string, number>();
  const counting = async <T>(group: string, work: () => Promise<T>): Promise<T> => {
    now.set(group, (now.get(group) ?? 0) + 1);
    most.set(group, Math.max(most.get(group) ?? 0, now.get(group) ?? 0));
    try {
      return await work();
    } finally {
      now.set(group, (now.get(group) ?? 0) - 1);
    }
  };
  const wrapped = steps.map((step) => {
    const { group = 'none' } = step;
    return {
      ...step,
      check: (call) => counting(group, () => step.check(call)),
      apply: (call) => counting(group, () => step.apply(call)),
    } satisfies PipelineStep;
  });
  return { steps: wrapped, most };
}

/** A parent and so many members in three regions, each created and joined. */
function fleetOn(stage: Stage, members: number, more: { readonly finds?: readonly [typeof ready] } = {}) {
  const api = stage.step('api', { applyMs: 1000, ...more });
  const lanes = upTo(members).flatMap((index) => {
    const scope = `m${index}`;
    const group = regions[index % regions.length] ?? '';
    const common = { scope, group, checkMs: 5, ...more };
    return [
      stage.step(`create/${scope}`, { ...common, applyMs: 100 + index }),
      stage.step(`join/${scope}`, { ...common, applyMs: 20, needs: ['api', `create/${scope}`] }),
    ];
  });
  return counted([api, ...lanes]);
}

it('never runs more than ten of a region at once, of 100 members in three regions, and as many as that', async () => {
  const stage = newStage();
  const { steps, most } = fleetOn(stage, 100);
  const { report } = await runOn(stage, steps);
  expect([report.ok, report.done.length]).toEqual([true, 201]);
  expect(Object.fromEntries(most)).toEqual({
    none: 1,
    ...Object.fromEntries(regions.map((region) => [region, 10])),
  });
});

it.each([1, 3, 100])('takes %d at once when told so', async (perGroup) => {
  const stage = newStage();
  const { steps, most } = fleetOn(stage, 30);
  const { report } = await runOn(stage, steps, undefined, undefined, perGroup);
  expect([report.ok, most.get('us-west-2')]).toEqual([true, Math.min(perGroup, 10)]);
});

it('starts those that wait for room in the order of the pipeline', async () => {
  const stage = newStage();
  const steps = upTo(6).map((index) => stage.step(`s${index}`, { scope: `m${index}`, group: 'x', applyMs: 100 }));
  await runOn(stage, steps, undefined, undefined, 2);
  expect(stage.calls.filter((call) => call.startsWith('apply'))).toEqual([
    'apply s0@0',
    'apply s1@0',
    'apply s2@100',
    'apply s3@100',
    'apply s4@200',
    'apply s5@200',
  ]);
});

it('gives the room of a step that failed to the next', async () => {
  const stage = newStage();
  const broken = { onApply: () => Promise.reject(new TypeError('oh')) };
  const steps = upTo(5).map((index) =>
    stage.step(`s${index}`, { scope: `m${index}`, group: 'x', ...(index < 2 ? broken : {}) }),
  );
  const { report } = await runOn(stage, steps, undefined, undefined, 1);
  expect([report.failed.length, report.done]).toEqual([2, ['s2', 's3', 's4']]);
});

it('never lets a step without a group wait', async () => {
  const stage = newStage();
  const steps = [
    stage.step('member', { scope: 'm', group: 'x', applyMs: 1000 }),
    ...upTo(20).map((index) => stage.step(`p${index}`, { applyMs: 10 })),
  ];
  await runOn(stage, steps, undefined, undefined, 1);
  expect(stage.calls.filter((call) => /^apply p\d+@0$/.test(call))).toHaveLength(20);
});

it('checks no more than ten of a region at once for a plan', async () => {
  const stage = newStage();
  const { steps, most } = fleetOn(stage, 100, { finds: [ready] });
  const planned = await planSteps(steps, { signal: new AbortController().signal, say: () => undefined }, 10);
  expect(planned.map(({ state }) => state)).toEqual(Array(201).fill('ready'));
  expect(regions.map((region) => most.get(region))).toEqual([10, 10, 10]);
});

it('refuses a bound that would let nothing run', async () => {
  const stage = newStage();
  const run = runOn(stage, [stage.step('a', { group: 'x' })], undefined, undefined, 0);
  await expect(run).rejects.toMatchObject({ code: 'internal' });
});

it.each([1, 2, 7, 10, 100])('tells beforehand how long a run takes with %d at once', async (perGroup) => {
  const stage = newStage();
  const steps = [
    stage.step('api', { applyMs: 150 }),
    ...upTo(25).flatMap((index) => {
      const common = { scope: `m${index}`, group: index % 4 === 0 ? 'near' : 'far' };
      return [
        stage.step(`create/${index}`, { ...common, applyMs: 50 + 7 * (index % 5) }),
        stage.step(`join/${index}`, { ...common, applyMs: 20, needs: ['api', `create/${index}`] }),
      ];
    }),
    stage.step('end', {
      scope: 'fleet',
      applyMs: 1,
      needs: ['api'],
      after: upTo(25).map((index) => `join/${index}`),
    }),
  ];
  const table = estimateRun(steps, perGroup);
  const { report } = await runOn(stage, steps, undefined, undefined, perGroup);
  expect(Math.max(...table.map(({ endMs }) => endMs))).toBe(report.ms);
  const chain = table.filter(({ longest }) => longest).sort((a, b) => a.startMs - b.startMs);
  expect(chain[0]?.startMs).toBe(0);
  expect(chain.slice(1).map(({ startMs }) => startMs)).toEqual(chain.slice(0, -1).map(({ endMs }) => endMs));
  expect(chain.at(-1)?.id).toBe('end');
});
