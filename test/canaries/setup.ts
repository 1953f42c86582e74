/** Tells at the end of every test file how many runs of the program were audited, and how many canaries each time. */
import { afterAll } from 'vitest';
import { audited } from './watch.js';

afterAll(() => {
  const { runs, canaries, losses, agreed } = audited;
  if (runs > 0)
    console.info(`audited: ${runs} runs, ${canaries} canaries, ${losses} losses, ${agreed} of them agreed to`);
  Object.assign(audited, { runs: 0, canaries: 0, losses: 0, agreed: 0 });
});
