/** Generated cases: none, or fewer than there should be, are a failure. */
import { expect, it } from 'vitest';
import { passAll, passEach, sampleOf, upTo } from './cases.js';

it('runs all cases, and tells all that failed', async () => {
  const tried: number[] = [];
  const run = passEach('number', 2, upTo(2), async (each) => {
    tried.push(each);
    expect(each).toBe(0);
  });
  await expect(run).rejects.toMatchObject({ actual: expect.stringMatching(/^number 1: [\s\S]*number 2: /) });
  expect(tried).toEqual([1, 2]);
});

it('fails without cases, and with fewer than were said to be there', async () => {
  const run = async (): Promise<void> => undefined;
  await expect(passAll('number', 1, [], run)).rejects.toThrow('cases of: number');
  await expect(passAll('number', 4, upTo(3), run)).rejects.toThrow('cases of: number');
  await passAll('number', 3, upTo(3), run);
});

it('tries a sample that is spread over all, the same each time', () => {
  expect(sampleOf(upTo(100), 8, 20261127)).toEqual(sampleOf(upTo(100), 8, 20261127));
  expect(sampleOf(upTo(100), 8, 1)).toEqual([2, 15, 28, 41, 54, 67, 80, 93]);
  expect(sampleOf(upTo(5), 8, 20261127)).toEqual(upTo(5));
});

it('tries each of those that are to be tried every time', async () => {
  const tried: number[] = [];
  await passEach('number', 3, upTo(100), async (each) => void tried.push(each));
  expect(tried).toEqual(upTo(100));
});
