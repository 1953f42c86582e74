/** The control plane is put back into the form in which `init` leaves it; the next `up` brings it up to date while its API is called. */
import { deployments, inNamespace, untilComplete, whileCalled } from './parts.js';

/** As an older version of this program left it: what `init` (1.18.2) writes, and nothing of the fleet's own. */
function asInitWrites(name) {
  const tolerations = [{ effect: 'NoExecute', operator: 'Exists' }];
  const probe = name === 'karmada-apiserver' ? { readinessProbe: { periodSeconds: 30 } } : {};
  const containers = [{ name, lifecycle: null, resources: { $patch: 'replace' }, ...probe }];
  const template = { spec: { tolerations, topologySpreadConstraints: null, containers } };
  return { spec: { replicas: name === 'karmada-apiserver' ? 3 : 1, strategy: rolling('100%', 0), template } };
}

function rolling(maxUnavailable, maxSurge) {
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}

const shared = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: null,
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'etcd' } } },
      },
    ],
  },
};

export async function olderFleet(plane) {
  const { step, cli, expect } = plane;
  let running;
  await step('a workload in the member', async () => {
    await cli(['demo', '--keep']);
    running = await podsOfMember(plane);
    expect(running !== '', 'the member has no pod');
  });
  await step('the control plane in the form in which init leaves it', async () => {
    await inNamespace(plane, ['delete', 'poddisruptionbudgets', '--all']);
    const spec = { affinity: shared, topologySpreadConstraints: null };
    await patch(plane, 'statefulset/etcd', { spec: { template: { spec } } });
    for (const name of deployments) await patch(plane, `deployment/${name}`, asInitWrites(name));
    await untilComplete(plane, 300);
    for (const name of deployments)
      await patch(plane, `deployment/${name}`, { spec: { strategy: rolling('25%', '25%') } });
  });
  // Its pods end at once, without waiting until nobody calls them any more: that they do is part of what up brings.
  await step('up brings it up to date, while its API is called', () =>
    whileCalled(
      plane,
      async () => {
        const { stderr } = await cli(['up', '--yes']);
        const done = stderr.split('\n').find((line) => line.includes(' done:') && line.includes('prepare Karmada'));
        expect(done !== undefined, `nothing was prepared: ${stderr}`);
        return done.trim();
      },
      2_000,
    ),
  );
  await step('no pod of the member was replaced or restarted', async () => {
    const now = await podsOfMember(plane);
    expect(now === running, `${running} became ${now}`);
    await cli(['demo', '--remove']);
    return `${now.split(' ').length} pods`;
  });
  await step('up again: changes nothing', async () => {
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), `up did something: ${stdout}`);
  });
}

/** Of the workload: which they are, and how often their containers were restarted. */
async function podsOfMember({ inMember }) {
  const path = 'jsonpath={range .items[*]}{.metadata.uid}/{.status.containerStatuses[0].restartCount} {end}';
  return (await inMember.kubectl(['-n', 'default', 'get', 'pods', '-o', path])).trim();
}

async function patch(plane, object, change) {
  await inNamespace(plane, ['patch', object, '--type=strategic', `--patch=${JSON.stringify(change)}`]);
}
