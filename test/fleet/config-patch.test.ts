/** A patch of the ClusterConfigs: merged as RFC 7396 does and by names, and refused where it would touch what is the fleet's. */
import { expect, it } from 'vitest';
import { patched, patchPaths, wrongPatch } from '../../src/fleet/settings/config-patch.js';

const config = {
  metadata: { name: 'one', tags: { a: 'b' } },
  cloudWatch: { clusterLogging: { enableTypes: ['api'] } },
  addons: [{ name: 'vpc-cni' }, { name: 'coredns', version: 'v1' }],
  managedNodeGroups: [{ name: 'nodes', volumeSize: 80, labels: { team: 'a', tier: 'b' } }],
};

it('merges objects, takes away what is null, and replaces all else', () => {
  const patch = { secretsEncryption: { keyARN: 'k' }, metadata: { annotations: { x: 'y' } }, cloudWatch: null };
  expect(patched(config, patch)).toEqual({
    ...config,
    cloudWatch: undefined,
    secretsEncryption: { keyARN: 'k' },
    metadata: { ...config.metadata, annotations: { x: 'y' } },
  });
  expect(patched({ list: [1, 2] }, { list: [3] })).toEqual({ list: [3] });
  expect(patched({}, { deep: { a: null, b: { c: null } } })).toEqual({ deep: { b: {} } });
});

it('merges the node group and add-ons by their names; of a node group the name may be left out', () => {
  const patch = {
    managedNodeGroups: [{ labels: { team: 'c', tier: null }, maxPodsPerNode: 50 }],
    addons: [
      { name: 'coredns', version: 'v2' },
      { name: 'aws-ebs-csi-driver', configurationValues: '{}' },
    ],
  };
  expect(patched(config, patch)).toEqual({
    ...config,
    addons: [{ name: 'vpc-cni' }, { name: 'coredns', version: 'v2' }],
    managedNodeGroups: [{ name: 'nodes', volumeSize: 80, labels: { team: 'c' }, maxPodsPerNode: 50 }],
  });
});

it('changes no prototype, nor what it is given', () => {
  const before = JSON.stringify(config);
  const patch = JSON.parse('{"__proto__":{"polluted":true},"x":{"__proto__":{"polluted":true}}}');
  patched(config, patch);
  expect([JSON.stringify(config), ({} as { polluted?: true }).polluted]).toEqual([before, undefined]);
});

it.each([
  [{ metadata: { name: 'other' } }, ['metadata.name is the fleet’s; use --fleet, or cluster of the member']],
  [{ metadata: { tags: { 'karmada-eks/fleet': 'x' } } }, ['metadata.tags is the fleet’s; use --tag']],
  [{ metadata: null }, ['metadata: expected fields, because metadata.name in it is the fleet’s']],
  [{ iam: { withOIDC: false } }, ['iam.withOIDC is the fleet’s']],
  [
    { vpc: { id: 'vpc-1' }, accessConfig: {} },
    ['vpc.id is the fleet’s; use --vpc', 'accessConfig is the fleet’s; use --admin'],
  ],
  [{ iam: [] }, ['iam: expected fields, because iam.withOIDC in it is the fleet’s']],
  [{ managedNodeGroups: null }, ['managedNodeGroups: expected a list of entries with fields', expect.anything()]],
  [
    { managedNodeGroups: [{ name: 'gpu' }] },
    ['managedNodeGroups: expected the name nodes; add others once the cluster is there'],
  ],
  [{ managedNodeGroups: [{ spot: true }] }, ['managedNodeGroups.nodes.spot is the fleet’s; use --spot']],
  [{ managedNodeGroups: [{ iam: null }] }, [expect.stringContaining('managedNodeGroups.nodes.iam: expected fields')]],
  [{ managedNodeGroups: [{}, { name: 'nodes' }] }, ['managedNodeGroups: expected each name once']],
  [{ addons: [{ version: 'v1' }] }, [expect.stringContaining('addons: expected the name vpc-cni')]],
  [
    { addons: [{ name: 'aws-ebs-csi-driver', wellKnownPolicies: null }] },
    ['addons.aws-ebs-csi-driver.wellKnownPolicies is the fleet’s'],
  ],
  [{ nodeGroups: [] }, ['nodeGroups is the fleet’s; use eksctl create nodegroup, once the cluster is there']],
])('is refused: %j', (patch, told) => {
  expect(wrongPatch(patch)).toEqual(told);
});

it.each([
  { secretsEncryption: { keyARN: 'k' } },
  { managedNodeGroups: [{ labels: { a: 'b' }, ssh: { allow: true }, iam: { attachPolicyARNs: ['x'] } }] },
  { vpc: { controlPlaneSubnetIDs: ['subnet-1'] }, kubernetesNetworkConfig: { serviceIPv4CIDR: '10.9.0.0/16' } },
  { addons: [{ name: 'vpc-cni', configurationValues: '{}' }], upgradePolicy: { supportType: 'EXTENDED' } },
])('is taken: %j', (patch) => {
  expect(wrongPatch(patch)).toEqual([]);
});

it('is told by its paths, never by its values', () => {
  const patch = {
    secretsEncryption: { keyARN: 'k' },
    cloudWatch: { x: null },
    managedNodeGroups: [{ labels: { a: 'b' } }],
  };
  expect(patchPaths(patch)).toEqual([
    'secretsEncryption.keyARN',
    'no cloudWatch.x',
    'managedNodeGroups.nodes.labels.a',
  ]);
});
