/** Runs: what starts when, what is proven, and what is told. Times are virtual. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { absent, blocked, newStage, ready, runOn, told } from './steps.js';

it('starts a step the moment what it needs is there, not when a wave has ended', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('fast', { applyMs: 10 }),
    stage.step('slow', { applyMs: 1000 }),
    stage.step('after-fast', { needs: ['fast'], applyMs: 10 }),
    stage.step('after-that', { needs: ['after-fast'], applyMs: 10 }),
    stage.step('after-both', { needs: ['slow', 'after-that'], applyMs: 10 }),
  ]);
  expect(stage.calls.filter((call) => call.startsWith('apply'))).toEqual([
    'apply fast@0',
    'apply slow@0',
    'apply after-fast@10',
    'apply after-that@20',
    'apply after-both@1000',
  ]);
  expect(report).toMatchObject({ ok: true, ms: 1010 });
});

it('takes as long as its critical path, however many steps there are', async () => {
  const stage = newStage();
  const many = Array.from({ length: 50 }, (_, index) => stage.step(`s${index}`, { applyMs: 100 + index }));
  const end = stage.step('end', { needs: many.map(({ id }) => id), applyMs: 1 });
  const { report } = await runOn(stage, [...many, end]);
  expect([report.ms, report.done.length]).toEqual([150, 51]);
});

it('checks, applies and checks again, and tells each with its time', async () => {
  const stage = newStage();
  const { report, events } = await runOn(stage, [
    stage.step('a', { checkMs: 5, applyMs: 100, onApply: ({ say }) => say('half-way') }),
  ]);
  expect(stage.calls).toEqual(['check a@0', 'apply a@5', 'check a@105']);
  expect(told(events)).toEqual([
    'run-started@0',
    'step-checking a@0',
    'step-started a@5',
    'step-progress a@105',
    'step-done a@110',
    'run-finished@110',
  ]);
  expect(events[2]).toMatchObject({ changes: ['change of a'] });
  expect(events[3]).toMatchObject({ line: 'half-way' });
  expect(events[4]).toMatchObject({ ms: 110 });
  expect(report).toEqual({
    ok: true,
    interrupted: false,
    ms: 110,
    ready: [],
    done: ['a'],
    failed: [],
    notStarted: [],
    lanes: [{ lane: 'parent', state: 'complete' }],
  });
});

it('tells a line once, however often a waiting tool says it', async () => {
  const stage = newStage();
  const lines = ['waiting', 'waiting', 'creating', 'waiting'];
  const { events } = await runOn(stage, [
    stage.step('a', {
      onApply: ({ say }) => {
        for (const line of lines) say(line);
      },
    }),
  ]);
  expect(events.flatMap((event) => (event.type === 'step-progress' ? event.line : []))).toEqual([
    'waiting',
    'creating',
    'waiting',
  ]);
});

it('tells of the steps in the order of the pipeline, before anything else', async () => {
  const stage = newStage();
  const { events } = await runOn(stage, [stage.step('a', { applyMs: 7 }), stage.step('b', { needs: ['a'] })]);
  expect(events[0]).toEqual({
    type: 'run-started',
    at: 0,
    steps: [
      { id: 'a', title: 'make a', lane: 'parent', after: [], expectedMs: 7 },
      { id: 'b', title: 'make b', lane: 'parent', after: ['a'], expectedMs: 0 },
    ],
    perGroup: 10,
    agreed: [],
  });
});

it('leaves alone what is ready, reports why, and continues behind it', async () => {
  const stage = newStage();
  const { report, events } = await runOn(stage, [
    stage.step('a', { finds: [{ state: 'ready', note: 'since yesterday' }] }),
    stage.step('b', { needs: ['a'], finds: [ready] }),
    stage.step('c', { needs: ['b'] }),
  ]);
  expect(report).toMatchObject({ ok: true, ready: ['a', 'b'], done: ['c'] });
  expect(stage.calls).toEqual(['check a@0', 'check b@0', 'check c@0', 'apply c@0', 'check c@0']);
  expect(events.filter(({ type }) => type === 'step-ready')).toEqual([
    { type: 'step-ready', at: 0, id: 'a', note: 'since yesterday' },
    { type: 'step-ready', at: 0, id: 'b' },
  ]);
});

it('announces only what is missing when some of it is there', async () => {
  const stage = newStage();
  const { events } = await runOn(stage, [
    stage.step('a', { finds: [{ state: 'partial', missing: ['the role'] }, ready] }),
  ]);
  expect(events.find(({ type }) => type === 'step-started')).toMatchObject({ changes: ['the role'] });
});

it('does not believe a step whose result is not there', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('liar', { finds: [absent] }),
    stage.step('half', { finds: [absent, { state: 'partial', missing: ['two of three', 'the address'] }] }),
    stage.step('next', { needs: ['liar'] }),
  ]);
  expect(report).toMatchObject({ ok: false, interrupted: false, done: [], notStarted: ['next'] });
  expect(report.failed.map(({ id, problem }) => [id, problem.code, problem.why])).toEqual([
    ['liar', 'step-without-effect', undefined],
    ['half', 'step-without-effect', 'two of three; the address'],
  ]);
});

it('never applies a step that is blocked, and passes its problem on', async () => {
  const stage = newStage();
  const problem = new Problem('karmada-foreign', { what: 'another Karmada is there' });
  const { report } = await runOn(stage, [stage.step('a', { finds: [blocked(problem)] })]);
  expect(report.failed).toEqual([{ id: 'a', problem }]);
  expect(stage.calls).toEqual(['check a@0']);
});

it('fails a step that is blocked after its change', async () => {
  const stage = newStage();
  const problem = new Problem('member-foreign', { what: 'it went to somebody else' });
  const { report } = await runOn(stage, [stage.step('a', { finds: [absent, blocked(problem)] })]);
  expect(report).toMatchObject({ ok: false, done: [], failed: [{ id: 'a', problem }] });
});

it('starts nothing after a failure in the parent’s lane, but lets what runs end and proves it', async () => {
  const stage = newStage();
  const problem = new Problem('addon-failed', { what: 'no' });
  const { report, events } = await runOn(stage, [
    stage.step('bad', { applyMs: 10, onApply: () => Promise.reject(problem) }),
    stage.step('slow', { applyMs: 500 }),
    stage.step('after-bad', { needs: ['bad'] }),
    stage.step('after-slow', { needs: ['slow'] }),
  ]);
  expect(report).toMatchObject({ ok: false, interrupted: false, ms: 500, done: ['slow'] });
  expect(report.notStarted).toEqual(['after-bad', 'after-slow']);
  expect(events.find(({ type }) => type === 'step-failed')).toEqual({
    type: 'step-failed',
    at: 10,
    id: 'bad',
    ms: 10,
    problem,
  });
  expect(stage.calls.at(-1)).toBe('check slow@500');
});

it('goes on after a failure in the parent’s lane that concerns nothing else', async () => {
  const stage = newStage();
  const fails = (): Promise<void> => Promise.reject(new Problem('addon-failed', { what: 'no' }));
  const { report } = await runOn(stage, [
    stage.step('bad', { failsAlone: true, onApply: fails }),
    stage.step('slow', { applyMs: 500 }),
    stage.step('after-bad', { needs: ['bad'] }),
    stage.step('after-slow', { needs: ['slow'] }),
  ]);
  expect(report).toMatchObject({ ok: false, done: ['slow', 'after-slow'], notStarted: ['after-bad'] });
});

it('does not begin a change when something failed while it was still looking', async () => {
  const stage = newStage();
  const { report } = await runOn(stage, [
    stage.step('bad', { finds: [blocked(new Problem('addon-failed', { what: 'no' }))] }),
    stage.step('looking', { checkMs: 100 }),
    stage.step('last'),
    stage.step('looking-too', { checkMs: 100, finds: [ready] }),
  ]);
  expect(stage.calls).not.toContain('apply looking@100');
  expect(report).toMatchObject({ ready: ['looking-too'], done: [], ms: 100 });
  expect(report.notStarted).toEqual(['looking', 'last']);
});

it('collects all failures of steps that ran in parallel', async () => {
  const stage = newStage();
  const fail = (what: string) => () => Promise.reject(new Problem('tool-failed', { what }));
  const { report } = await runOn(stage, [
    stage.step('b', { applyMs: 20, onApply: fail('second') }),
    stage.step('a', { applyMs: 10, onApply: fail('first') }),
  ]);
  expect(report.failed.map(({ problem }) => problem.message)).toEqual(['first', 'second']);
});

it.each([
  ['an error', new TypeError('x is undefined'), 'unexpected error: x is undefined'],
  ['a text', 'just a text', 'unexpected error: just a text'],
])('takes %s that a step throws for a bug', async (_, thrown, message) => {
  const stage = newStage();
  const { report } = await runOn(stage, [stage.step('a', { onApply: () => Promise.reject(thrown) })]);
  expect(report.failed[0]?.problem).toMatchObject({ code: 'internal', message, cause: thrown });
});

it('takes an error in a look for a bug too, even one thrown at once', async () => {
  const stage = newStage();
  const broken = { ...stage.step('a'), check: () => Promise.reject(new RangeError('later')) };
  const worse = {
    ...stage.step('b'),
    check: () => {
      throw new Problem('throttled', { what: 'at once' });
    },
  };
  const { report } = await runOn(stage, [broken, worse]);
  expect(Object.fromEntries(report.failed.map(({ id, problem }) => [id, problem.code]))).toEqual({
    a: 'internal',
    b: 'throttled',
  });
});

it('ends at once when there is nothing to do', async () => {
  const { report, events } = await runOn(newStage(), []);
  const nothing = { ready: [], done: [], failed: [], notStarted: [], lanes: [] };
  expect(report).toEqual({ ok: true, interrupted: false, ms: 0, ...nothing });
  expect(told(events)).toEqual(['run-started@0', 'run-finished@0']);
});

it('asks before each change whether it may still be made', async () => {
  const stage = newStage();
  const refusals = [undefined, new Problem('fleet-locked', { what: 'lost' })];
  const beforeChange = async (): Promise<void> => {
    stage.calls.push('may it?');
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
  };
  const steps = [stage.step('a', { finds: [ready] }), stage.step('b'), stage.step('c', { needs: ['b'] })];
  const { report } = await runOn(stage, steps, undefined, undefined, 10, [], beforeChange);
  expect(stage.calls).toEqual(['check a@0', 'check b@0', 'may it?', 'apply b@0', 'check b@0', 'check c@0', 'may it?']);
  expect(report.failed.map(({ id, problem }) => [id, problem.code])).toEqual([['c', 'fleet-locked']]);
});
