/** What is shown of a ClusterConfig: no scripts, no settings, and nothing that is named like a secret. */
import { expect, it } from 'vitest';
import { withoutConfigSecrets } from '../../src/logs/config-secrets.js';

it('hides what may be a secret, and nothing else', () => {
  const config = {
    kind: 'ClusterConfig',
    managedNodeGroups: [
      {
        name: 'nodes',
        preBootstrapCommands: ['login hunter2'],
        labels: { team: 'a' },
        bottlerocket: { settings: { x: 'hunter2' } },
      },
    ],
    addons: [{ name: 'vpc-cni', configurationValues: '{"password":"hunter2"}' }],
    metadata: { annotations: { apiToken: 'hunter2', note: 'kept' } },
    secretsEncryption: { keyARN: 'arn:kept' },
  };
  const shown = withoutConfigSecrets(JSON.stringify(config));
  expect(shown).not.toContain('hunter2');
  expect(JSON.parse(shown)).toMatchObject({
    secretsEncryption: { keyARN: 'arn:kept' },
    metadata: { annotations: { note: 'kept' } },
  });
});

it.each(['preBootstrapCommands', 'overrideBootstrapCommand', 'configurationValues', 'dbPassword'])(
  'hides %s alone',
  (field) => {
    const config = { kind: 'ClusterConfig', managedNodeGroups: [{ name: 'nodes', [field]: 'hunter2' }] };
    expect(withoutConfigSecrets(JSON.stringify(config))).toBe(JSON.stringify(config).replace('hunter2', '<hidden>'));
  },
);

it('hides the patch in a description, wherever that is', () => {
  const description = JSON.stringify({ fleet: 'shop', clusterConfigPatch: { a: 'hunter2' }, nodes: 3 });
  const list = { kind: 'List', items: [{ kind: 'ConfigMap', data: { request: description } }] };
  const shown = withoutConfigSecrets(JSON.stringify(list));
  expect(shown).not.toContain('hunter2');
  expect(JSON.parse(JSON.parse(shown).items[0].data.request)).toEqual({
    fleet: 'shop',
    clusterConfigPatch: '<hidden>',
    nodes: 3,
  });
  expect(withoutConfigSecrets(`request: ${description}`)).toBe('<hidden>');
});

it('leaves what has none byte by byte, and what is no ClusterConfig', () => {
  const plain = '{"kind":"ClusterConfig","metadata":{"name":"one"},"secretsEncryption":{"keyARN":"k"}}';
  const other = '{"kind":"Secret","token":"x"}';
  expect([plain, other].map(withoutConfigSecrets)).toEqual([plain, other]);
});
