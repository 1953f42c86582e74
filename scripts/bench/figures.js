/** Medians, and figures as the tables show them. */

/**
 * The middle of an odd number of values; of an even one, the upper of the two in the middle.
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Runs something several times, and answers all that it answered.
 * @template T
 * @param {number} times
 * @param {() => Promise<T>} once
 * @returns {Promise<T[]>}
 */
export async function repeat(times, once) {
  const answers = [];
  for (let count = 0; count < times; count += 1) answers.push(await once());
  return answers;
}

export const minutes = (ms) => `${(ms / 60_000).toFixed(2)} min`;
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
export const millis = (ms) => `${Math.round(ms)} ms`;
export const times = (ratio) => `× ${ratio.toFixed(ratio < 0.1 ? 3 : 2)}`;
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
