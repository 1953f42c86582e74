/** What `up` must not replace, with the real tools: a Karmada that works though its note is missing, nodes that run though EKS complains. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { folderOf } from './session.js';

const run = promisify(execFile);

const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'web', namespace: 'kept' },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
    placement: { clusterAffinity: { clusterNames: [] } },
  },
};

/** A first `up` that is killed while `init` ends, which lives on, and its continuation: what was put into Karmada meanwhile stays. */
export async function upKilledAfterInit(session, wanted) {
  const { step, run: once, cli, expect } = session;
  await step('up: killed while init ends', async () => {
    // Once nobody reads what init writes, its next line ends it: `up` stands still until its last Deployment is there.
    const killWhen = async () =>
      (await inParent(session, ['get', 'deployment', 'karmada-webhook', '--ignore-not-found', '-o', 'name'])) !== '';
    const killOn = 'Create karmada webhook Deployment';
    const ended = await once(['up', ...wanted, '--yes', '--json'], { killOn, killWhen });
    expect(ended.code === null, `up was not killed: ${ended.code} ${ended.stdout} ${ended.stderr}`);
  });
  let before = '';
  await step('a namespace and a policy are put into that Karmada', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await inParent(session, ['rollout', 'status', 'deployment/karmada-webhook', '--timeout=300s']);
    // Writes the fleet's own kubeconfigs, as far as there are clusters.
    await once(['status']);
    const note = await annotation(session);
    expect(note === '', `it is noted as whole already: ${note}`);
    await karmada(session, ['create', 'namespace', 'kept']);
    await karmada(session, ['apply', '-f', '-'], JSON.stringify(policy));
    before = await claims(session);
    expect(before.split(' ').length === 3, `the claims of etcd are ${before}`);
  });
  await step(
    'up: goes on; the namespace, the policy and etcd’s claims are the same, and Karmada is noted as whole',
    async () => {
      const { stderr } = await cli(['up', ...wanted, '--yes']);
      for (const line of stderr.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
      await karmada(session, ['-n', 'kept', 'get', 'propagationpolicy', 'web']);
      expect((await claims(session)) === before, 'the claims of etcd are others now');
      expect((await annotation(session)) !== '', 'Karmada is not noted as whole');
      await karmada(session, ['delete', 'namespace', 'kept']);
    },
  );
}

/** EKS calls the parent's node group DEGRADED while all nodes run. */
export async function degradedNodes({ env, home, step, cli, lab, expect, fleet }) {
  await step('a DEGRADED node group: told of with its reason, its nodes are the same', async () => {
    const parent = { env, home, fleet };
    const before = await nodes(parent);
    lab.setNodeGroup(`${fleet}-parent`, 'nodes', 'DEGRADED', 'us-west-2', 'the launch template has too many versions');
    const { stdout, stderr } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), `up did something: ${stdout}`);
    expect(
      /node group nodes \(DEGRADED: the launch template has too many versions\): 3 of its nodes are Ready/.test(stderr),
      `it is not told of: ${stderr}`,
    );
    expect((await nodes(parent)) === before, 'the nodes are others now');
    lab.setNodeGroup(`${fleet}-parent`, 'nodes', 'ACTIVE', 'us-west-2');
  });
}

async function nodes(parent) {
  return await kubectl(parent, `${parent.fleet}-parent`, [
    ...['get', 'nodes', '-o'],
    'jsonpath={.items[*].metadata.uid}',
  ]);
}

async function claims(session) {
  const path = ['-l', 'app=etcd', '-o', 'jsonpath={.items[*].metadata.uid}'];
  return await inParent(session, ['get', 'persistentvolumeclaims', ...path]);
}

async function annotation(session) {
  const path = 'jsonpath={.metadata.annotations.karmada-eks/installed}';
  return await inParent(session, ['get', 'configmap', 'karmada-eks', '-o', path]);
}

async function inParent(session, args) {
  return await kubectl(session, `${session.fleet}-parent`, ['-n', 'karmada-system', ...args]);
}

async function karmada(session, args, stdin = '') {
  return await kubectl(session, 'karmada-apiserver', args, stdin);
}

/** By the fleet's own kubeconfig of a context. */
async function kubectl({ env, home, fleet }, context, args, stdin = '') {
  const kubeconfig = join(folderOf({ home, fleet }), 'kubeconfigs', `${context}.json`);
  const running = run('kubectl', [`--kubeconfig=${kubeconfig}`, ...args], { env });
  running.child.stdin.end(stdin);
  return (await running).stdout.trim();
}
