/** Every component is restarted as `kubectl rollout restart` does it, while the API is called. */
import { deployments, inNamespace, whileCalled } from './parts.js';

export async function rollouts(plane) {
  const { step } = plane;
  for (const workload of ['statefulset/etcd', ...deployments.map((name) => `deployment/${name}`)])
    await step(`rollout restart of ${workload}`, () =>
      whileCalled(plane, async () => {
        await inNamespace(plane, ['rollout', 'restart', workload]);
        await inNamespace(plane, ['rollout', 'status', workload, '--timeout=180s']);
      }),
    );
}
