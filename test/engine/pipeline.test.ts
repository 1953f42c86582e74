/** A pipeline holds steps in an order in which they can run, and refuses what has none. */
import { expect, it } from 'vitest';
import { independent, Pipeline, predecessors } from '../../src/engine/pipeline.js';
import { newStage } from './steps.js';

const { step } = newStage();

it('keeps the order in which steps were added, and names what each waits for', () => {
  const pipeline = new Pipeline();
  const a = pipeline.add(step('a'));
  const b = pipeline.add(step('b'), { group: 'us-west-2' });
  const c = pipeline.add(step('c'), { needs: [a], during: b });
  pipeline.add(step('d'), { needs: [a, undefined], after: [b, c] });
  const edges = pipeline.steps.map(({ id, needs, after, during, group }) => ({ id, needs, after, during, group }));
  expect(edges).toEqual([
    { id: 'a', needs: [], after: [], during: undefined, group: undefined },
    { id: 'b', needs: [], after: [], during: undefined, group: 'us-west-2' },
    { id: 'c', needs: ['a'], after: [], during: 'b', group: undefined },
    { id: 'd', needs: ['a'], after: ['b', 'c'], during: undefined, group: undefined },
  ]);
  expect(pipeline.steps.map(predecessors)).toEqual([[], [], ['a'], ['a', 'b', 'c']]);
});

it('refuses a second step of one id as a bug', () => {
  const pipeline = new Pipeline();
  pipeline.add(step('a'));
  expect(() => pipeline.add(step('a'))).toThrow(
    expect.objectContaining({ code: 'internal', message: 'two steps have the id a' }),
  );
});

it.each(['needs', 'after', 'during'] as const)('refuses an edge to a step of another pipeline: %s', (edge) => {
  const foreign = new Pipeline().add(step('a'));
  const pipeline = new Pipeline();
  pipeline.add(step('a'));
  const what = 'step b waits for a, which is not in its pipeline';
  expect(() => pipeline.add(step('b'), { [edge]: edge === 'during' ? foreign : [foreign] })).toThrow(
    expect.objectContaining({ code: 'internal', message: what }),
  );
  expect(pipeline.steps.map(({ id }) => id)).toEqual(['a']);
});

it('has no edges between independent steps', () => {
  const steps = independent([step('a'), step('b')]);
  expect(steps.map(({ id, needs, after }) => [id, needs, after])).toEqual([
    ['a', [], []],
    ['b', [], []],
  ]);
});
