/** Each node of the parent is drained in turn, with `up` in parallel; a second drain at the same time is refused. */
import { nodesOf, untilComplete, whileCalled } from './parts.js';

export async function drains(plane) {
  const { step, expect, inParent, cli } = plane;
  const nodes = (await inParent.kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ');
  for (const [index, node] of nodes.entries())
    await step(`drain of node ${index + 1}, up in parallel, and its return`, () =>
      whileCalled(plane, async () => {
        await drain(inParent, node, 120);
        if (index === 0) await expectRefused(plane, nodes[1]);
        const up = cli(['up', '--yes']);
        await inParent.kubectl(['uncordon', node]);
        await up;
        await untilComplete(plane);
        const apart = new Set(await nodesOf(plane, 'etcd'));
        expect(apart.size === nodes.length, `etcd is on ${[...apart].join(', ')}`);
        return 'etcd is on three nodes';
      }),
    );
}

/** The member of etcd that was drained has no node: another one cannot go. */
async function expectRefused({ expect, inParent }, node) {
  const refusal = await drain(inParent, node, 8).then(
    () => 'it was not refused',
    ({ message, stderr }) => `${message}${stderr}`,
  );
  expect(refusal.includes("would violate the pod's disruption budget"), `a second drain: ${refusal}`);
  await inParent.kubectl(['uncordon', node]);
}

async function drain(inParent, node, seconds) {
  await inParent.kubectl(['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', `--timeout=${seconds}s`]);
}
