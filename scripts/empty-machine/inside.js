/** What is done on the empty machine, step by step, by somebody who has just cloned the repository. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root as repository } from '../run.js';
import { stepsInto } from '../steps.js';
import { addUser, give, makeDebian } from './debian.js';
import { networkOf } from './network.js';
import { putNode } from './node.js';
import { run, runAsUser } from './run.js';

const user = 'newcomer';
const rehearsed = ['--rehearse', '--speed=600', '--fleet=shop'];

const [folder, ...words] = process.argv.slice(2);
const { values, positionals: tests } = parseArgs({
  args: words,
  options: { node: { type: 'string', default: process.versions.node.split('.')[0] } },
  allowPositionals: true,
});
const root = join(folder, 'root');
const counts = { passed: 0, failed: 0 };
const step = stepsInto(counts);

// Each step tells and counts its own failure.
await arrive().catch(() => undefined);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function arrive() {
  await step('a Debian with git', () => makeDebian(root, folder));
  await step(`Node.js ${values.node} and npm`, () => putNode(root, values.node));
  const home = await addUser(root, user);
  const clone = join(home, 'karmada-eks');
  await step('a clone of HEAD', async () => {
    await run('git', ['clone', '--quiet', '--no-local', repository, join(root, clone)]);
    const head = await run('git', ['-C', join(root, clone), 'log', '-1', '--format=%h %s']);
    await give(root, user);
    return head;
  });
  const env = { HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };
  const network = await networkOf(root);
  const runs = (more) => async (argv) => lastLine(await runAsUser(argv, { root, folder: clone, ...more }));
  const online = runs({ env: { ...env, ...network } });
  const offline = runs({ env, offline: true });
  await start(online, offline);
  // Where an ordinary user may write; npm's own place is the administrator's.
  const prefix = join(home, '.local');
  await step('npm link', () => runs({ env: { ...env, ...network, npm_config_prefix: prefix } })(['npm', 'link']));
  await step('karmada-eks --version', () => offline([join(prefix, 'bin/karmada-eks'), '--version']));
  if (tests.length === 0) await step('npm test', () => online(['npm', 'test']));
  else await step(`vitest run ${tests.join(' ')}`, () => online(['npx', '--no', 'vitest', 'run', ...tests]));
}

/** The README's first lines; once built, the program calls nothing, so it is given no network. */
async function start(online, offline) {
  await step('npm start', () => online(['npm', 'start']));
  const program = (...argv) => offline(['node', 'bin/karmada-eks.js', ...argv]);
  await step('status', () => program('status', '--rehearse', '--fleet=demo'));
  await step('down', () => program('down', '--rehearse', '--fleet=demo', '--yes', '--confirm=demo'));
  await step('npm start -- --version', () => offline(['npm', 'start', '--', '--version']));
  await step('--help', () => program('--help'));
  const wanted = ['--region=us-west-2', '--vpc=karmada-vpc', '--members=2'];
  await step('up, in a rehearsal', () => program('up', ...rehearsed, ...wanted, '--yes'));
  await step('status: Ready', () => program('status', ...rehearsed));
  await step('down', () => program('down', ...rehearsed, '--yes', '--confirm=shop'));
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1);
}
