/** A registry that no node can reach: `up` explains what it waits for, and the next one takes the images from elsewhere. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeByHand } from '../made-by-hand.js';
import { folderOf, ownAddress } from '../session.js';

const run = promisify(execFile);
const region = 'us-west-2';

/** A name that never resolves (RFC 2606). */
const nowhere = 'registry.invalid/karmada';

/** From init's start to what explains it, at most, in ms. */
const limitMs = 120_000;

export async function images(session) {
  const { env, step, cli, run: once, expect, fleet, vpcs } = session;
  const parent = { name: `${fleet}-parent`, region };
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  await step('a parent with three real nodes', () =>
    makeByHand({ env, vpc: vpcs[region], cluster: parent, owner: parent.name }),
  );
  const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--use-existing'];
  await step(`up with images of ${nowhere}: explained within two minutes, then interrupted`, async () => {
    const words = ['up', ...wanted, '--members', '0', '--image-registry', nowhere, '--yes', '--json'];
    const { stdout, stderr } = await once(words, { killOn: 'not starting: ', signal: 'SIGINT' });
    const events = eventsIn(stdout);
    const began = events.find(({ type, id }) => type === 'step-started' && id === 'init-karmada');
    const told = events.find(({ type, line }) => type === 'step-progress' && line.startsWith('not starting: '));
    expect(began !== undefined && told !== undefined, `it is not explained:\n${stdout.slice(-3000)}\n${stderr}`);
    const ms = told.at - began.at;
    console.log(`       after ${(ms / 1000).toFixed(0)} s: ${told.line}`);
    expect(ms < limitMs, `it took ${ms} ms`);
    expect(told.line.includes(`${nowhere}/etcd:`), 'the image is not named');
    expect(
      /registry\.invalid.*(no such host|misbehaving|connection refused|i\/o timeout)/.test(told.line),
      'the reason is not named',
    );
    const asked = await imagesOf(session, parent);
    console.log(`       pods ask for ${asked.join(', ')}`);
    expect(asked.length > 0 && asked.every((image) => image.startsWith(`${nowhere}/`)), 'an image is from elsewhere');
  });
  await step('up without the registry: Karmada is installed', async () => {
    const { stderr } = await cli(['up', '--image-registry', 'none', '--yes']);
    for (const line of stderr.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
    const asked = await imagesOf(session, parent);
    expect(asked.length > 0 && !asked.some((image) => image.startsWith(nowhere)), `images are ${asked.join(', ')}`);
  });
  await step('down', () => cli(['down', '--yes', '--confirm', fleet, '--no-backup']));
}

function eventsIn(text) {
  return text.split('\n').flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : []));
}

/** Of all pods of Karmada, each once. */
async function imagesOf({ env, home, fleet }, { name }) {
  const kubeconfig = join(folderOf({ home, fleet }), 'kubeconfigs', `${name}.json`);
  const path = 'jsonpath={.items[*].spec.containers[*].image}';
  const words = [`--kubeconfig=${kubeconfig}`, '-n', 'karmada-system', 'get', 'pods', '-o', path];
  return [...new Set((await run('kubectl', words, { env })).stdout.split(' '))].filter(Boolean).sort();
}
