/** `backup`, `certs renew`, `restore` and `recover` are killed six times, and run again each time. It ends the fleet. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesApi } from '../kubernetes-api.js';
import { removeByHand } from '../made-by-hand.js';
import { folderOf } from '../session.js';
import { untilComplete } from './parts.js';
import { podsOf, propagate, ready, running } from './restore.js';

const there = ['--region', 'eu-west-1'];

export async function killed(plane) {
  const { step, cli, run, env, expect, fleet, home, parent, members } = plane;
  const file = join(home, 'lab-backup.tar');
  const confirmed = ['--yes', '--confirm', fleet];
  const kill = async (words, when) => {
    const { code, stdout, stderr } = await run([...words, '--json'], when);
    expect(code === null, `it was not killed, but ended with ${code}: ${stdout}${stderr}`);
  };
  let before = '';
  const untouched = async (now) => {
    await ready(now);
    await running(now, 'nginx', '3 3 6');
    expect((await podsOf(now)) === before, 'pods were restarted');
  };
  await step('nginx runs in all members: 3, 3 and 6', async () => {
    await propagate(plane, 'nginx', 12);
    await running(plane, 'nginx', '3 3 6');
    before = await podsOf(plane);
  });
  await step('backup, killed while it has begun: the next one is whole, and nothing of the first is left', async () => {
    await kill(['backup', '--to', file], { killOn: '"type":"step-started"' });
    const { stdout } = await cli(['backup', '--to', file]);
    const left = readdirSync(home).filter((name) => name.endsWith('.part'));
    expect(left.length === 0, left.join(', '));
    return stdout.trim();
  });
  await step('certs renew, killed while it works, and resumed', async () => {
    await kill(['certs', 'renew', '--yes'], { killAfterMs: 15_000 });
    await cli(['certs', 'renew', '--yes']);
    await untilComplete(plane);
    await cli(['certs', 'check']);
    await untouched(plane);
  });
  await step('restore, killed when Karmada is stopped, then when etcd is written, and resumed', async () => {
    const words = ['restore', file, ...confirmed];
    await kill(words, { killOn: done('stop-karmada') });
    await kill(words, { killOn: done('write-etcd') });
    await cli(words);
    await untilComplete(plane);
    await untouched(plane);
  });
  await step('the parent is deleted', () => removeByHand({ env, cluster: parent, owner: parent.name }));
  const config = join(folderOf(plane, 'eu-west-1'), 'kubeconfigs/karmada-apiserver.json');
  const now = { ...plane, inKarmada: kubernetesApi(env, config) };
  await step('recover, killed when it has the keys, then while tokens are new and old, and resumed', async () => {
    const words = ['recover', file, ...there, '--vpc', 'karmada-vpc', '--yes'];
    await kill(words, { killOn: done('take-over-keys') });
    await kill(words, { killOn: done(`issue-tokens/${members[0].name}`) });
    await cli(words);
    await untouched(now);
  });
  await step('a change reaches all members', async () => {
    await now.inKarmada.kubectl(['scale', 'deployment', 'nginx', '--replicas=16']);
    await running(now, 'nginx', '4 4 8');
  });
  await step('up finds nothing to do', async () => {
    const { stdout } = await cli(['up', '--yes', ...there]);
    expect(stdout.includes('nothing to do'), stdout);
  });
  await step('down', async () => {
    const { code, stdout, stderr } = await run(['down', ...confirmed, '--remove-workloads', ...there]);
    // Volumes of the former parent may be left.
    expect(code === 0 || code === 5, stdout + stderr);
    return `ended with ${code}`;
  });
}

/** What only the line has in which a step tells that it is done. */
function done(id) {
  return `"id":"${id}","ms"`;
}
