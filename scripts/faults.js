/** `npm run faults`: every case of the fault matrix, every kill and stop, all cases of the properties, and 500 generated histories; prints how many were tried and which failed. */
import { ensureInstalled } from './install.js';
import { runNode } from './run.js';

/** What kills or stops runs, at every event. */
const killed = [
  'kill-up',
  'kill-down',
  'kill-join',
  'kill-recover',
  'kill-renew',
  'kill-restore',
  'unjoin-killed',
  'interrupt',
  'back-and-forth',
  'half-made',
  'hardened',
  'karmada-kept',
  'access',
  'backup',
  'rotate-token',
].map((name) => `test/lifecycle/${name}`);

await ensureInstalled();
process.env.CASES ??= 'all';
process.env.HISTORIES ??= '500';
process.env.PROPERTY_RUNS ??= '1';
/** Lives that `npm test` has in part. */
const lives = [
  'adopted-driver',
  'certificates',
  'internal',
  'join-many',
  'leftovers-of-clusters',
  'one-name',
  'recover',
  'unjoin-silent',
  'users-volumes',
].map((name) => `test/lifecycle/${name}`);
/** What a person with a real terminal does, and real processes. */
const real = ['commands/up/terminal', 'ui/live-pty', 'world/death', 'world/rehearsals-at-once'].map(
  (name) => `test/${name}`,
);
const generated = ['test/faults', 'test/commands/up/failures', 'test/property', 'test/tools/kubectl/generated'];
const args = ['run', '--update=none', ...generated, ...killed, ...lives, ...real];
process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', ...args]);
