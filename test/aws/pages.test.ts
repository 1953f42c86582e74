/** Answers in pages. */
import { expect, it } from 'vitest';
import { allPages } from '../../src/aws/pages.js';

async function read(pages: Readonly<Record<string, readonly [items: readonly number[], next: string | undefined]>>) {
  const tokens: (string | undefined)[] = [];
  const items = await allPages((token) => {
    tokens.push(token);
    const [found = [], next] = pages[token ?? 'first'] ?? [];
    return Promise.resolve({ items: found, next });
  });
  return { items, tokens };
}

it('joins all pages in order, and asks for each once', async () => {
  const { items, tokens } = await read({ first: [[1, 2], 'b'], b: [[], 'c'], c: [[3], undefined] });
  expect([items, tokens]).toEqual([
    [1, 2, 3],
    [undefined, 'b', 'c'],
  ]);
});

it('takes an empty token for the end, as some services send it', async () => {
  expect(await read({ first: [[1], ''] })).toEqual({ items: [1], tokens: [undefined] });
});

it('passes a failing page on', async () => {
  const page = (token: string | undefined) =>
    token === undefined ? Promise.resolve({ items: [1], next: 'b' }) : Promise.reject(new RangeError('no'));
  await expect(allPages(page)).rejects.toThrow('no');
});
