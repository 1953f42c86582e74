/** The parent is deleted, and a new one made from a backup in another region; no pod of a member is restarted. It ends the fleet. */
import { join } from 'node:path';
import { kubernetesApi } from '../kubernetes-api.js';
import { removeByHand } from '../made-by-hand.js';
import { folderOf } from '../session.js';
import { podsOf, propagate, ready, running } from './restore.js';
import { makeSafe } from './safe.js';

const there = ['--region', 'eu-west-1'];

export async function recover(plane) {
  const { step, expect, cli, run, env, parent, members, inMembers } = plane;
  const tokens = async () => {
    const names = ['-n', 'karmada-cluster', 'get', 'secrets', '-o', 'name'];
    const all = await Promise.all(inMembers.slice(0, -1).map((each) => each.kubectl(names)));
    return all.flatMap((text) => text.trim().split('\n'));
  };
  let before = '';
  let old = [];
  let backup = [];
  await step('nginx runs in all members: 3, 3 and 6', async () => {
    await propagate(plane, 'nginx', 12);
    await running(plane, 'nginx', '3 3 6');
    before = await podsOf(plane);
    old = await tokens();
  });
  await step('backup into S3, encrypted', async () => {
    const { address, recipient, identity } = await makeSafe(plane);
    await cli(['backup', '--to', address, '--encrypt-to', recipient]);
    const { stdout } = await cli(['backup', 'list', address, '--identity', identity]);
    backup = [/s3:\S+\.tar\.age/.exec(stdout)?.[0], '--identity', identity];
    return backup[0];
  });
  await step('recover refuses while the parent answers', async () => {
    const { code, stderr } = await run(['recover', ...backup, ...there, '--vpc', 'karmada-vpc', '--yes']);
    expect(code === 3 && stderr.includes('its API answers'), stderr);
  });
  await step('the parent is deleted', () => removeByHand({ env, cluster: parent, owner: parent.name }));
  await step('recover', async () => {
    const { stderr } = await cli(['recover', ...backup, ...there, '--vpc', 'karmada-vpc', '--yes']);
    for (const line of stderr.split('\n').filter((each) => / done:|suspended/.test(each)))
      console.log(`       ${line}`);
  });
  const config = join(folderOf(plane, 'eu-west-1'), 'kubeconfigs/karmada-apiserver.json');
  const now = { ...plane, inKarmada: kubernetesApi(env, config) };
  await step('members are Ready, 3, 3 and 6, and every pod is the one it was', async () => {
    await ready(now);
    await running(now, 'nginx', '3 3 6');
    expect((await podsOf(now)) === before, 'pods were restarted');
  });
  await step('no token that the former parent had is good', async () => {
    const left = (await tokens()).filter((name) => old.includes(name));
    expect(left.length === 0, left.join(', '));
  });
  await step('a change reaches all members', async () => {
    await now.inKarmada.kubectl(['scale', 'deployment', 'nginx', '--replicas=16']);
    await running(now, 'nginx', '4 4 8');
  });
  await step('certificates, status and plan are those of any fleet', async () => {
    await cli(['certs', 'check', ...there]);
    await cli(['status', '--wait', ...there]);
    const { stdout } = await cli(['up', '--yes', ...there]);
    expect(stdout.includes('nothing to do'), stdout);
    return `${members.length} members`;
  });
  await step('down', async () => {
    const { code, stdout, stderr } = await run([
      'down',
      '--yes',
      '--confirm',
      plane.fleet,
      '--remove-workloads',
      ...there,
    ]);
    // Volumes of the former parent may be left.
    expect(code === 0 || code === 5, stdout + stderr);
    return `ended with ${code}`;
  });
}
