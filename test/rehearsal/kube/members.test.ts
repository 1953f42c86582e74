import { describe, expect, it } from 'vitest';
import { removeApi } from '../../../src/rehearsal/kube/api.js';
import { karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { type KubeAccess, kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { install, karmada, place, prepareParent, read } from './fleet.js';
import { Lab, region } from './harness.js';

async function fleet(): Promise<{ lab: Lab; parent: KubeAccess }> {
  const lab = new Lab();
  const parent = await prepareParent(lab);
  await install(lab, parent);
  return { lab, parent };
}

const clusterRef = (name: string) => ({ kind: 'clusters.cluster.karmada.io', name });

async function readyOf(lab: Lab, name: string): Promise<{ status: string; reason: string } | undefined> {
  const { out } = await lab.run(kubectlCommands.get(karmada, clusterRef(name)));
  const conditions: { type: string; status: string; reason: string }[] =
    out === '' ? [] : (JSON.parse(out).status?.conditions ?? []);
  return conditions.find(({ type }) => type === 'Ready');
}

/** Kills an EKS cluster behind Karmada's back. */
function destroy(lab: Lab, name: string): void {
  delete lab.region.clusters[name];
  removeApi(lab.simulation, `eks/${region}/${name}`);
}

async function register(lab: Lab, member: KubeAccess, name: string, change: { token?: string; caHash?: string } = {}) {
  const { out } = await lab.run(karmadaCommands.createToken(karmada, 'a test'));
  const [, endpoint = '', token = '', caHash = ''] =
    /^kubectl karmada register (\S+) --token (\S+) --discovery-token-ca-cert-hash (\S+)$/.exec(out) ?? [];
  return lab.run(karmadaCommands.register({ place: place(name), member, endpoint, token, caHash, ...change }));
}

describe('join and unjoin', () => {
  it('makes a push member that becomes Ready', async () => {
    const { lab, parent } = await fleet();
    const member = lab.addCluster('member-1');
    const ran = await lab.run(karmadaCommands.join(karmada, member, place('member-1')));
    expect(ran).toMatchObject({ code: 0, out: 'cluster(member-1) is joined successfully' });
    expect(ran.took).toBeGreaterThan(4_000);
    expect(ran.took).toBeLessThan(5_000);
    await lab.pass(5_000);
    expect(await readyOf(lab, 'member-1')).toMatchObject({ status: 'True', reason: 'ClusterReady' });
    const found = await read(lab, karmada, 'cluster', 'member-1', '');
    expect(found.spec).toMatchObject({
      syncMode: 'Push',
      provider: 'aws',
      region,
      zones: [`${region}a`, `${region}b`],
    });
    expect(found.status).toMatchObject({ nodeSummary: { totalNum: 3, readyNum: 3 } });
    expect(await read(lab, karmada, 'namespaces', 'karmada-es-member-1')).toBeDefined();
    const again = await lab.run(karmadaCommands.join(karmada, member, place('other-name')));
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: the cluster ID .* or the cluster name other-name has been registered$/),
    });
    expect((await lab.run(karmadaCommands.join(karmada, parent, place('Bad_Name')))).code).toBe(1);
  });

  it('unjoin takes half a minute and cleans the member up', async () => {
    const { lab } = await fleet();
    const member = lab.addCluster('member-1');
    await lab.run(karmadaCommands.join(karmada, member, place('member-1')));
    const ran = await lab.run(karmadaCommands.unjoin(karmada, member, 'member-1'));
    expect(ran.code).toBe(0);
    expect(ran.took).toBeGreaterThan(25_000);
    expect(ran.took).toBeLessThan(40_000);
    await lab.pass(15_000);
    expect(await read(lab, member, 'namespaces', 'karmada-cluster')).toBeUndefined();
    const unknown = await lab.run(karmadaCommands.unjoin(karmada, member, 'member-1'));
    expect(unknown).toMatchObject({ code: 1, err: 'error: no cluster object member-1 found in karmada control Plane' });
  });

  it('a dead member stays Ready for a minute and cannot be unjoined', async () => {
    const { lab } = await fleet();
    const member = lab.addCluster('member-1');
    await lab.run(karmadaCommands.join(karmada, member, place('member-1')));
    await lab.pass(10_000);
    destroy(lab, 'member-1');
    await lab.pass(50_000);
    expect(await readyOf(lab, 'member-1')).toMatchObject({ status: 'True' });
    await lab.pass(15_000);
    expect(await readyOf(lab, 'member-1')).toMatchObject({ status: 'False', reason: 'ClusterNotReachable' });
    const ran = await lab.run(karmadaCommands.unjoin(karmada, member, 'member-1'));
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('error: context deadline exceeded') });
    expect(ran.took).toBeGreaterThan(180_000);
  });
});

describe('token, register and unregister', () => {
  it('makes a pull member whose Cluster object appears a little later', async () => {
    const { lab } = await fleet();
    const member = lab.addCluster('member-2');
    const ran = await register(lab, member, 'member-2');
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('cluster(member-2) is joined successfully') });
    expect(await readyOf(lab, 'member-2')).toBeUndefined();
    await lab.pass(10_000);
    expect(await readyOf(lab, 'member-2')).toMatchObject({ status: 'True' });
    expect(await read(lab, karmada, 'clusters', 'member-2', '')).toMatchObject({ spec: { syncMode: 'Pull' } });
    const unjoin = await lab.run(karmadaCommands.unjoin(karmada, member, 'member-2'));
    expect(unjoin).toMatchObject({ code: 1, err: expect.stringContaining('please use command `unregister`') });
    expect((await lab.run(karmadaCommands.unregister(karmada, member, 'member-2'))).code).toBe(0);
    await lab.pass(30_000);
    expect(await readyOf(lab, 'member-2')).toBeUndefined();
    expect(await read(lab, member, 'namespaces', 'karmada-system')).toBeDefined();
    expect(await read(lab, member, 'deployments', 'karmada-agent')).toBeUndefined();
  });

  it('a failed preflight exits 0', async () => {
    const { lab } = await fleet();
    const member = lab.addCluster('member-2');
    await register(lab, member, 'member-2');
    const again = await register(lab, member, 'member-2');
    expect(again.code).toBe(0);
    expect(again.out).toContain('[ERROR]: karmada-system/karmada-kubeconfig Secret already exists');
    expect(again.out).not.toContain('joined successfully');
  });

  it('asks long for an unknown token, and not at all with a wrong hash', async () => {
    const { lab } = await fleet();
    const member = lab.addCluster('member-2');
    const unknown = await register(lab, member, 'member-2', { token: 'abcdef.0123456789abcdef' });
    expect(unknown.err).toContain('could not find a JWS signature in the cluster-info ConfigMap for token ID');
    expect(unknown).toMatchObject({ code: 1 });
    expect(unknown.took).toBeGreaterThan(119_000);
    const wrong = await register(lab, member, 'member-2', { caHash: `sha256:${'0'.repeat(64)}` });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/none of the public keys .* are pinned/) });
    expect(wrong.took).toBeLessThan(5_000);
  });

  it('leaves the agent behind when it does not start', async () => {
    const { lab } = await fleet();
    lab.state.conditions.push({
      kind: 'component-unavailable',
      component: 'karmada-agent',
      reason: 'no image',
      times: 1,
    });
    const member = lab.addCluster('member-2');
    const ran = await register(lab, member, 'member-2');
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringContaining('wait for Deployment(karmada-system/karmada-agent) rollout'),
    });
    expect(await read(lab, member, 'secrets', 'karmada-kubeconfig')).toBeDefined();
    expect((await register(lab, member, 'member-2')).code).toBe(0);
  });

  it('deletes a token once', async () => {
    const { lab } = await fleet();
    const { out } = await lab.run(karmadaCommands.createToken(karmada, 'a test'));
    const [, id = ''] = /--token ([a-z0-9]{6})\./.exec(out) ?? [];
    expect((await lab.run(karmadaCommands.deleteToken(karmada, id))).out).toBe(`bootstrap token "${id}" deleted`);
    expect((await lab.run(karmadaCommands.deleteToken(karmada, id))).code).toBe(1);
  });
});
