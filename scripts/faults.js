/** `npm run faults`: every case of the fault matrix and 500 generated histories, on both workers; prints how many were tried and which failed. */
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

await ensureInstalled();
process.env.FAULT_CASES = 'all';
process.env.HISTORIES ??= '500';
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', 'test/faults']);
