/** `npm run faults`: every case of the fault matrix, on both workers; prints how many were tried and which failed. */
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

await ensureInstalled();
process.env.FAULT_CASES = 'all';
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', 'test/faults']);
