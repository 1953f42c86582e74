/** The steps that decided how long a run took. */
import { expect, it } from 'vitest';
import { criticalPath, type TimedStep } from '../../src/engine/critical-path.js';

const step = (id: string, from: number, to: number, needs: readonly string[] = [], group?: string): TimedStep => {
  return { id, from, to, needs, group };
};

it('goes back from the last step to what let each start, not along most steps', () => {
  const steps = [
    step('a', 0, 10),
    step('b', 10, 20, ['a']),
    step('c', 20, 30, ['b']),
    step('long', 10, 35, ['a']),
    step('end', 35, 40, ['c', 'long']),
    step('alone', 0, 39),
  ];
  expect([...criticalPath(steps)]).toEqual(['end', 'long', 'a']);
});

it('goes through a group whose room a step waited for, unless what it needs ended later', () => {
  const steps = [
    step('first', 0, 20, [], 'x'),
    step('other', 0, 30, [], 'y'),
    step('second', 20, 40, [], 'x'),
    step('third', 45, 50, ['late'], 'x'),
    step('late', 0, 45),
  ];
  expect([...criticalPath(steps.slice(0, 3))]).toEqual(['second', 'first']);
  expect([...criticalPath(steps)]).toEqual(['third', 'late']);
});

it('starts with the run, whatever took no time then, and is empty without steps', () => {
  expect([...criticalPath([step('ready', 0, 0), step('a', 0, 5, ['ready'])])]).toEqual(['a']);
  expect([...criticalPath([])]).toEqual([]);
});
