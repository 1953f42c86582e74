/** Values that would be ignored are not modelled: parameters of a StorageClass, annotations of a Service, flags of another verb. */
import { describe, expect, it } from 'vitest';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { loadBalancerService, namespace } from './fleet.js';
import { Lab } from './harness.js';

const unmodelled = (text: string) => ({ code: 'rehearsal-unmodelled', message: expect.stringContaining(text) });

describe('a StorageClass of the EBS CSI driver', () => {
  const storageClass = (parameters: Record<string, string>) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'x' },
    provisioner: 'ebs.csi.aws.com',
    parameters,
  });

  it.each<[string, Record<string, string>, string]>([
    ['another type of volume', { type: 'io2' }, 'parameter type: io2'],
    ['neither true nor false', { encrypted: 'yes' }, 'parameter encrypted: yes'],
    ['a parameter of no name', { iopsPerGB: '50' }, 'parameter iopsPerGB: 50'],
  ])('with %s is refused', async (_, parameters, text) => {
    const lab = new Lab();
    const command = kubectlCommands.apply(lab.addCluster('c'), [storageClass(parameters)]);
    await expect(lab.run(command)).rejects.toMatchObject(unmodelled(text));
  });

  it('of another driver may have any', async () => {
    const lab = new Lab();
    const other = { ...storageClass({ anything: 'goes' }), provisioner: 'nfs.example.com' };
    expect((await lab.run(kubectlCommands.apply(lab.addCluster('c'), [other]))).code).toBe(0);
  });
});

describe('a Service', () => {
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer-';

  it.each<[string, string]>([
    ['type', 'alb'],
    ['internal', 'yes'],
    ['name', 'mine'],
    ['cross-zone-load-balancing-enabled', 'false'],
    ['healthcheck-interval', '15'],
  ])('with %s=%s is refused', async (name, value) => {
    const lab = new Lab();
    const annotations = { [prefix + name]: value };
    const service = { ...loadBalancerService, metadata: { ...loadBalancerService.metadata, annotations } };
    const command = kubectlCommands.apply(lab.addCluster('c'), [namespace, service]);
    await expect(lab.run(command)).rejects.toMatchObject(unmodelled(`annotation ${prefix}${name}: ${value}`));
  });
});

it.each<[string, string]>([
  ['a selector of apply', 'apply -f - --selector=a=b'],
  ['a wait of get', 'get pods --output=json --wait=false'],
  ['an apply without a context', 'apply -f -'],
])('kubectl does not know %s', async (_, words) => {
  const lab = new Lab();
  const { kubeconfig, context } = lab.addCluster('c');
  const access = words === 'apply -f -' ? [] : [`--context=${context}`];
  const args = [`--kubeconfig=${kubeconfig}`, ...access, ...words.split(' ')];
  await expect(lab.run({ tool: 'kubectl', args, stdin: '{}' })).rejects.toMatchObject(unmodelled('kubectl'));
});
