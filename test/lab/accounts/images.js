/** Registries of a company: one that no node can reach is explained, and one that asks for a login is pulled from. */
import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { adminKubeconfig, kubernetesApi } from '../kubernetes-api.js';
import { makeByHand } from '../made-by-hand.js';
import { folderOf, ownAddress } from '../session.js';
import { region } from './existing-parent.js';

const run = promisify(execFile);

/** A name that never resolves (RFC 2606). */
const nowhere = 'registry.invalid/karmada';

/** Its images are put on the nodes: nothing can be pulled here. */
const registry = 'registry.example.com/karmada';
const secret = 'karmada-eks-images';
const demo = 'karmada-eks-demo';

/** From init's start to what explains it, at most, in ms. */
const limitMs = 120_000;

export function images(session) {
  const { env, step, cli, expect, fleet, vpcs, folder, parent } = session;
  const member = { name: `${fleet}-pull`, region };
  const logins = join(folder, 'logins.json');
  return {
    words: ['--member', `name=${member.name},mode=pull`, '--image-registry', registry, '--image-pull-secret', logins],
    make: () => makeByHand({ env, vpc: vpcs[region], cluster: member, owner: member.name }),
    before: async () => {
      await step(`up with images of ${nowhere}: explained within two minutes, then interrupted`, () =>
        explained(session, parent),
      );
      const auths = { 'registry.example.com': { username: 'ci', password: 'pa55-word' } };
      writeFileSync(logins, JSON.stringify({ auths }), { mode: 0o600 });
      await step(`the nodes get images of ${registry}`, () => tagged(env, (from) => ['tag', from, nameOf(from)]));
    },
    whileUp: async () => {
      await step('control plane and agent are of that registry, and name the Secret with the login', async () => {
        for (const cluster of [parent, member]) {
          const asked = await podsOf(session, cluster, '{.spec.containers[*].image}');
          console.log(`       ${cluster.name}: ${asked.join(', ')}`);
          expect(
            asked.length > 0 && asked.every((image) => image.startsWith(`${registry}/`)),
            'an image is from elsewhere',
          );
          const named = await podsOf(session, cluster, '{.spec.imagePullSecrets[*].name}');
          expect(named.join() === secret, `pods of ${cluster.name} name ${named.join(', ')}`);
          const type = await kubectl(session, cluster, ['get', 'secret', secret, '-o', 'jsonpath={.type}']);
          expect(type === 'kubernetes.io/dockerconfigjson', `the Secret of ${cluster.name} is of type ${type}`);
        }
      });
      await step(
        'demo: its Deployment names the logins, which Karmada brings to the member and takes away',
        async () => {
          await cli(['demo', '--keep']);
          const words = ['-n', 'default', 'get', 'secret,deployment', demo, '-o', 'jsonpath={.items[*].kind}'];
          const there = await kubectl(session, member, words);
          expect(there === 'Secret Deployment', `the member has ${there}`);
          const path = 'jsonpath={.spec.template.spec.imagePullSecrets}';
          const found = await kubectl(session, member, ['-n', 'default', 'get', 'deployment', demo, '-o', path]);
          expect(found === `[{"name":"${demo}"}]`, `its Deployment names ${found}`);
          await cli(['demo', '--remove']);
          const left = await kubectl(session, member, ['-n', 'default', 'get', 'secrets', '-o', 'name']);
          expect(!left.includes(demo), `the member still has ${left}`);
        },
      );
    },
    afterDown: async () => {
      await step('down left no login in the clusters, which stay', async () => {
        for (const cluster of [parent, member]) {
          const { kubectl: ask } = kubernetesApi(env, adminKubeconfig(env, cluster));
          expect(!(await ask(['get', 'secrets', '-A', '-o', 'name'])).includes(secret), `it is in ${cluster.name}`);
        }
      });
      await step('the nodes lose these images', () => tagged(env, (from) => ['rm', nameOf(from)]));
    },
  };
}

async function explained({ env, run: once, expect, ...session }, parent) {
  const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--use-existing'];
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
  expect(/lookup registry\.invalid.*no such host/.test(told.line), 'the reason is not named');
  const asked = await podsOf({ env, ...session }, parent, '{.spec.containers[*].image}');
  expect(asked.length > 0 && asked.every((image) => image.startsWith(`${nowhere}/`)), 'an image is from elsewhere');
}

function eventsIn(text) {
  return text.split('\n').flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : []));
}

/** What each pod of Karmada has at this place, each value once. */
async function podsOf(session, cluster, place) {
  const path = `jsonpath={range .items[*]}${place}{"\\n"}{end}`;
  const text = await kubectl(session, cluster, ['get', 'pods', '-o', path]);
  return [...new Set(text.split('\n'))].sort();
}

/** In Karmada's namespace, by the fleet's own kubeconfig of a cluster. */
async function kubectl({ env, home, fleet }, { name }, args) {
  const kubeconfig = join(folderOf({ home, fleet }), 'kubeconfigs', `${name}.json`);
  const { stdout } = await run('kubectl', [`--kubeconfig=${kubeconfig}`, '-n', 'karmada-system', ...args], { env });
  return stdout.trim();
}

/** Does the same to each of init's images in the store of each real node. */
async function tagged({ LAB_HOME }, act) {
  const nodes = join(LAB_HOME, 'state/nodes');
  for (const node of readdirSync(nodes)) {
    const ctr = ['-a', join(nodes, node, 'containerd.sock'), '-n', 'k8s.io', 'images'];
    const { stdout } = await run('ctr', [...ctr, 'ls', '-q']);
    for (const name of stdout.split('\n').filter((each) => /^(registry\.k8s\.io|docker\.io\/karmada)\//.test(each)))
      await run('ctr', [...ctr, ...act(name)]);
  }
}

function nameOf(image) {
  return `${registry}/${image.split('/').at(-1)}`;
}
