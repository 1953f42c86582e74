/** Carries out the steps of the Dockerfile, then the image's program in rehearsals, without a network. */
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { addUser, letAptIn, makeDebian } from '../empty-machine/debian.js';
import { networkOf } from '../empty-machine/network.js';
import { putNode } from '../empty-machine/node.js';
import { run } from '../empty-machine/run.js';
import { root as repository } from '../run.js';
import { stepsInto } from '../steps.js';
import { baseOf, stagesOf } from './dockerfile.js';
import { makeImage } from './machine.js';

const rehearsed = ['--rehearse', '--speed=600', '--fleet=image'];
const life = [
  ['--version'],
  ['up', ...rehearsed, '--region=us-west-2', '--vpc=karmada-vpc', '--members=1', '--yes'],
  ['status', ...rehearsed],
  ['down', ...rehearsed, '--yes', '--confirm=image'],
];

const folder = process.argv[2] ?? '';
const counts = { passed: 0, failed: 0 };
const step = stepsInto(counts);

try {
  await check();
} catch (thrown) {
  // Each step tells and counts its own failure.
  if (counts.failed === 0) throw thrown;
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function check() {
  const stages = stagesOf(await readFile(join(repository, 'Dockerfile'), 'utf8'));
  const made = new Map();
  const base = join(folder, 'base');
  const { node, debian } = baseOf(stages[0].image);
  await step(`what stands for ${stages[0].image}`, () => makeBase(base, node, debian));
  const network = await networkOf(base);
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, stage.name ?? `stage-${index}`);
    if (index === stages.length - 1) await rename(base, root);
    else await run('cp', ['--archive', '--one-file-system', base, root]);
    made.set(stage.name, root);
    const image = makeImage(root, { network, from: (name) => made.get(name) });
    for (const each of stage.instructions)
      await step(`${each.word} ${each.rest}`.slice(0, 62), () => image.carryOut(each));
    if (index < stages.length - 1) continue;
    await step('aws --version', () => image.program(['aws', '--version']));
    for (const words of life) await step(`run ${words[0]}`, () => image.entry(words));
  }
}

async function makeBase(root, node, debian) {
  const release = await readFile('/etc/os-release', 'utf8');
  if (!release.includes(`VERSION_CODENAME=${debian}`))
    throw new Error(`the image is made of ${debian}; this machine's packages are of another release`);
  await makeDebian(root, folder, 'apt,libstdc++6');
  await letAptIn(root);
  await addUser(root, 'node');
  await putNode(root, node);
  return await run('dpkg-query', [`--admindir=${root}/var/lib/dpkg`, '--show', 'apt']);
}
