/** The order of steps, and what is wrong with a pipeline that has none. */
import { expect, it } from 'vitest';
import { criticalPath, type GraphNode, inOrder } from '../../src/engine/graph.js';

const node = (id: string, after: readonly string[] = [], expectedMs = 1): GraphNode => ({ id, after, expectedMs });
const ids = (nodes: readonly GraphNode[]): readonly string[] => nodes.map(({ id }) => id);

it('keeps the given order where it can', () => {
  expect(ids(inOrder([node('a'), node('b'), node('c', ['a'])]))).toEqual(['a', 'b', 'c']);
  expect(inOrder([])).toEqual([]);
});

it('puts each step after all that it needs', () => {
  const steps = [node('end', ['left', 'right']), node('left', ['start']), node('right', ['start']), node('start')];
  expect(ids(inOrder(steps))).toEqual(['start', 'left', 'right', 'end']);
});

it('orders any graph without cycles, whichever way it is written', () => {
  // A linear congruential generator: the same thousand graphs in every run.
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 1000; round += 1) {
    const size = 1 + random(12);
    const nodes = Array.from({ length: size }, (_, index) => {
      const after = Array.from({ length: index }, (__, earlier) => String(earlier)).filter(() => random(3) === 0);
      return node(String(index), after);
    });
    const written = nodes.map((each) => ({ each, key: random(1000) })).sort((a, b) => a.key - b.key);
    const ordered = ids(inOrder(written.map(({ each }) => each)));
    expect(new Set(ordered).size).toBe(size);
    for (const each of nodes) {
      for (const id of each.after) expect(ordered.indexOf(id)).toBeLessThan(ordered.indexOf(each.id));
    }
  }
});

it.each([
  ['a cycle, with its path', [node('a', ['c']), node('b', ['a']), node('c', ['b'])], 'a → c → b → a'],
  ['a step that waits for itself', [node('a', ['a'])], 'a → a'],
  ['an unknown step', [node('a', ['ghost'])], 'step a comes after ghost, which does not exist'],
  ['a doubled id', [node('a'), node('a')], 'two steps have the same id'],
] as const)('refuses %s as a bug', (_, steps, what) => {
  expect(() => inOrder(steps)).toThrow(
    expect.objectContaining({ code: 'internal', message: expect.stringContaining(what) }),
  );
});

it('finds the chain that takes longest, not the one with most steps', () => {
  const steps = [
    node('a', [], 10),
    node('b', ['a'], 10),
    node('c', ['b'], 10),
    node('long', ['a'], 25),
    node('end', ['c', 'long'], 5),
    node('alone', [], 39),
  ];
  const { steps: chain, ms } = criticalPath(steps);
  expect([ids(chain), ms]).toEqual([['a', 'long', 'end'], 40]);
});

it('has no chain without steps', () => {
  expect(criticalPath([])).toEqual({ steps: [], ms: 0 });
});

it('takes what a step only waits for into the order, the chain and the search for cycles', () => {
  const end = { ...node('end', ['a'], 5), waitsFor: ['slow'] };
  const steps = [end, node('a', [], 1), node('slow', [], 10)];
  expect(ids(inOrder(steps))).toEqual(['a', 'slow', 'end']);
  expect(criticalPath(steps)).toMatchObject({ ms: 15 });
  const circle = [end, node('a'), node('slow', ['end'])];
  expect(() => inOrder(circle)).toThrow(expect.objectContaining({ code: 'internal' }));
});
