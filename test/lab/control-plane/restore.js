/** Karmada is restored: after etcd has lost everything, and to an older point; no pod of a member is restarted, and nothing becomes fewer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inNamespace, until } from './parts.js';

const weights = [1, 1, 2];

export async function restore(plane) {
  const { step, expect, cli, run, home, inKarmada } = plane;
  const file = join(home, 'lab-backup.tar');
  const confirmed = ['--yes', '--confirm', plane.fleet];
  let before = '';
  await step('nginx runs in all members: 3, 3 and 6', async () => {
    await propagate(plane, 'nginx', 12);
    await running(plane, 'nginx', '3 3 6');
    before = await podsOf(plane);
  });
  await step('backup', async () => (await cli(['backup', '--to', file])).stdout.trim());
  await step('every claim of etcd is deleted', () => loseEtcd(plane));
  await step('restore refuses to do without a backup of the present unless asked', async () => {
    const { code, stderr } = await run(['restore', file, ...confirmed]);
    expect(code !== 0 && stderr.includes('has lost its data'), stderr);
  });
  await step('restore', async () => {
    const { stderr, stdout } = await cli(['restore', file, ...confirmed, '--no-backup']);
    expect(`${stdout}${stderr}`.includes('everything in the members is as in the backup'), stdout + stderr);
  });
  await step('members are Ready, 3, 3 and 6, and every pod is the one it was', async () => {
    await ready(plane);
    await running(plane, 'nginx', '3 3 6');
    expect((await podsOf(plane)) === before, 'pods were restarted');
  });
  await step('a change reaches all members again', async () => {
    await inKarmada.kubectl(['scale', 'deployment', 'nginx', '--replicas=16']);
    await running(plane, 'nginx', '4 4 8');
    await propagate(plane, 'late', 4);
    await running(plane, 'late', '1 1 2');
    before = await podsOf(plane);
  });
  let released = [];
  await step('restore of the older point tells what it leaves as it is', async () => {
    const { stdout, stderr } = await cli(['restore', file, ...confirmed]);
    const told = stdout + stderr;
    for (const words of [
      '3 replicas instead of 4',
      '6 replicas instead of 8',
      'Deployment default/late',
      'what was there before is backed up in',
    ])
      expect(told.includes(words), `without "${words}": ${told}`);
    released = told.split('\n').filter((line) => line.includes('kubectl --context'));
    expect(released.length === 1, told);
  });
  await step('nothing became fewer, and every pod is the one it was', async () => {
    await ready(plane);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    await running(plane, 'nginx', '4 4 8');
    await running(plane, 'late', '1 1 2');
    expect((await podsOf(plane)) === before, 'pods were restarted');
  });
  await step('released, the members get what the backup has', async () => {
    const [, name, patch] = /patch propagationpolicy (\S+) .*--patch '(.*)'$/.exec(released[0]);
    await inKarmada.kubectl(['patch', 'propagationpolicy', name, '--type', 'merge', '--patch', patch]);
    await running(plane, 'nginx', '3 3 6');
    const policy = await inKarmada.kubectl(['get', 'propagationpolicy', name, '-o', 'json']);
    expect(!policy.includes('suspension') && !policy.includes('held-by-restore'), policy);
  });
  await step('up finds nothing to do', async () => {
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), stdout);
  });
}

export async function propagate({ inKarmada, members, home }, name, replicas) {
  const staticWeightList = members.map((member, index) => ({
    targetCluster: { clusterNames: [member.name] },
    weight: weights[index],
  }));
  const labels = { app: name };
  const container = { name, image: 'docker.io/library/nginx:latest', imagePullPolicy: 'IfNotPresent' };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const policy = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name },
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name }],
      placement: {
        clusterAffinity: { clusterNames: members.map((member) => member.name) },
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: { staticWeightList },
        },
      },
    },
  };
  const path = join(home, `${name}.json`);
  writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [deployment, policy] }));
  await inKarmada.kubectl(['apply', '-f', path]);
}

/** How many run in each member, e.g. `3 3 6`. */
export async function running({ inMembers }, name, wanted) {
  return await until(`${name} runs ${wanted}`, 90, async () => {
    const counts = await Promise.all(
      inMembers.map((each) => each.kubectl(['get', 'deployment', name, '-o', 'jsonpath={.status.readyReplicas}'])),
    ).catch(() => []);
    return counts.join(' ') === wanted ? wanted : undefined;
  });
}

export async function podsOf({ inMembers }) {
  const names = ['get', 'pods', '-o', 'jsonpath={range .items[*]}{.metadata.uid}{"\\n"}{end}'];
  const all = await Promise.all(inMembers.map((each) => each.kubectl(names)));
  return all.map((text) => text.split('\n').sort().join()).join('|');
}

export async function ready({ inKarmada, members }) {
  await until('all members are Ready', 180, async () => {
    const path = 'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}';
    const printed = await inKarmada.kubectl(['get', 'clusters', '-o', path]).catch(() => '');
    return printed.split('True').length === members.length + 1 ? printed : undefined;
  });
}

/** A claim that is in use is only gone with its pod; the StatefulSet then makes another, which is empty. */
async function loseEtcd(plane) {
  await inNamespace(plane, ['scale', 'statefulset', 'etcd', '--replicas=0']);
  await until('etcd has no pods', 90, async () =>
    (await inNamespace(plane, ['get', 'pods', '-l', 'app=etcd', '-o', 'name'])).trim() === '' ? 'gone' : undefined,
  );
  await inNamespace(plane, ['delete', 'pvc', '--all']);
  await inNamespace(plane, ['scale', 'statefulset', 'etcd', '--replicas=3']);
  return await until('etcd is there again, and empty', 120, async () => {
    const ready = await inNamespace(plane, ['get', 'statefulset', 'etcd', '-o', 'jsonpath={.status.readyReplicas}']);
    return ready === '3' ? '3 members' : undefined;
  });
}
