/** Steps of a proof: each is timed, told and counted. */

/**
 * Answers what runs one step; a line of text that its work answers is told too. A failure is thrown on after it was told:
 * the steps after it have nothing to stand on.
 * @param {{ passed: number, failed: number }} counts
 */
export function stepsInto(counts) {
  return async (name, work) => {
    const started = performance.now();
    const told = (how) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      return `${how} ${name.padEnd(62)} ${seconds.padStart(7)} s`;
    };
    try {
      const answer = await work();
      counts.passed += 1;
      const line = typeof answer === 'string' ? `  ${answer.trim()}` : '';
      console.log(`${told('ok    ')}${line}`);
    } catch (thrown) {
      counts.failed += 1;
      console.log(`${told('FAILED')}: ${thrown.message}`);
      throw thrown;
    }
  };
}
