/** What stays where when a member leaves, orderly or dead, as recorded with Karmada 1.18.2 on 2026-11-22. */
import { describe, expect, it } from 'vitest';
import { setReachable } from '../../../src/rehearsal/kube/api.js';
import { karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { type KubeAccess, kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { install, karmada, place, prepareParent, read } from './fleet.js';
import { Lab, region } from './harness.js';

const clusterRef = (name: string) => ({ kind: 'clusters.cluster.karmada.io', name });

async function fleetWith(mode: 'push' | 'pull'): Promise<{ lab: Lab; member: KubeAccess; fresh: readonly string[] }> {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  const member = lab.addCluster('m');
  const fresh = objectsOf(lab, memberKey);
  if (mode === 'push') await lab.run(karmadaCommands.join(karmada, member, place('m')));
  else await register(lab, member);
  await lab.pass(20_000);
  return { lab, member, fresh };
}

async function register(lab: Lab, member: KubeAccess): Promise<void> {
  const { out } = await lab.run(karmadaCommands.createToken(karmada, 'a test'));
  const [, endpoint = '', token = '', caHash = ''] =
    /^kubectl karmada register (\S+) --token (\S+) --discovery-token-ca-cert-hash (\S+)$/.exec(out) ?? [];
  await lab.run(karmadaCommands.register({ place: place('m'), member, endpoint, token, caHash }));
}

const memberKey = `eks/${region}/m`;
const karmadaKey = `karmada/${region}/parent`;

function objectsOf(lab: Lab, key: string): readonly string[] {
  return Object.keys(lab.api(key).objects).filter((object) => !/^(pods|events)\//.test(object));
}

function addedTo(lab: Lab, fresh: readonly string[]): readonly string[] {
  return objectsOf(lab, memberKey)
    .filter((object) => !fresh.includes(object))
    .sort();
}

const pushed = [
  'clusterrolebindings//karmada-controller-manager:karmada-m',
  'clusterrolebindings//karmada-impersonator',
  'clusterroles//karmada-controller-manager:karmada-m',
  'clusterroles//karmada-impersonator',
  'namespaces//karmada-cluster',
  'secrets/karmada-cluster/karmada-impersonator',
  'secrets/karmada-cluster/karmada-m',
  'serviceaccounts/karmada-cluster/karmada-impersonator',
  'serviceaccounts/karmada-cluster/karmada-m',
];

function ofMember(lab: Lab): readonly string[] {
  return objectsOf(lab, karmadaKey).filter((object) => /\/(m|m-.*|karmada-es-m|system:karmada:m:.*)$/.test(object));
}

/** `kubectl karmada unjoin --force`: the product's own, or as typed by hand. */
const force = (...more: readonly string[]) => ({
  tool: 'kubectl-karmada' as const,
  args: [
    'unjoin',
    'm',
    `--kubeconfig=${karmada.kubeconfig}`,
    `--karmada-context=${karmada.context}`,
    '--force',
    '--wait=20s',
    ...more,
  ],
});

describe('a push member', () => {
  it('holds a namespace, two accounts and two roles, and loses them all when it is unjoined', async () => {
    const { lab, member, fresh } = await fleetWith('push');
    expect(addedTo(lab, fresh)).toEqual(pushed);
    expect((await lab.run(karmadaCommands.unjoin(karmada, member, 'm'))).code).toBe(0);
    await lab.pass(20_000);
    expect(addedTo(lab, fresh)).toEqual([]);
    expect(ofMember(lab)).toEqual([]);
  });

  it('that is dead gets a taint, is not deleted, and is forgotten by force with all that is in it', async () => {
    const { lab, member, fresh } = await fleetWith('push');
    setReachable(lab.simulation, memberKey, false);
    await lab.pass(70_000);
    const dead = await read(lab, karmada, 'clusters', 'm', '');
    expect(dead.status.conditions).toMatchObject([
      { type: 'CompleteAPIEnablements', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'ClusterNotReachable', message: 'cluster is not reachable' },
    ]);
    expect(dead.spec.taints).toEqual([
      { effect: 'NoSchedule', key: 'cluster.karmada.io/not-ready', timeAdded: expect.any(String) },
    ]);
    await lab.run(kubectlCommands.remove(karmada, clusterRef('m')));
    await lab.pass(600_000);
    expect(await read(lab, karmada, 'clusters', 'm', '')).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
    });
    const ran = await lab.run(
      force(`--cluster-kubeconfig=${member.kubeconfig}`, `--cluster-context=${member.context}`),
    );
    expect(ran.code).toBe(0);
    expect(ran.took).toBeGreaterThan(20_000);
    expect(ran.err).toContain('Forced deletion is complete.');
    expect(ran.err).toContain('Force deletion. Could not delete namespace in unjoining cluster "m"');
    expect(ofMember(lab)).toEqual([]);
    setReachable(lab.simulation, memberKey, true);
    expect(addedTo(lab, fresh)).toEqual(pushed);
  });

  it('that lives is emptied by --force as well', async () => {
    const { lab, member, fresh } = await fleetWith('push');
    const ran = await lab.run(
      force('--wait=60s', `--cluster-kubeconfig=${member.kubeconfig}`, `--cluster-context=${member.context}`),
    );
    expect(ran).toMatchObject({ code: 0, err: expect.not.stringContaining('orce') });
    await lab.pass(20_000);
    expect(addedTo(lab, fresh)).toEqual([]);
  });
});

describe('a pull member', () => {
  it('leaves an empty karmada-system, and in Karmada a certificate request, when it is unregistered', async () => {
    const { lab, member, fresh } = await fleetWith('pull');
    expect(addedTo(lab, fresh)).toEqual(
      [
        ...pushed,
        'clusterrolebindings//karmada-agent',
        'clusterroles//karmada-agent',
        'deployments/karmada-system/karmada-agent',
        'namespaces//karmada-system',
        'secrets/karmada-system/karmada-kubeconfig',
        'serviceaccounts/karmada-system/karmada-agent-sa',
      ].sort(),
    );
    expect((await lab.run(karmadaCommands.unregister(karmada, member, 'm'))).code).toBe(0);
    await lab.pass(20_000);
    expect(addedTo(lab, fresh)).toEqual(['namespaces//karmada-system']);
    expect(ofMember(lab)).toEqual([expect.stringMatching(/^certificatesigningrequests\/\/m-/)]);
  });

  it('that is dead cannot be unregistered, but its Cluster object can be deleted; rights stay in Karmada', async () => {
    const { lab, member, fresh } = await fleetWith('pull');
    setReachable(lab.simulation, memberKey, false);
    const ran = await lab.run(karmadaCommands.unregister(karmada, member, 'm'));
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('Failed to delete works object.') });
    const found = await read(lab, karmada, 'clusters', 'm', '');
    expect(found.metadata.deletionTimestamp).toBeUndefined();
    expect(found.status.conditions[1]).toMatchObject({
      type: 'Ready',
      status: 'Unknown',
      reason: 'ClusterStatusUnknown',
    });
    expect(found.spec.taints).toMatchObject([{ key: 'cluster.karmada.io/unreachable' }]);
    await lab.run(kubectlCommands.remove(karmada, clusterRef('m')));
    await lab.pass(15_000);
    expect(ofMember(lab).filter((object) => !object.startsWith('certificate'))).toEqual([
      'clusterroles//system:karmada:m:agent',
      'clusterrolebindings//system:karmada:m:agent',
      'roles/karmada-cluster/system:karmada:m:agent-secret',
      'rolebindings/karmada-cluster/system:karmada:m:agent-secret',
    ]);
    setReachable(lab.simulation, memberKey, true);
    await lab.pass(60_000);
    expect(await read(lab, karmada, 'clusters', 'm', '')).toBeUndefined();
    expect(addedTo(lab, fresh)).toContain('deployments/karmada-system/karmada-agent');
  });
});

it('the parent is a member like any other, by its in-cluster address too', async () => {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  await lab.run(karmadaCommands.join(karmada, parent, place('self')));
  for (const apiEndpoint of ['https://kubernetes.default.svc', 'https://kubernetes.default.svc.cluster.local:443']) {
    await lab.run(kubectlCommands.mergePatch(karmada, clusterRef('self'), { spec: { apiEndpoint } }));
    await lab.pass(120_000);
    expect(await read(lab, karmada, 'clusters', 'self', '')).toMatchObject({
      spec: { apiEndpoint },
      status: { conditions: [{}, { type: 'Ready', status: 'True' }] },
    });
  }
  expect((await lab.run(karmadaCommands.unjoin(karmada, parent, 'self'))).code).toBe(0);
  await lab.pass(20_000);
  expect(await read(lab, parent, 'namespaces', 'karmada-cluster')).toBeUndefined();
  expect(await read(lab, parent, 'deployments', 'karmada-apiserver')).toBeDefined();
});
