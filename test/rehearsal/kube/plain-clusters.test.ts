/** Clusters outside of EKS, and what kubectl says of the contexts that lead to them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { addExistingCluster } from '../../../src/rehearsal/existing-clusters.js';
import type { ApiState } from '../../../src/rehearsal/state.js';
import { karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { addPlainCluster, eksKubeconfig, plainKubeconfig } from '../plain-clusters.js';
import { exited, type Rig, region, rig, rigOn } from '../rig.js';
import { install, karmada, prepareParent, read } from './fleet.js';
import { Lab } from './harness.js';

const home = '/home/you/.kube/config';
const kind = { name: 'kind-one', server: 'https://127.0.0.1:41207', provider: 'kind' };
const google = {
  name: 'shop',
  server: 'https://34.90.1.2',
  provider: 'gce',
  region: 'europe-west4',
  zones: ['europe-west4-a', 'europe-west4-b'],
};

describe('kubectl', () => {
  let made: Rig;
  let api: ApiState;
  const nodes = { kind: 'nodes' };
  const access = { kubeconfig: home, context: 'mine' };

  beforeEach(() => {
    made = rig();
    api = addPlainCluster(made.account, google);
    made.account.state.files[home] = plainKubeconfig(api, 'mine');
  });

  it('opens one by its certificate or its token, and sees where its nodes are', async () => {
    const list = JSON.parse(exited(await made.run(kubectlCommands.get(access, nodes))).stdout);
    expect(list.items).toMatchObject([
      {
        metadata: {
          labels: {
            'topology.kubernetes.io/region': 'europe-west4',
            'topology.kubernetes.io/zone': 'europe-west4-a',
          },
        },
        spec: { providerID: 'gce://shop/europe-west4-a/shop-node-1' },
      },
      { metadata: { labels: { 'topology.kubernetes.io/zone': 'europe-west4-b' } } },
    ]);
    made.account.state.files[home] = plainKubeconfig(api, 'mine', 'token');
    expect(exited(await made.run(kubectlCommands.get(access, nodes))).code).toBe(0);
    made.account.state.files[home] = plainKubeconfig(api, 'mine', 'token').replace('token-of-shop', 'other');
    expect(exited(await made.run(kubectlCommands.get(access, nodes))).stderr).toContain('Unauthorized');
    api.reachable = false;
    expect(exited(await made.run(kubectlCommands.get(access, nodes))).stderr).toContain('34.90.1.2 was refused');
  });

  it('needs no AWS for it, and for an EKS cluster under any context name it does', async () => {
    const { account, vpc } = made;
    const subnetIds = vpc.privateSubnets.map(({ id }) => id);
    addExistingCluster(account, { name: 'old', region, vpcId: vpc.vpc.id, subnetIds });
    account.state.files['/eks'] = eksKubeconfig(account, { region, name: 'old' }, 'arn:aws:eks:x:1:cluster/old');
    const eks = { kubeconfig: '/eks', context: 'arn:aws:eks:x:1:cluster/old' };
    const { items } = JSON.parse(exited(await made.run(kubectlCommands.get(eks, nodes))).stdout);
    expect(items[0].spec.providerID).toMatch(/^aws:\/\/\/us-west-2a\/i-/);
    const later = rigOn(account, { credentialsExpireAt: account.now() });
    expect(exited(await later.run(kubectlCommands.get(access, nodes))).code).toBe(0);
    expect(exited(await later.run(kubectlCommands.get(eks, nodes))).stderr).toContain('getting credentials');
  });

  it('shows one context, of the first file of KUBECONFIG that has it, with the text of its files', async () => {
    const { account } = made;
    account.state.files['/a/config'] =
      'clusters: [{name: c, cluster: {server: https://a, certificate-authority: ca.crt}}]\n' +
      'contexts: [{name: mine, context: {cluster: c, user: u, namespace: shop}}]\n';
    account.state.files['/b/config'] =
      'clusters: [{name: c, cluster: {server: https://b}}]\n' +
      'contexts: [{name: lost, context: {cluster: gone}}]\n' +
      'users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws}}}]\n';
    account.state.files['/a/ca.crt'] = 'CA';
    const { run } = rigOn(account, { vars: { KUBECONFIG: '/a/config:/b/config:/none' } });
    expect(JSON.parse(exited(await run(kubectlCommands.viewContext('mine'))).stdout)).toEqual({
      kind: 'Config',
      apiVersion: 'v1',
      clusters: [{ name: 'c', cluster: { server: 'https://a', 'certificate-authority-data': 'Q0E=' } }],
      users: [
        {
          name: 'u',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'aws',
              provideClusterInfo: false,
            },
          },
        },
      ],
      contexts: [{ name: 'mine', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
      'current-context': 'mine',
    });
    const failed = async (context: string) => exited(await run(kubectlCommands.viewContext(context)));
    expect(await failed('nope')).toMatchObject({ code: 1, stderr: 'error: cannot locate context nope\n' });
    expect(await failed('lost')).toMatchObject({ code: 1, stderr: 'error: cannot locate cluster gone\n' });
    delete account.state.files['/a/ca.crt'];
    expect(await failed('mine')).toMatchObject({
      code: 1,
      stderr: 'error: open /a/ca.crt: no such file or directory\n',
    });
    account.state.files['/b/config'] = 'clusters: [';
    expect((await failed('mine')).stderr).toMatch(/^error: error loading config file "\/b\/config": yaml: /);
  });

  it('looks at the file in the home folder when KUBECONFIG is not set', async () => {
    const { stdout } = exited(await made.run(kubectlCommands.viewContext('mine')));
    expect(JSON.parse(stdout).clusters[0].cluster.server).toBe(google.server);
  });
});

describe('Karmada', () => {
  it('takes one in by push or pull and lets it go again', async () => {
    const lab = new Lab();
    await install(lab, await prepareParent(lab));
    for (const [plain, mode] of [
      [kind, 'push'],
      [google, 'pull'],
    ] as const) {
      const { name, server } = plain;
      lab.state.files[`/kube/${name}`] = plainKubeconfig(addPlainCluster(lab.simulation, plain), name);
      const member = { kubeconfig: `/kube/${name}`, context: name };
      if (mode === 'push') await lab.run(karmadaCommands.join(karmada, member, { name, zones: [] }));
      else {
        const { out } = await lab.run(karmadaCommands.createToken(karmada, 'a test'));
        const [endpoint = '', token = '', caHash = ''] =
          out.match(/\S+:32443|[a-z0-9]{6}\.[a-z0-9]{16}|sha256:\S+/g) ?? [];
        const place = { name, provider: 'gce', region: 'europe-west4', zones: ['europe-west4-a'] };
        await lab.run(karmadaCommands.register({ place, member, endpoint, token, caHash }));
      }
      await lab.pass(20_000);
      const found = await read(lab, karmada, 'clusters', name, '');
      expect(found).toMatchObject({
        spec: { apiEndpoint: server, ...(mode === 'push' ? {} : { provider: 'gce', zones: ['europe-west4-a'] }) },
        status: { kubernetesVersion: 'v1.34.4', conditions: [{}, { type: 'Ready', status: 'True' }] },
      });
      expect(Object.keys(found.spec)).not.toContain('taints');
      if (mode === 'push') expect(Object.keys(found.spec)).not.toContain('region');
      const leave = mode === 'push' ? karmadaCommands.unjoin : karmadaCommands.unregister;
      expect((await lab.run(leave(karmada, member, name))).code).toBe(0);
    }
  });
});
