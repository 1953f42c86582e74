/** `npm run faults`: every case of the fault matrix, every kill and stop, and 500 generated histories, on both workers; prints how many were tried and which failed. */
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

/** What kills or stops runs, at every event. */
const killed = [
  'kill-up',
  'kill-down',
  'kill-join',
  'kill-renew',
  'unjoin-killed',
  'interrupt',
  'back-and-forth',
  'half-made',
  'access',
  'backup',
  'rotate-token',
].map((name) => `test/lifecycle/${name}`);

await ensureInstalled();
process.env.CASES ??= 'all';
process.env.HISTORIES ??= '500';
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', '--update=none', 'test/faults', ...killed]);
