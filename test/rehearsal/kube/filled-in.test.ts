/** What an API server, its controllers and `kubectl apply` add to objects, as recorded from Kubernetes 1.34.4 (test/fixtures/tools). */
import { expect, it } from 'vitest';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { read } from './fleet.js';
import { Lab } from './harness.js';

const configMap = (data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', ...more },
  data,
});

it('takes away what an earlier apply said and this one does not, and nothing that others wrote', async () => {
  const lab = new Lab();
  const access = lab.addCluster('one');
  const apply = async (manifest: object) => (await lab.run(kubectlCommands.apply(access, [manifest]))).out;
  expect(await apply(configMap({ first: '1', second: '2' }, { annotations: { mine: 'x' } }))).toBe(
    'configmap/a created',
  );
  const theirs = { data: { third: '3' }, metadata: { annotations: { theirs: 'y' } } };
  const ref = { kind: 'configmaps', name: 'a', namespace: 'default' };
  await lab.run(kubectlCommands.mergePatch(access, ref, theirs));
  expect(await apply(configMap({ second: '2' }))).toBe('configmap/a configured');
  expect(await apply(configMap({ second: '2' }))).toBe('configmap/a unchanged');
  const last =
    '{"apiVersion":"v1","data":{"second":"2"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"default"}}\n';
  const annotations = { theirs: 'y', 'kubectl.kubernetes.io/last-applied-configuration': last };
  expect(await read(lab, access, 'configmaps', 'a', 'default')).toMatchObject({ data: { second: '2', third: '3' } });
  const found = await read(lab, access, 'configmaps', 'a', 'default');
  expect(found).toMatchObject({ metadata: { annotations } });
  expect(JSON.stringify(found)).not.toMatch(/first|mine/);
});

it('remembers nothing of what was created without apply', async () => {
  const lab = new Lab();
  const access = lab.addCluster('one');
  await lab.run(kubectlCommands.create(access, configMap({ first: '1' })));
  expect(JSON.stringify(await read(lab, access, 'configmaps', 'a', 'default'))).not.toContain('last-applied');
});

it('has a Service of the API server itself, and namespaces with a label of their name', async () => {
  const lab = new Lab();
  const access = lab.addCluster('one');
  expect(await read(lab, access, 'services', 'kubernetes', 'default')).toMatchObject({
    spec: { type: 'ClusterIP', ports: [{ port: 443 }] },
  });
  expect(await read(lab, access, 'namespaces', 'kube-system')).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  });
});
