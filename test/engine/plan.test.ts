/** A plan looks at everything and changes nothing. */
import { expect, it } from 'vitest';
import type { PipelineStep } from '../../src/engine/pipeline.js';
import { planSteps } from '../../src/engine/plan.js';
import type { CallContext } from '../../src/engine/step.js';
import { Problem } from '../../src/errors/problem.js';
import { absent, blocked, newStage, ready, type Stage } from './steps.js';

const call: CallContext = { signal: new AbortController().signal, say: () => undefined };

async function plan(stage: Stage, steps: readonly PipelineStep[], perGroup = 10) {
  const planned = await planSteps(steps, call, perGroup);
  expect(stage.calls.filter((call) => call.startsWith('apply'))).toEqual([]);
  return planned.map(({ step, state, changes, commands, note, problem }) => {
    return { id: step.id, state, changes, commands: commands.map(({ args }) => args.join(' ')), note, problem };
  });
}

it('says of each step what it found and what a run would do', async () => {
  const stage = newStage();
  const problem = new Problem('member-foreign', { what: 'no' });
  const planned = await plan(stage, [
    stage.step('there', { finds: [{ state: 'ready', note: 'ACTIVE' }] }),
    stage.step('missing', { finds: [absent] }),
    stage.step('half', { finds: [{ state: 'partial', missing: ['the nodes'] }] }),
    stage.step('barred', { finds: [blocked(problem)] }),
  ]);
  expect(planned).toEqual([
    { id: 'there', state: 'ready', changes: [], commands: [], note: 'ACTIVE', problem: undefined },
    {
      id: 'missing',
      state: 'absent',
      changes: ['change of missing'],
      commands: ['apply missing'],
      note: undefined,
      problem: undefined,
    },
    {
      id: 'half',
      state: 'partial',
      changes: ['the nodes'],
      commands: ['apply half'],
      note: undefined,
      problem: undefined,
    },
    { id: 'barred', state: 'blocked', changes: [], commands: [], note: undefined, problem },
  ]);
});

it('does not look behind what is not ready, but shows what would come', async () => {
  const stage = newStage();
  const planned = await plan(stage, [
    stage.step('first', { finds: [absent] }),
    stage.step('second', { needs: ['first'] }),
    stage.step('other', { finds: [ready] }),
    stage.step('last', { needs: ['second', 'other'] }),
  ]);
  expect(stage.calls.toSorted()).toEqual(['check first@0', 'check other@0']);
  expect(planned.map(({ id, state, changes }) => [id, state, ...changes])).toEqual([
    ['first', 'absent', 'change of first'],
    ['second', 'absent', 'change of second'],
    ['other', 'ready'],
    ['last', 'absent', 'change of last'],
  ]);
});

it('asks a step that cannot be checked yet what is in its way already', async () => {
  const stage = newStage();
  const problem = new Problem('kubeconfig-malformed', { what: 'no' });
  const late = (id: string, after: string, preflight: () => Promise<Problem | undefined>): PipelineStep => ({
    ...stage.step(id, { needs: [after] }),
    preflight,
  });
  const planned = await plan(stage, [
    stage.step('first', { finds: [absent] }),
    late('fine', 'first', async () => undefined),
    late('barred', 'first', async () => problem),
    late('throwing', 'fine', () => Promise.reject(problem)),
    stage.step('there', { finds: [ready] }),
    late('looked at', 'there', async () => problem),
  ]);
  const found = Object.fromEntries(planned.map((each) => [each.id, [each.state, each.problem]]));
  expect(found).toMatchObject({
    fine: ['absent', undefined],
    barred: ['blocked', problem],
    throwing: ['blocked', problem],
    'looked at': ['absent', undefined],
  });
});

it('looks in parallel wherever it may', async () => {
  const stage = newStage();
  await plan(stage, [
    stage.step('a', { checkMs: 100, finds: [ready] }),
    stage.step('b', { checkMs: 300, finds: [ready] }),
    stage.step('c', { checkMs: 100, finds: [ready] }),
    stage.step('after-a', { needs: ['a'], finds: [ready], checkMs: 100 }),
  ]);
  expect(stage.calls).toEqual(['check a@0', 'check b@0', 'check c@0', 'check after-a@100']);
  expect(stage.clock.now()).toBe(300);
});

it('shows a look that failed as what stands in the way', async () => {
  const stage = newStage();
  const expired = new Problem('credentials-expired', { what: 'renew them' });
  const planned = await plan(stage, [
    { ...stage.step('refused'), check: () => Promise.reject(expired) },
    { ...stage.step('bug'), check: () => Promise.reject(new TypeError('oh')) },
    stage.step('behind', { needs: ['bug'] }),
  ]);
  expect(planned.map(({ id, state, problem }) => [id, state, problem?.code])).toEqual([
    ['refused', 'blocked', 'credentials-expired'],
    ['bug', 'blocked', 'internal'],
    ['behind', 'absent', undefined],
  ]);
});

it('shows what waits for something that is to be done as to be done too', async () => {
  const stage = newStage();
  const planned = await plan(stage, [
    stage.step('join', { finds: [absent] }),
    stage.step('contexts', { after: ['join'], finds: [ready] }),
  ]);
  expect(planned.map(({ id, state }) => [id, state])).toEqual([
    ['join', 'absent'],
    ['contexts', 'absent'],
  ]);
});

it('looks behind what lasts only as long as a run, unless something before that is missing', async () => {
  const stage = newStage();
  const lease = { perRun: true, finds: [absent] } as const;
  const planned = await plan(stage, [
    stage.step('lease', lease),
    stage.step('behind', { needs: ['lease'], finds: [ready] }),
    stage.step('missing', { finds: [absent] }),
    stage.step('late-lease', { ...lease, needs: ['missing'] }),
    stage.step('unseen', { needs: ['late-lease'], finds: [ready] }),
  ]);
  expect(planned.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'lease absent',
    'behind ready',
    'missing absent',
    'late-lease absent',
    'unseen absent',
  ]);
});
