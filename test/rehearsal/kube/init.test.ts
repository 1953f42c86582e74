import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { dataDir, initOptions, install, karmada, prepareParent, read, remedyEtcd } from './fleet.js';
import { Lab, region } from './harness.js';

const etcdClaims = { kind: 'persistentvolumeclaims', namespace: 'karmada-system', selector: 'app=etcd' };

describe('kubectl karmada init', () => {
  it('never brings up three etcd members by itself', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const ran = await lab.run(karmadaCommands.init(initOptions(lab, parent)));
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(
      'error: wait for Deployment(karmada-system/karmada-apiserver) rollout: context deadline exceeded: expected 3 replicas, got 0 available replicas',
    );
    expect((await read(lab, parent, 'pods', 'etcd-1')) ?? 'none').toBe('none');
  });

  it('ends in about a minute when etcd is helped while it waits', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const ran = await install(lab, parent);
    expect(ran.err).not.toMatch(/^W/m);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('Karmada is installed successfully.');
    expect(ran.took).toBeGreaterThan(45_000);
    expect(ran.took).toBeLessThan(75_000);
    expect(await read(lab, parent, 'statefulsets', 'etcd')).toMatchObject({ status: { readyReplicas: 3 } });
    expect(lab.region.volumes).toHaveLength(3);
    expect(lab.region.volumes[0]?.tags).toMatchObject({ fleet: 'demo', 'ebs.csi.aws.com/cluster': 'true' });
    expect((await lab.run(kubectlCommands.raw(karmada, '/readyz'))).out).toBe('ok');
  });

  it.each([
    ['publishing addresses alone', true, false],
    ['parallel start alone', false, true],
  ])('%s is not enough', async (_, publish, parallel) => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const init = lab.start(karmadaCommands.init(initOptions(lab, parent)));
    await lab.pass(15_000);
    if (publish) {
      const service = { kind: 'services', name: 'etcd', namespace: 'karmada-system' };
      await lab.run(kubectlCommands.mergePatch(parent, service, { spec: { publishNotReadyAddresses: true } }));
    }
    if (parallel) {
      const set = await read(lab, parent, 'statefulsets', 'etcd');
      await lab.run(kubectlCommands.remove(parent, { kind: 'sts', name: 'etcd', namespace: 'karmada-system' }));
      const { uid, resourceVersion, creationTimestamp, ...metadata } = set.metadata;
      await lab.run(
        kubectlCommands.create(parent, { ...set, metadata, spec: { ...set.spec, podManagementPolicy: 'Parallel' } }),
      );
    }
    expect((await lab.drive(init)).code).toBe(1);
  });

  it.each([
    [
      { imageRegistry: 'example.com:5000/a' },
      'example.com:5000/a/etcd:3.6.6-0',
      'example.com:5000/a/karmada-scheduler:',
    ],
    [
      { imageMirrorCountry: 'cn' },
      'registry.cn-hangzhou.aliyuncs.com/google_containers/etcd:',
      'docker.io/karmada/karmada-s',
    ],
    [
      { imageMirrorCountry: 'cn', imageRegistry: 'example.com' },
      'registry.cn-',
      'example.com/karmada-scheduler:v1.18.2',
    ],
  ])('takes images by its flags: %j', async (change, etcd, scheduler) => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    await install(lab, parent, { ...change, pullSecret: 'logins' });
    for (const [kind, name, image] of [
      ['statefulsets', 'etcd', etcd],
      ['deployments', 'karmada-scheduler', scheduler],
    ] as const) {
      const { spec } = (await read(lab, parent, kind, name)).spec.template;
      expect(spec).toMatchObject({
        imagePullSecrets: [{ name: 'logins' }],
        containers: [{ image: expect.stringMatching(`^${image}`) }],
      });
    }
  });

  it('erases its data directory, and writes what it promises', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    lab.state.files[`${dataDir}/precious`] = 'data';
    await install(lab, parent);
    expect(lab.state.files[`${dataDir}/precious`]).toBeUndefined();
    const certificate = new X509Certificate(lab.state.files[`${dataDir}/pki/apiserver.crt`] ?? '');
    const authority = new X509Certificate(lab.state.files[`${dataDir}/pki/ca.crt`] ?? '');
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkHost(`x.elb.${region}.amazonaws.com`)).toBeDefined();
    expect(Date.parse(certificate.validTo) - lab.state.now).toBeGreaterThan(364 * 24 * 3_600_000);
    const secret = await read(lab, parent, 'secrets', 'karmada-cert');
    expect(Buffer.from(secret.data['ca.crt'], 'base64').toString()).toBe(lab.state.files[`${dataDir}/pki/ca.crt`]);
    const config = await read(lab, parent, 'secrets', 'karmada-scheduler-config');
    expect(Object.keys(config.data)).toEqual(['karmada.config']);
    const info = await read(lab, karmada, 'configmaps', 'cluster-info', 'kube-public');
    expect(info.data.kubeconfig).toContain(`https://${lab.region.networkInterfaces[0]?.publicIp}:32443`);
  });

  it('refuses a second run and leaves the data directory', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    await install(lab, parent);
    const before = lab.state.files[`${dataDir}/pki/ca.crt`];
    const ran = await lab.run(karmadaCommands.init(initOptions(lab, parent)));
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringContaining('error: nodePort of karmada apiserver 32443 already exist'),
    });
    expect(lab.state.files[`${dataDir}/pki/ca.crt`]).toBe(before);
  });

  it('fails over the etcd of a run that was killed, until that is removed', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const killed = lab.start(karmadaCommands.init(initOptions(lab, parent)), 25_000);
    await remedyEtcd(lab, parent);
    expect((await lab.drive(killed)).code).toBe(137);
    await lab.pass(20_000);
    const again = await lab.run(karmadaCommands.init(initOptions(lab, parent)));
    expect(again.code).toBe(1);
    expect(again.err).toContain('statefulsets.apps "etcd" already exists');
    await lab.run(karmadaCommands.deinit(parent));
    await lab.run(kubectlCommands.remove(parent, etcdClaims));
    await lab.pass(20_000);
    expect((await install(lab, parent)).code).toBe(0);
  });

  it('exits 0 when a component never comes up, with a warning', async () => {
    const lab = new Lab();
    lab.state.conditions.push({
      kind: 'component-unavailable',
      component: 'karmada-webhook',
      reason: 'no such image',
      times: 1,
    });
    const parent = await prepareParent(lab);
    const ran = await install(lab, parent);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/^W.*wait for Deployment\(karmada-system\/karmada-webhook\) rollout/m);
    const pods = { kind: 'pods', namespace: 'karmada-system', selector: 'app=karmada-webhook' };
    expect((await lab.run(kubectlCommands.get(parent, pods))).out).toContain('ImagePullBackOff');
    const policy = {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name: 'p' },
      spec: {},
    };
    expect((await lab.run(kubectlCommands.apply(karmada, [policy]))).err).toContain('failed calling webhook');
  });

  it('cannot do without the aggregated API server', async () => {
    const lab = new Lab();
    lab.state.conditions.push({
      kind: 'component-unavailable',
      component: 'karmada-aggregated-apiserver',
      reason: 'x',
      times: 1,
    });
    const ran = await install(lab, await prepareParent(lab));
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/^F.*context deadline exceeded$/m) });
  });

  it('needs an address that leads to it', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const ran = await install(lab, parent, { advertiseAddress: '192.0.2.77' });
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(
      /^F.*unable to create Namespace: Post "https:\/\/192\.0\.2\.77:32443\/api\/v1\/namespaces".*refused$/m,
    );
    const named = await lab.run(karmadaCommands.init(initOptions(lab, parent, { advertiseAddress: 'example.org' })));
    expect(named.err).toBe('error: karmada apiserver advertise address is not valid');
  });

  it('fails after etcd when the load balancer holds its port', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    const service = { kind: 'services', name: 'karmada-service-loadbalancer', namespace: 'karmada-system' };
    await lab.run(
      kubectlCommands.mergePatch(parent, service, {
        spec: { ports: [{ port: 32443, targetPort: 5443, nodePort: 32443 }] },
      }),
    );
    const ran = await install(lab, parent);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(
      'error: unable to create Service: Service "karmada-apiserver" is invalid: spec.ports[0].nodePort: Invalid value: 32443: provided port is already allocated',
    );
    expect(await read(lab, parent, 'statefulsets', 'etcd')).toBeDefined();
  });

  it('says nothing clear about a missing StorageClass or too few nodes', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab, 2);
    const classless = await lab.run(karmadaCommands.init(initOptions(lab, parent, { storageClass: 'nope' })));
    expect(classless).toMatchObject({ code: 1, err: expect.stringContaining('rollout: context deadline exceeded') });
    expect(await read(lab, parent, 'persistentvolumeclaims', 'etcd-data-etcd-0')).toMatchObject({
      status: { phase: 'Pending' },
    });
    const few = new Lab();
    const ran = await install(few, await prepareParent(few, 2));
    expect(ran.err).toContain('expected 3 replicas, got 2 available replicas');
  });

  it('finds the old control plane again in old claims', async () => {
    const lab = new Lab();
    const parent = await prepareParent(lab);
    await install(lab, parent);
    const marker = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'marker', namespace: 'default' } };
    await lab.run(kubectlCommands.apply(karmada, [marker]));
    const removed = await lab.run(karmadaCommands.deinit(parent));
    expect(removed.code).toBe(0);
    expect((await lab.run(karmadaCommands.deinit(parent))).code).toBe(0);
    expect(await read(lab, parent, 'services', 'karmada-service-loadbalancer')).toBeDefined();
    expect((await lab.run(kubectlCommands.raw(karmada, '/readyz'))).err).toContain('was refused');
    const old = { ...karmada, kubeconfig: '/data/old' };
    lab.state.files['/data/old'] = lab.state.files[karmada.kubeconfig] ?? '';
    expect(await install(lab, parent)).toMatchObject({ code: 0 });
    expect(await read(lab, karmada, 'configmaps', 'marker', 'default')).toBeDefined();
    expect((await lab.run(kubectlCommands.raw(old, '/readyz'))).err).toContain(
      'certificate signed by unknown authority',
    );
    await lab.run(karmadaCommands.deinit(parent));
    await lab.run(kubectlCommands.remove(parent, etcdClaims));
    await lab.pass(10_000);
    expect(lab.region.volumes).toEqual([]);
    await install(lab, parent);
    expect(await read(lab, karmada, 'configmaps', 'marker', 'default')).toBeUndefined();
  });
});
