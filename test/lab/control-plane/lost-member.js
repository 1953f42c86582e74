/** A member of etcd loses its volume: nothing is done without consent; with it `up` brings the member back, while the API is called. */
import { rmSync } from 'node:fs';
import { inNamespace, until, untilComplete, whileCalled } from './parts.js';

const member = 'etcd-1';

export async function lostMember(plane) {
  const { step, expect, cli, run } = plane;
  await step('a member of etcd loses its data, and cannot start', async () => {
    await loseData(plane);
    return await until('etcd refuses to start it', 120, async () => {
      const printed = await inNamespace(plane, ['logs', member, '--tail=20']).catch(() => '');
      return printed.includes('has already been bootstrapped') ? 'it has already been bootstrapped' : undefined;
    });
  });
  await step('status tells of it, and up replaces nothing without consent', async () => {
    const { stdout } = await run(['status']);
    expect(stdout.includes(`${member} does not respond (2 of 3 members respond)`), stdout);
    const { stderr } = await run(['up', '--yes']);
    expect(stderr.includes(`this would replace etcd member ${member}`), stderr);
  });
  await step('up replaces it: it copies its data from the others', () =>
    whileCalled(plane, async () => {
      const began = Date.now();
      await cli(['up', '--yes', '--replace-etcd-member']);
      const seconds = Math.round((Date.now() - began) / 1000);
      await untilComplete(plane);
      const printed = await inNamespace(plane, ['exec', member, '--', '/usr/local/bin/etcdctl', 'member', 'list']);
      const names = printed.split('\n').map((line) => line.split(', ')[2]);
      expect(names.sort().join() === 'etcd-0,etcd-1,etcd-2', printed);
      return `up took ${seconds} s`;
    }),
  );
}

/** The volumes of the lab are folders. */
async function loseData(plane) {
  const { inParent } = plane;
  const volume = await inNamespace(plane, ['get', 'pvc', `etcd-data-${member}`, '-o', 'jsonpath={.spec.volumeName}']);
  const path = (await inParent.kubectl(['get', 'pv', volume, '-o', 'jsonpath={.spec.hostPath.path}'])).trim();
  rmSync(`${path}/member`, { recursive: true });
  await inNamespace(plane, ['delete', 'pod', member, '--grace-period=0', '--force']);
}
