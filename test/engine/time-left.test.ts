/** How much longer a run takes: by the longest chain of what is left, with room in groups, and honest about what is late. */
import { describe, expect, it } from 'vitest';
import type { StepInfo } from '../../src/engine/events.js';
import { timeLeft } from '../../src/engine/time-left.js';

const minute = 60_000;

function step(id: string, minutes: number, after: readonly string[] = [], group?: string): StepInfo {
  const info = { id, title: id, lane: 'parent', after, expectedMs: minutes * minute };
  return group === undefined ? info : { ...info, group };
}

const steps = [
  step('cluster', 18),
  step('karmada', 3, ['cluster']),
  step('member', 15),
  step('join', 1, ['karmada', 'member']),
];

/** After so many minutes, with what is over and what began when, in minutes. */
function left(
  now: number,
  over: readonly string[],
  since: Readonly<Record<string, number>>,
  all = steps,
  perGroup = 4,
) {
  const began = new Map(Object.entries(since).map(([id, at]) => [id, at * minute]));
  const { ms, late } = timeLeft({ steps: all, perGroup, over: new Set(over), since: began }, now * minute);
  return { minutes: Math.round(ms / minute), late };
}

describe('the time left', () => {
  it('is that of the longest chain, not the sum', () => {
    expect(left(0, [], {})).toEqual({ minutes: 22, late: false });
  });

  it('counts off what has run and forgets what is over', () => {
    expect(left(10, [], { cluster: 0, member: 0 })).toEqual({ minutes: 12, late: false });
    expect(left(20, ['cluster', 'member'], { karmada: 19 })).toEqual({ minutes: 3, late: false });
    expect(left(23, ['cluster', 'member', 'karmada', 'join'], {})).toEqual({ minutes: 0, late: false });
  });

  it('follows another chain when one ends early', () => {
    expect(left(2, ['cluster'], { karmada: 2, member: 1 })).toEqual({ minutes: 15, late: false });
  });

  it('is a lower bound while the step that all wait for takes longer than expected', () => {
    expect(left(25, [], { cluster: 0, member: 24 })).toEqual({ minutes: 15, late: false });
    expect(left(25, ['member'], { cluster: 0 })).toEqual({ minutes: 4, late: true });
    expect(left(18.4, ['member'], { cluster: 0 }).late).toBe(false);
  });

  it('knows that a group has no room for all', () => {
    const many = ['a', 'b', 'c'].map((id) => step(id, 10, [], 'eu-west-1'));
    expect(left(0, [], {}, many, 3).minutes).toBe(10);
    expect(left(0, [], {}, many, 2).minutes).toBe(20);
    expect(left(4, [], { a: 0, b: 0 }, many, 2).minutes).toBe(16);
  });
});
