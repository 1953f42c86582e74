import { expect, it } from 'vitest';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { install, prepareParent, read } from './fleet.js';
import { Lab } from './harness.js';

const server = { kind: 'deployments', name: 'karmada-apiserver', namespace: 'karmada-system' };
const restarted = { spec: { template: { metadata: { annotations: { restarted: 'now' } } } } };
const oneByOne = { spec: { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } };

it('a rollout of the API server never ends with the default strategy, and ends without a surge (observed with 1.18.2)', async () => {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  const status = async () => (await read(lab, parent, 'deployments', 'karmada-apiserver')).status;
  await lab.run(kubectlCommands.strategicPatch(parent, server, restarted));
  await lab.pass(600_000);
  expect(await status()).toMatchObject({ replicas: 4, readyReplicas: 3, updatedReplicas: 1 });
  await lab.run(kubectlCommands.strategicPatch(parent, server, oneByOne));
  await lab.pass(120_000);
  expect(await status()).toMatchObject({ replicas: 3, readyReplicas: 3, updatedReplicas: 3 });
});

it('members of etcd below the partition keep their template', async () => {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  const etcd = { kind: 'statefulsets', name: 'etcd', namespace: 'karmada-system' };
  const from = (partition: number) => ({ spec: { updateStrategy: { rollingUpdate: { partition } } } });
  const status = async () => (await read(lab, parent, 'statefulsets', 'etcd')).status;
  await lab.run(kubectlCommands.strategicPatch(parent, etcd, { spec: { ...restarted.spec, ...from(2).spec } }));
  await lab.pass(120_000);
  expect(await status()).toMatchObject({ readyReplicas: 3, updatedReplicas: 1 });
  await lab.run(kubectlCommands.strategicPatch(parent, etcd, from(0)));
  await lab.pass(120_000);
  expect(await status()).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
});

it('a strategic patch keeps other containers, and knows no list that it is not told of', async () => {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  const containers = (list: object[]) => ({ spec: { template: { spec: { containers: list } } } });
  await lab.run(kubectlCommands.strategicPatch(parent, server, containers([{ name: 'beside', image: 'x' }])));
  const names = (await read(lab, parent, 'deployments', 'karmada-apiserver')).spec.template.spec.containers;
  expect(names.map(({ name }: { name: string }) => name)).toEqual(['karmada-apiserver', 'beside']);
  const unknown = { spec: { template: { spec: { volumes: [{ name: 'x' }] } } } };
  await expect(lab.run(kubectlCommands.strategicPatch(parent, server, unknown))).rejects.toThrow(
    'does not model volumes',
  );
});
