/** Whose a thing is: two witnesses make it the fleet's, one does not, and a veto is stronger than both. */
import { describe, expect, it } from 'vitest';
import { type Evidence, judge, type Lifetime } from '../../src/ownership/ownership.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const fleet = 'demo.us-west-2';

const recorded: Lifetime = { cluster: 'one', since: start, by: 'record' };
const stacked: Lifetime = { cluster: 'one', since: start, by: 'stack' };
const over: Lifetime = { ...recorded, until: start + 10 * hour };

function told(lives: readonly Lifetime[], found: Partial<Evidence>): string {
  const evidence: Evidence = {
    ...{ tag: undefined, clusters: ['one'], marked: false, existed: false, clusterIsOthers: false },
    createdAt: new Date(start + hour),
    ...found,
  };
  return judge(fleet, lives, evidence).evidence;
}

describe('a thing with two witnesses', () => {
  it('is the fleet’s', () => {
    expect(told([stacked], { tag: fleet })).toBe('this fleet (tag and stack)');
    expect(told([recorded], { tag: fleet })).toBe('this fleet (tag and record)');
    expect(told([stacked, recorded], { tag: fleet })).toBe('this fleet (tag, stack and record)');
    expect(told([recorded], { marked: true })).toBe('this fleet (cluster one and record)');
    expect(told([], { tag: fleet, clusters: [], proof: 'its Service' })).toBe('this fleet (tag and its Service)');
  });
});

describe('a thing with one witness', () => {
  it('is perhaps the fleet’s', () => {
    expect(told([], { tag: fleet })).toBe('perhaps this fleet (tag only)');
    expect(told([{ ...stacked, cluster: 'one-b' }], { tag: fleet })).toBe('perhaps this fleet (tag only)');
    expect(told([recorded], {})).toBe('perhaps this fleet (record only)');
    expect(told([stacked], {})).toBe('perhaps this fleet (stack only)');
    // A second cluster that the fleet did not make has a part in it.
    expect(told([recorded], { tag: fleet, clusters: ['one', 'shop'], marked: true })).toBe(
      'perhaps this fleet (tag only)',
    );
  });
});

describe('a thing without a witness', () => {
  it('is not the fleet’s', () => {
    expect(told([], {})).toBe('not ours: no mark of this fleet');
    expect(told([], { marked: true })).toBe('not ours: no mark of this fleet');
    expect(told([recorded], { marked: true, clusters: ['one', 'shop'] })).toBe('not ours: no mark of this fleet');
  });
});

describe('a veto', () => {
  it('is stronger than all witnesses', () => {
    const all = { tag: fleet, marked: true };
    const lives = [stacked, recorded];
    expect(told(lives, { ...all, tag: 'demo.eu-west-1' })).toBe('not ours: tag of fleet demo.eu-west-1');
    expect(told(lives, { ...all, existed: true })).toBe('not ours: existed before');
    expect(told(lives, { ...all, clusterIsOthers: true })).toBe('not ours: its cluster does not belong to this fleet');
    expect(told(lives, { ...all, createdAt: new Date(start - hour) })).toBe(
      'not ours: older than this fleet’s cluster one',
    );
    expect(told([over], { ...all, createdAt: new Date(start + 11 * hour) })).toBe(
      'not ours: younger than the end of this fleet’s cluster one',
    );
  });

  it('of time is none where another life of the name covers it, or the time is not known', () => {
    const again: Lifetime = { cluster: 'one', since: start + 20 * hour, by: 'stack' };
    expect(told([over, again], { tag: fleet, createdAt: new Date(start + 21 * hour) })).toBe(
      'this fleet (tag and stack)',
    );
    expect(told([over, again], { tag: fleet, createdAt: new Date(start + 15 * hour) })).toBe(
      'not ours: younger than the end of this fleet’s cluster one',
    );
    expect(told([over], { tag: fleet, createdAt: undefined })).toBe('this fleet (tag and record)');
    expect(told([{ cluster: 'one', since: undefined, by: 'record' }], { tag: fleet })).toBe(
      'this fleet (tag and record)',
    );
  });

  it('of time leaves five minutes for clocks that differ', () => {
    const at = (ms: number): string => told([over], { tag: fleet, createdAt: new Date(ms) });
    expect(at(start - 4 * 60_000)).toBe('this fleet (tag and record)');
    expect(at(start - 6 * 60_000)).toContain('not ours');
    expect(at(start + 10 * hour + 4 * 60_000)).toBe('this fleet (tag and record)');
    expect(at(start + 10 * hour + 6 * 60_000)).toContain('not ours');
  });
});
