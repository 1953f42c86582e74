import { describe, expect, it } from 'vitest';
import { divideByWeight } from '../../../src/rehearsal/kube/controllers/division.js';
import { karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { type KubeAccess, kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { install, karmada, place, prepareParent, read } from './fleet.js';
import { Lab } from './harness.js';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'nginx', namespace: 'demo' },
  spec: {
    replicas: 12,
    selector: { matchLabels: { app: 'nginx' } },
    template: { metadata: { labels: { app: 'nginx' } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
  },
};

function policy(weights: Record<string, number>) {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name: 'nginx', namespace: 'demo' },
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx' }],
      placement: {
        clusterAffinity: { clusterNames: Object.keys(weights) },
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: {
            staticWeightList: Object.entries(weights).map(([name, weight]) => ({
              targetCluster: { clusterNames: [name] },
              weight,
            })),
          },
        },
      },
    },
  };
}

async function demo(): Promise<{ lab: Lab; members: KubeAccess[] }> {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  const members = ['member-1', 'member-2', 'member-3'].map((name) => lab.addCluster(name));
  for (const member of members) await lab.run(karmadaCommands.join(karmada, member, place(member.context)));
  await lab.pass(5_000);
  const demoNamespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } };
  const weights = { 'member-1': 1, 'member-2': 1, 'member-3': 2 };
  const applied = await lab.run(kubectlCommands.apply(karmada, [demoNamespace, deployment, policy(weights)]));
  expect(applied).toMatchObject({ code: 0, err: '' });
  return { lab, members };
}

async function shares(lab: Lab, members: readonly KubeAccess[]): Promise<(number | undefined)[]> {
  const found: (number | undefined)[] = [];
  for (const member of members)
    found.push((await read(lab, member, 'deployments', 'nginx', 'demo'))?.status?.readyReplicas);
  return found;
}

describe('propagation', () => {
  it('divides twelve replicas by weight and sums up their status', async () => {
    const { lab, members } = await demo();
    await lab.pass(20_000);
    expect(await shares(lab, members)).toEqual([3, 3, 6]);
    expect(await read(lab, karmada, 'deployments', 'nginx', 'demo')).toMatchObject({ status: { readyReplicas: 12 } });
  });

  it('takes the workload out of the members in a few seconds', async () => {
    const { lab, members } = await demo();
    await lab.pass(20_000);
    await lab.run(kubectlCommands.remove(karmada, { kind: 'deployments', name: 'nginx', namespace: 'demo' }));
    await lab.run(kubectlCommands.remove(karmada, { kind: 'namespaces', name: 'demo' }));
    await lab.pass(40_000);
    expect(await shares(lab, members)).toEqual([undefined, undefined, undefined]);
    for (const member of members) expect(await read(lab, member, 'namespaces', 'demo')).toBeUndefined();
  });

  it('moves the share of a member that left, and gives nothing back when it returns', async () => {
    const { lab, members } = await demo();
    await lab.pass(20_000);
    const [, , third] = members;
    if (third === undefined) return;
    await lab.run(karmadaCommands.unjoin(karmada, third, 'member-3'));
    await lab.pass(20_000);
    expect(await shares(lab, members)).toEqual([6, 6, undefined]);
    await lab.run(karmadaCommands.join(karmada, third, place('member-3')));
    await lab.pass(30_000);
    expect(await shares(lab, members)).toEqual([6, 6, undefined]);
  });
});

describe('division', () => {
  it.each([
    [12, { a: 1, b: 1, c: 2 }, { a: 3, b: 3, c: 6 }],
    [10, { a: 1, b: 1, c: 1 }, { a: 4, b: 3, c: 3 }],
    [1, { a: 1, b: 3 }, { b: 1 }],
    [5, { a: 0, b: 1 }, { b: 5 }],
    [7, { a: 2, b: 3 }, { a: 3, b: 4 }],
  ])('divides %i by %o', (replicas, weights, expected) => {
    expect(divideByWeight(replicas, weights as Record<string, number>, '')).toEqual(expected);
  });
});
