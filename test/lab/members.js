/** Members of every kind with the real tools: adopted, taken out, dead, and all of it from a machine that knows nothing. */
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { folderOf } from './session.js';
import { byHand, expectInShop, inShop, propagate, withdraw } from './workloads.js';

const run = promisify(execFile);

/** A cluster that somebody else made, in a region of its own. */
export const third = { name: 'ThirdCluster', region: 'us-west-2' };

/** What Karmada must not leave in a cluster that is no member any more. */
const kinds = 'namespaces,clusterroles,clusterrolebindings';

/** Makes a cluster without karmada-eks, with a context in the user's kubeconfig, as eksctl does. */
export async function makeThird({ env, vpc }) {
  await makeCluster({ env, vpc, cluster: third, nodes: 2 });
}

/** An EKS cluster with one node group, made with eksctl alone. */
export async function makeCluster({ env, vpc, cluster, nodes }) {
  const config = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { ...cluster, version: '1.34' },
    vpc: { id: vpc.vpc, subnets: { private: named(vpc.private), public: named(vpc.public) } },
    autoModeConfig: { enabled: false },
    managedNodeGroups: [
      { name: 'own', desiredCapacity: nodes, minSize: nodes, maxSize: nodes, privateNetworking: true },
    ],
  };
  const making = run('eksctl', ['create', 'cluster', '-f', '-', `--kubeconfig=${env.KUBECONFIG}`], {
    env,
    maxBuffer: 1e8,
  });
  making.child.stdin.end(JSON.stringify(config));
  await making;
}

/** Deletes it as it was made: its API may be silent. */
export async function deleteThird({ env }) {
  await removeCluster({ env, cluster: third });
}

export async function removeCluster({ env, cluster }) {
  const args = ['delete', 'cluster', `--name=${cluster.name}`, `--region=${cluster.region}`, '--wait'];
  await run('eksctl', [...args, '--disable-nodegroup-eviction', '--force'], { env, maxBuffer: 1e8 });
}

/** Joins, takes out, loses and finds again; then the fleet is one of a push and a pull member, as before. `audited` runs what changes it. */
export async function members({ cli, run: once, step, audited, lab, expect, env, folder, home, fleet }) {
  let alias = '';
  const reach = { env, fleet, kubeconfig: join(folder, 'fleet-kubeconfig') };
  await step('kubeconfig: printed, with a context for each cluster', async () => {
    writeFileSync(reach.kubeconfig, (await cli(['kubeconfig', '--print'])).stdout, { mode: 0o600 });
    const names = (await kubectl(reach, undefined, ['config', 'get-contexts', '-o', 'name'])).trim().split('\n');
    const wanted = ['karmada-apiserver', 'lab-parent', 'lab-pull', 'lab-push'];
    expect(names.sort().join() === wanted.join(), `the contexts are ${names.join(', ')}`);
  });
  await audited('join: a cluster that exists, by its context', async () => {
    const context = (await run('kubectl', ['config', 'get-contexts', '-o', 'name'], { env })).stdout
      .split('\n')
      .find((name) => name.includes(third.name));
    const { stderr } = await cli(['join', '--context', context, '--yes']);
    alias = /member (thirdcluster-[0-9a-f]{8})/.exec(stderr)?.[1] ?? '';
    expect(alias !== '', `the alias was not shown: ${stderr}`);
  });
  await step('clusters: three, all Ready', async () => {
    const found = JSON.parse((await cli(['clusters', '-o', 'json'])).stdout);
    const ready = found.filter((each) => each.ready).map(({ name }) => name);
    expect(ready.sort().join() === ['lab-pull', 'lab-push', alias].sort().join(), JSON.stringify(found));
  });
  await step(
    'nginx and what others put beside it in the members: unjoin --yes names it and changes nothing',
    async () => {
      await propagate(reach, ['lab-push', 'lab-pull']);
      await Promise.all(['lab-push', 'lab-pull'].map((member) => byHand(reach, member)));
      const { code, stdout, stderr } = await once(['unjoin', 'lab-push', '--yes']);
      expect(
        code === 3 && stdout.includes('shop/Deployment/web in lab-push'),
        `it was not refused: ${stdout}${stderr}`,
      );
      expect(stderr.includes('Deployment/by-hand'), `what others put there was not named: ${stderr}`);
    },
  );
  await audited('unjoin a push member with --remove-workloads: what others put beside it stays', async () => {
    const foreign = (await inShop(reach, 'lab-push')).filter(
      (line) => !line.includes('/web') && !line.includes('/settings'),
    );
    await cli(['unjoin', 'lab-push', '--yes', '--remove-workloads']);
    const wanted = foreign.map((line) => line.replace(' (of Karmada)', '')).join();
    await expectInShop(reach, 'lab-push', wanted);
    await cli(['join', '--member', 'name=lab-push', '--yes']);
  });
  await audited(
    'unjoin a pull member with --keep-workloads: all of it runs on, and nothing of Karmada is left',
    async () => {
      const before = await serviceRanges(reach);
      const running = (await inShop(reach, 'lab-pull')).map((line) => line.replace(' (of Karmada)', ''));
      await cli(['unjoin', 'lab-pull', '--yes', '--keep-workloads']);
      await expectInShop(reach, 'lab-pull', running.join());
      const inside = await karmadaIn(reach, 'lab-pull');
      expect(inside.length === 0, `left in the member: ${inside.join(', ')}`);
      const after = await serviceRanges(reach);
      expect(after.length === before.length - 1, `source ranges were ${before}, are ${after}`);
      await withdraw(reach);
    },
  );
  await audited('a member that does not answer: refused, then taken out by force', async () => {
    lab.silence(third.name, third.region);
    const refused = await once(['unjoin', alias, '--yes']);
    expect(refused.code !== 0 && refused.stderr.includes('--force'), `it was not refused: ${refused.stderr}`);
    await cli(['unjoin', alias, '--force', '--yes']);
    const found = JSON.parse((await cli(['clusters', '-o', 'json'])).stdout);
    expect(found.map(({ name }) => name).join() === 'lab-push', JSON.stringify(found));
  });
  await audited('without local state: status, then join from the tags', async () => {
    rmSync(folderOf({ home, fleet }), { recursive: true, force: true });
    const status = JSON.parse((await cli(['status', '-o', 'json'])).stdout);
    expect(status.ready === true && status.members.length === 1, JSON.stringify(status.members));
    rmSync(folderOf({ home, fleet }), { recursive: true, force: true });
    await cli(['join', '--member', 'name=lab-pull,region=eu-west-1,mode=pull', '--yes']);
    const found = JSON.parse((await cli(['clusters', '-o', 'json'])).stdout);
    expect(found.every((each) => each.ready) && found.length === 2, JSON.stringify(found));
    rmSync(folderOf({ home, fleet }), { recursive: true, force: true });
  });
}

/** eksctl takes any name for a subnet that has an id. */
function named(subnets) {
  return Object.fromEntries(subnets.map((id, index) => [`subnet-${index}`, { id }]));
}

async function kubectl({ env, kubeconfig }, context, args) {
  const flags = [`--kubeconfig=${kubeconfig}`, ...(context === undefined ? [] : [`--context=${context}`])];
  return (await run('kubectl', [...flags, ...args], { env, maxBuffer: 1e8 })).stdout;
}

async function karmadaIn(reach, member) {
  const { items } = JSON.parse(await kubectl(reach, member, ['get', kinds, '-o', 'json']));
  return items.map(({ kind, metadata }) => `${kind} ${metadata.name}`).filter((name) => name.includes('karmada'));
}

async function serviceRanges(reach) {
  const args = ['get', 'service', 'karmada-service-loadbalancer', '-n', 'karmada-system', '-o', 'json'];
  return JSON.parse(await kubectl(reach, `${reach.fleet}-parent`, args)).spec.loadBalancerSourceRanges;
}
