/** The node of the scheduler's leader is ended without notice: what works again after how long. */

import { told, watchApi } from '../watched-api.js';
import { deployments, inNamespace, leaderOf, nodesOf, until, untilComplete } from './parts.js';

/** Seconds within which every call has to succeed again. */
const limit = 90;

export async function lostNode(plane) {
  const { step, expect, lab, parent, karmadaConfig } = plane;
  await step(
    'a node ends without notice: policies can be written again, the scheduler has another leader',
    async () => {
      const leader = await leaderOf(plane, 'karmada-scheduler');
      const path = 'jsonpath={.spec.nodeName}';
      const node = await inNamespace(plane, ['get', 'pod', leader, '-o', path]);
      const watch = await watchApi(karmadaConfig);
      const began = Date.now();
      const since = () => Math.round((Date.now() - began) / 1000);
      plane.lost = { node, began };
      let led = 0;
      try {
        lab.killNode(parent.name, node);
        await until('another leader of the scheduler', 120, async () => {
          const now = await leaderOf(plane, 'karmada-scheduler').catch(() => leader);
          return now === leader || now === '' ? undefined : now;
        });
        led = since();
        await until('30 s without a failed call', 180, async () => {
          const last = watch.failed.at(-1)?.at ?? began;
          return Date.now() - last > 30_000 && since() > 60 ? true : undefined;
        });
      } finally {
        await watch.ended();
      }
      const lasted = watch.failed.map(({ at, kind }) => [kind, Math.round((at - began) / 1000)]);
      const lastOf = (wanted) => Math.max(0, ...lasted.filter(([kind]) => kind === wanted).map(([, at]) => at));
      console.log(`       ${told({ ...watch.counts, failed: watch.failed })}`);
      const line = `last failed write after ${lastOf('writes')} s, read after ${lastOf('reads')} s; leader after ${led} s`;
      expect(lastOf('writes') <= limit && lastOf('reads') <= limit, line);
      return line;
    },
  );
  await step('its pods without data have moved', async () => {
    // What is left of them on the lost node ends only when that comes back.
    const path = 'jsonpath={.items[*].status.readyReplicas}';
    await until('every Deployment but the API server complete', 120, async () => {
      const ready = await inNamespace(plane, ['get', 'deployments', '-o', path]);
      return ready.split(' ').filter((each) => each === '2').length === deployments.length ? true : undefined;
    });
    return `${Math.round((Date.now() - plane.lost.began) / 1000)} s after it ended`;
  });
  await step('the node comes back: the control plane is complete, etcd on three nodes', async () => {
    lab.reviveNode(parent.name, plane.lost.node);
    const seconds = await untilComplete(plane);
    expect(new Set(await nodesOf(plane, 'etcd')).size === 3, 'etcd is not on three nodes');
    return `${seconds} s`;
  });
}
