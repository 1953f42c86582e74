import { describe, expect, it } from 'vitest';
import { deleteLoadBalancerServices, setNodes } from '../../../src/rehearsal/kube/api.js';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { loadBalancerService, namespace, prepareParent, read } from './fleet.js';
import { Lab, region } from './harness.js';

const webApp = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } },
  },
};
const web = { kind: 'deployments', name: 'web', namespace: 'default' };

describe('kubectl', () => {
  it('prints its version', async () => {
    const { out } = await new Lab().run(kubectlCommands.version());
    expect(JSON.parse(out).clientVersion.gitVersion).toBe('v1.34.4');
  });

  it('applies, reads by any name of a type, and prints nothing for what is missing', async () => {
    const lab = new Lab();
    const access = lab.addCluster('one');
    expect((await lab.run(kubectlCommands.apply(access, [webApp]))).out).toBe('deployment.apps/web created');
    expect((await lab.run(kubectlCommands.apply(access, [webApp]))).out).toBe('deployment.apps/web unchanged');
    for (const kind of ['deploy', 'deployment', 'deployments', 'deployments.apps']) {
      expect(await read(lab, access, kind, 'web', 'default')).toMatchObject({ kind: 'Deployment' });
    }
    const list = await lab.run(kubectlCommands.get(access, { kind: 'pods', allNamespaces: true, selector: 'app=web' }));
    expect(JSON.parse(list.out)).toMatchObject({ kind: 'List', items: [{}, {}] });
    expect(list.out).not.toContain('rehearsal');
    expect(await lab.run(kubectlCommands.get(access, { kind: 'secrets', namespace: 'default' }))).toMatchObject({
      code: 0,
      out: '',
    });
    const unknown = await lab.run(kubectlCommands.get(access, { kind: 'clusters.cluster.karmada.io' }));
    expect(unknown).toMatchObject({ code: 1, err: 'error: the server doesn\'t have a resource type "clusters"' });
  });

  it('refuses what an API server refuses', async () => {
    const lab = new Lab();
    const access = lab.addCluster('one');
    await lab.run(kubectlCommands.create(access, webApp));
    expect(await lab.run(kubectlCommands.create(access, webApp))).toMatchObject({
      code: 1,
      err: 'Error from server (AlreadyExists): error when creating "STDIN": deployments.apps "web" already exists',
    });
    const homeless = { ...webApp, metadata: { name: 'web', namespace: 'nowhere' } };
    expect((await lab.run(kubectlCommands.apply(access, [homeless]))).err).toBe(
      'Error from server (NotFound): error when creating "STDIN": namespaces "nowhere" not found',
    );
    const { err } = await lab.run(
      kubectlCommands.create(access, { ...webApp, metadata: { name: 'x', resourceVersion: '7' } }),
    );
    expect(err).toContain('resourceVersion should not be set on objects to be created');
  });

  it('makes pods ready after a while, only on ready nodes', async () => {
    const lab = new Lab();
    const access = lab.addCluster('one', 0);
    await lab.run(kubectlCommands.apply(access, [webApp]));
    await lab.pass(60_000);
    const pods = await lab.run(kubectlCommands.get(access, { kind: 'pods', namespace: 'default' }));
    expect(pods.out).toContain('no nodes available to schedule pods');
    lab.setNodes('one', 1);
    await lab.pass(9_000);
    expect((await read(lab, access, web.kind, 'web', 'default')).status.readyReplicas).toBeUndefined();
    await lab.pass(2_000);
    expect(await read(lab, access, web.kind, 'web', 'default')).toMatchObject({
      status: { readyReplicas: 2, observedGeneration: 1 },
    });
    setNodes(lab.simulation, `eks/${region}/one`, []);
    await lab.pass(1_000);
    expect((await read(lab, access, web.kind, 'web', 'default')).status.readyReplicas).toBeUndefined();
  });

  it('deletes a namespace with all that is in it', async () => {
    const lab = new Lab();
    const access = lab.addCluster('one');
    await lab.run(
      kubectlCommands.apply(access, [namespace, { ...webApp, metadata: { name: 'web', namespace: 'karmada-system' } }]),
    );
    const removed = await lab.run(kubectlCommands.remove(access, { kind: 'namespaces', name: 'karmada-system' }));
    expect(removed.out).toBe('namespace "karmada-system" deleted');
    const late = await lab.run(kubectlCommands.apply(access, [loadBalancerService]));
    expect(late.err).toContain('because it is being terminated');
    await lab.pass(8_000);
    expect(await read(lab, access, 'namespaces', 'karmada-system')).toMatchObject({ status: { phase: 'Terminating' } });
    await lab.pass(5_000);
    expect(await read(lab, access, 'namespaces', 'karmada-system')).toBeUndefined();
  });

  it('says why a cluster cannot be reached', async () => {
    const lab = new Lab();
    const access = lab.addCluster('one');
    expect((await lab.run(kubectlCommands.raw({ ...access, context: 'two' }, '/readyz'))).err).toContain(
      'context was not found',
    );
    lab.state.callerArn = 'arn:aws:iam::111122223333:user/stranger';
    expect((await lab.run(kubectlCommands.raw(access, '/readyz'))).err).toContain('(Unauthorized)');
    lab.region.clusters['one'] = { ...lab.region.clusters['one'], status: 'DELETING' } as never;
    expect((await lab.run(kubectlCommands.raw(access, '/readyz'))).err).toMatch(
      /^Unable to connect to the server: dial tcp: lookup .*: no such host$/,
    );
  });

  it('does not model what the product does not use', async () => {
    const lab = new Lab();
    const access = lab.addCluster('one');
    const logs = {
      tool: 'kubectl' as const,
      args: [`--kubeconfig=${access.kubeconfig}`, '--context=one', 'logs', 'x'],
    };
    await expect(lab.run(logs)).rejects.toMatchObject({ code: 'rehearsal-unmodelled' });
  });
});

describe('a Service of type LoadBalancer', () => {
  it('gets a name at once, addresses later, and goes after its load balancer', async () => {
    const lab = new Lab();
    const parent = lab.addCluster('parent');
    await lab.run(kubectlCommands.apply(parent, [namespace, loadBalancerService]));
    await lab.pass(6_000);
    const service = await read(lab, parent, 'svc', 'karmada-service-loadbalancer');
    const name = `a${service.metadata.uid.replaceAll('-', '')}`.slice(0, 32);
    expect(service.status.loadBalancer.ingress[0].hostname).toMatch(
      new RegExp(`^${name}-[0-9a-f]{16}\\.elb\\.${region}\\.amazonaws\\.com$`),
    );
    expect(lab.region.loadBalancers).toMatchObject([
      { name, kind: 'network', subnetIds: ['subnet-0', 'subnet-1'], tags: { fleet: 'demo', env: 'test' } },
    ]);
    expect(lab.region.networkInterfaces).toEqual([]);
    await lab.pass(150_000);
    expect(lab.region.networkInterfaces).toHaveLength(2);
    expect(lab.region.networkInterfaces[0]?.description).toMatch(`ELB net/${name}/`);
    deleteLoadBalancerServices(lab.simulation, `eks/${region}/parent`);
    await lab.pass(20_000);
    expect(await read(lab, parent, 'svc', 'karmada-service-loadbalancer')).toHaveProperty('metadata.deletionTimestamp');
    await lab.pass(30_000);
    expect(await read(lab, parent, 'svc', 'karmada-service-loadbalancer')).toBeUndefined();
    expect(lab.region.loadBalancers[0]?.deletedAt).toBeDefined();
    expect(lab.region.networkInterfaces).toEqual([]);
  });

  it.each([
    ['without the annotation', {}, /^a[0-9a-f]{31}-\d+\.eu-west-1\.elb\.amazonaws\.com$/],
    ['for another controller', { 'service.beta.kubernetes.io/aws-load-balancer-type': 'external' }, undefined],
    ['with unknown subnets', { 'service.beta.kubernetes.io/aws-load-balancer-subnets': 'subnet-9' }, undefined],
  ])('%s', async (_, annotations, hostname) => {
    const lab = new Lab();
    const parent = lab.addCluster('parent');
    const service = { ...loadBalancerService, metadata: { ...loadBalancerService.metadata, annotations } };
    await lab.run(kubectlCommands.apply(parent, [namespace, service]));
    await lab.pass(300_000);
    const found = await read(lab, parent, 'svc', 'karmada-service-loadbalancer');
    const shown = found.status.loadBalancer.ingress?.[0]?.hostname;
    if (hostname === undefined) expect(shown).toBeUndefined();
    else expect(shown).toMatch(hostname);
  });

  it('refuses a node port that is taken', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const second = { ...loadBalancerService, metadata: { ...loadBalancerService.metadata, name: 'second' } };
    expect((await lab.run(kubectlCommands.apply(parent, [second]))).err).toBe(
      'The Service "second" is invalid: spec.ports[0].nodePort: Invalid value: 31443: provided port is already allocated',
    );
  });
});

describe('claims', () => {
  const set = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'karmada-system' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'db' }] } },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { storageClassName: 'ebs-sc', resources: { requests: { storage: '5Gi' } } },
        },
      ],
    },
  };

  it('are bound only while the EBS driver works, and outlive their pods', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const addon = lab.region.clusters['parent']?.addons['aws-ebs-csi-driver'];
    if (addon !== undefined) addon.status = 'DEGRADED';
    await lab.run(kubectlCommands.apply(parent, [set]));
    await lab.pass(60_000);
    expect(await read(lab, parent, 'pvc', 'data-db-0')).toMatchObject({ status: { phase: 'Pending' } });
    if (addon !== undefined) addon.status = 'ACTIVE';
    await lab.pass(1_000);
    await lab.pass(20_000);
    expect(await read(lab, parent, 'sts', 'db')).toMatchObject({ status: { readyReplicas: 1 } });
    expect(lab.region.volumes).toMatchObject([{ sizeGiB: 5, encrypted: true, zone: expect.stringContaining(region) }]);
    await lab.run(kubectlCommands.remove(parent, { kind: 'pvc', name: 'data-db-0', namespace: 'karmada-system' }));
    await lab.pass(30_000);
    expect(lab.region.volumes).toHaveLength(1);
    await lab.run(kubectlCommands.remove(parent, { kind: 'sts', name: 'db', namespace: 'karmada-system' }));
    await lab.pass(10_000);
    expect(lab.region.volumes).toEqual([]);
    expect(await read(lab, parent, 'pvc', 'data-db-0')).toBeUndefined();
  });
});
