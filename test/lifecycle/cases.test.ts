/** Generated cases: none, or fewer than there should be, are a failure. */
import { expect, it } from 'vitest';
import { passAll, upTo } from './cases.js';

it('runs all cases, and tells all that failed', async () => {
  const tried: number[] = [];
  const run = passAll('number', 3, upTo(3), async (each) => {
    tried.push(each);
    expect(each).toBe(2);
  });
  await expect(run).rejects.toMatchObject({ actual: expect.stringMatching(/^number 1: [\s\S]*number 3: /) });
  expect(tried).toEqual([1, 2, 3]);
});

it('fails without cases, and with fewer than were said to be there', async () => {
  const run = async (): Promise<void> => undefined;
  await expect(passAll('number', 1, [], run)).rejects.toThrow('cases of: number');
  await expect(passAll('number', 4, upTo(3), run)).rejects.toThrow('cases of: number');
  await passAll('number', 3, upTo(3), run);
});
