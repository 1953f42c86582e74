/** Steps over time, drawn: in place, in width, and with what the terminal can show. */
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { asItWas, slowerThanExpected } from '../../src/ui/drawings/run-timeline.js';
import { renderTimeline } from '../../src/ui/drawings/timeline.js';
import type { Bar } from '../../src/ui/ui.js';

const minute = 60_000;
const colour = new Chalk({ level: 0 });

const bars: readonly Bar[] = [
  { label: 'create-cluster/parent', startMs: 0, endMs: 18 * minute, longest: true },
  { label: 'create-cluster/集群-一-of-a-very-long-name', startMs: 0, endMs: 9 * minute, longest: false },
  { label: 'write-kubeconfig/parent', startMs: 18 * minute, endMs: 18 * minute + 3000, longest: true },
  { label: 'init-karmada', startMs: 18 * minute + 3000, endMs: 24 * minute, longest: true },
];

const drawn = (columns: number, blocks = true): readonly string[] => renderTimeline(bars, { colour, columns, blocks });

it.each([57, 80, 120, 200, 250])('fits into %d columns and leaves one free', (columns) => {
  const widths = drawn(columns).map((line) => stringWidth(line));
  expect(Math.max(...widths)).toBeLessThan(columns);
  // All rows of bars end in the same column: that of the longest drawing is 200.
  expect(new Set(widths.slice(1, -1))).toEqual(new Set([Math.min(columns, 200) - 1]));
});

it('places the bars by time, one cell at least, the critical path in another fill', () => {
  expect(drawn(60).join('\n')).toMatchInlineSnapshot(`
    "                              0m        10m       20m
    create-cluster/parent         ██████████████████       ~18m
    create-cluster…very-long-name ▒▒▒▒▒▒▒▒▒                 ~9m
    write-kubeconfig/parent                         █       ~3s
    init-karmada                                    ██████  ~6m
    █ critical path: ~24m   ▒ in parallel"
  `);
});

it('uses plain characters where blocks cannot be shown', () => {
  const text = drawn(60, false).join('\n');
  expect(text).toContain('####');
  expect(text).toContain('====');
  expect(text).not.toMatch(/[█▒▓]/);
});

it('keeps the beginning and the end of a name that is too long', () => {
  expect(drawn(57)[2]).toMatch(/^create-cluster…ery-long-name ▒/);
});

it('gives each name a line of its own where it would be cut so short that others look alike', () => {
  expect(drawn(40).join('\n')).toMatchInlineSnapshot(`
    "  0m    5m     10m    15m   20m
    create-cluster/parent
      ████████████████████████         ~18m
    create-cluster/集群…of-a-very-long-name
      ▒▒▒▒▒▒▒▒▒▒▒▒                      ~9m
    write-kubeconfig/parent
                              █         ~3s
    init-karmada
                              ████████  ~6m
    █ critical path: ~24m   ▒ in parallel"
  `);
  expect(Math.max(...drawn(40).map((line) => stringWidth(line)))).toBeLessThan(40);
});

it('takes the whole as longer than its last bar where that is known', () => {
  const whole = renderTimeline(bars, { colour, columns: 60, blocks: true, totalMs: 30 * minute });
  expect(whole.at(-1)).toContain('critical path: ~30m');
  expect(whole.at(-2)).toMatch(/██ {4,}~6m$/);
});

it('counts seconds where minutes are too coarse', () => {
  const short: readonly Bar[] = [{ label: 'demo', startMs: 0, endMs: 20_000, longest: true }];
  expect(renderTimeline(short, { colour, columns: 60, blocks: true })[0]).toMatch(/0s +5s +10s +15s/);
});

it('draws nothing for a run that does nothing', () => {
  expect(renderTimeline([], { colour, columns: 80, blocks: true })).toEqual([]);
});

describe('a run looked back upon', () => {
  const step = (id: string, after: readonly string[], expectedMs: number) => ({
    info: { id, title: `make ${id}`, lane: 'parent', after, expectedMs },
  });
  const ended = [
    { ...step('there', [], minute), from: 0, to: 1000, outcome: 'ready' as const },
    { ...step('quick', ['there'], minute), from: 1000, to: minute, outcome: 'done' as const },
    { ...step('late', ['there'], minute), from: 1000, to: 3 * minute, outcome: 'done' as const },
    {
      ...step('last', ['quick', 'late'], 10_000),
      from: 3 * minute,
      to: 3 * minute + 30_000,
      outcome: 'failed' as const,
    },
  ];

  it('shows what ran, and marks the steps that its end waited for', () => {
    expect(asItWas(ended, 0)).toEqual([
      { label: 'make quick', startMs: 1000, endMs: minute, longest: false },
      { label: 'make late', startMs: 1000, endMs: 3 * minute, longest: true },
      { label: 'make last', startMs: 3 * minute, endMs: 3 * minute + 30_000, longest: true, failed: true },
    ]);
  });

  it('leaves out what is too short to be seen, unless it failed', () => {
    const short = { from: 3000, to: 4000 };
    const all = [
      ...ended,
      { ...step('done', [], 0), ...short, outcome: 'done' as const },
      { ...step('lost', [], 0), ...short, outcome: 'failed' as const },
    ];
    expect(asItWas(all, 0).map(({ label }) => label)).toEqual(['make quick', 'make late', 'make lost', 'make last']);
  });

  it('calls a step slow when it took half as long again and half a minute more', () => {
    const took = (ms: number, expectedMs: number) => [
      { ...step('a', [], expectedMs), from: 0, to: ms, outcome: 'done' as const },
    ];
    expect(slowerThanExpected(ended).map(({ info }) => info.id)).toEqual(['late']);
    expect(slowerThanExpected(took(33_000, 3000))).toEqual([]);
    expect(slowerThanExpected(took(34_000, 3000))).toHaveLength(1);
    expect(slowerThanExpected(took(14 * minute, 10 * minute))).toEqual([]);
    expect(slowerThanExpected(took(16 * minute, 10 * minute))).toHaveLength(1);
  });
});
