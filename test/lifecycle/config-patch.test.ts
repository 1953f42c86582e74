/** A patch of the ClusterConfigs: shown and tried before anything is made, kept with the fleet, and never shown with its values. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, newMachine, region, succeed } from './fleet.js';

const place = `--region ${region} --vpc main --member name=one`;
const file = '/home/you/patch.yaml';
const key = `arn:aws:kms:${region}:111122223333:key/11111111-2222`;
const patch = `
secretsEncryption: { keyARN: '${key}' }
managedNodeGroups:
  - labels: { team: shop-of-mine }
`;

function machine(text = patch): Account {
  const account = newMachine();
  account.state.files[file] = text;
  return account;
}

it('is planned by its paths, tried with eksctl, and refused with its reason before anything is made', async () => {
  const account = machine();
  const { stdout, calls } = await succeed(account, `plan ${place} --cluster-config-patch patch.yaml --details`);
  expect(stdout).toMatch(/patch +secretsEncryption.keyARN, managedNodeGroups.nodes.labels.team\n/);
  expect(stdout).toContain('ClusterConfig patched: secretsEncryption.keyARN, managedNodeGroups.nodes.labels.team');
  expect(stdout).not.toContain('shop-of-mine');
  expect(calls.filter(({ key: call }) => call.startsWith('exec eksctl --dry-run create cluster'))).toHaveLength(2);
  account.state.files[file] = 'managedNodeGroups: [{ lables: { a: b } }]';
  const refused = await cli(account, `up ${place} --yes --cluster-config-patch patch.yaml`);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('eksctl refuses the ClusterConfig of karmada-parent with the cluster config patch');
  expect(refused.stderr).toContain('unknown field "lables"');
  expect(account.region(region).stacks).toEqual([]);
});

it.each([
  ['metadata: { name: other }', '--cluster-config-patch: metadata.name is the fleet’s; use --fleet'],
  ['[1, 2]', 'patch.yaml is not a cluster config patch'],
  ['just words', 'patch.yaml is not a cluster config patch'],
  ['{', 'patch.yaml is not YAML'],
  ['', 'patch.yaml is empty'],
])('is refused: %s', async (text, told) => {
  const account = machine(text);
  const { code, stderr } = await cli(account, `up ${place} --yes --cluster-config-patch patch.yaml`);
  expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
});

it('hides what may be secrets in the commands that are shown', async () => {
  const account = machine("managedNodeGroups: [{ preBootstrapCommands: ['login hunter2'], labels: { a: b } }]");
  const faults = [{ call: 'exec eksctl --dry-run*', kind: 'no-effect', times: -1 }] as const;
  const { stdout, stderr } = await cli(account, `plan ${place} --cluster-config-patch patch.yaml --commands`, {
    faults,
  });
  expect(stdout).toContain('"preBootstrapCommands":"<hidden>"');
  expect(stdout + stderr).not.toContain('hunter2');
});

it.runIf(triesMore)(
  'is in every new cluster, and kept: a run that is resumed, and members that come later, have it too',
  async () => {
    const account = machine();
    const first = await cli(account, `up ${place} --yes --cluster-config-patch patch.yaml`, { killAt: 60 });
    expect(first.code).not.toBe(0);
    delete account.state.files[file];
    await succeed(account, `up ${place} --yes`);
    const again = await succeed(account, `up ${place} --yes`);
    expect(changes(again)).toEqual([]);
    await succeed(account, 'join --yes --member name=late');
    for (const cluster of Object.values(account.region(region).clusters)) {
      expect(cluster.secretsKey).toBe(key);
      expect(Object.values(cluster.nodeGroups)[0]?.labels).toEqual({ team: 'shop-of-mine' });
    }
    const written = Object.entries(account.state.files).filter(([path]) => /\/logs\/|\.jsonl$/.test(path));
    expect(written.length).toBeGreaterThan(5);
    // The ConfigMap is in them, without the patch; labels are no secret, and stay in the ClusterConfig.
    const texts = written.map(([, text]) => text).filter((text) => text.includes('clusterConfigPatch'));
    expect(texts.length).toBeGreaterThan(0);
    expect(written.filter(([, text]) => text.includes('--dry-run'))).toEqual([]);
    expect(texts.filter((text) => /clusterConfigPatch[\\":]+\{/.test(text))).toEqual([]);
  },
);

it.runIf(triesMore)('may be one member’s alone, in the file', async () => {
  const account = machine();
  const config = `
region: ${region}
vpc: main
members:
  - name: one
    clusterConfigPatch: { managedNodeGroups: [{ labels: { of: one } }] }
  - name: two
clusterConfigPatch: { managedNodeGroups: [{ labels: { all: yes please } }] }
`;
  account.state.files['/home/you/fleet.yaml'] = config;
  await succeed(account, 'up --yes --config fleet.yaml');
  const labels = Object.values(account.region(region).clusters).map(
    ({ nodeGroups }) => Object.values(nodeGroups)[0]?.labels,
  );
  expect(labels).toEqual([{ all: 'yes please' }, { all: 'yes please', of: 'one' }, { all: 'yes please' }]);
});
