/** The steps of an install, as tests want them done. */

import { type InitOptions, karmadaCommands } from '../../../src/tools/karmada/commands.js';
import { type KubeAccess, kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import type { Lab, Ran } from './harness.js';
import { region } from './harness.js';

export const dataDir = '/data/karmada';
export const karmada: KubeAccess = { kubeconfig: `${dataDir}/karmada-apiserver.config`, context: 'karmada-apiserver' };

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'ebs-sc' },
  provisioner: 'ebs.csi.aws.com',
  volumeBindingMode: 'WaitForFirstConsumer',
  parameters: { type: 'gp3', encrypted: 'true', tagSpecification_1: 'fleet=demo' },
};

export const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-system' } };

export const loadBalancerService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'karmada-service-loadbalancer',
    namespace: 'karmada-system',
    annotations: {
      'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
      'service.beta.kubernetes.io/aws-load-balancer-subnets': 'subnet-0,subnet-1',
      'service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags': 'fleet=demo,env=test',
    },
  },
  spec: {
    type: 'LoadBalancer',
    selector: { app: 'karmada-apiserver' },
    ports: [{ port: 32443, targetPort: 5443, nodePort: 31443 }],
  },
};

/** A parent with StorageClass and an active load balancer. */
export async function prepareParent(lab: Lab, nodes = 3): Promise<KubeAccess> {
  const parent = lab.addCluster('parent', nodes);
  await lab.run(kubectlCommands.apply(parent, [storageClass, namespace, loadBalancerService]));
  await lab.pass(160_000);
  return parent;
}

export function initOptions(lab: Lab, parent: KubeAccess, change: Partial<InitOptions> = {}): InitOptions {
  return {
    parent,
    advertiseAddress: lab.region.networkInterfaces[0]?.publicIp ?? '',
    certAddresses: lab.region.networkInterfaces.flatMap((one) => one.publicIp ?? []),
    certNames: [`*.elb.${region}.amazonaws.com`],
    dataDir,
    storageClass: 'ebs-sc',
    replicas: 3,
    standbys: 2,
    ...change,
  };
}

/** What must be done while init waits: publish not-ready addresses, start the etcd members in parallel. */
export async function remedyEtcd(lab: Lab, parent: KubeAccess): Promise<void> {
  const etcd = { kind: 'statefulsets', name: 'etcd', namespace: 'karmada-system' };
  let found = '';
  while (found === '') found = (await lab.run(kubectlCommands.get(parent, etcd))).out;
  const service = { kind: 'services', name: 'etcd', namespace: 'karmada-system' };
  await lab.run(kubectlCommands.mergePatch(parent, service, { spec: { publishNotReadyAddresses: true } }));
  await lab.run(kubectlCommands.remove(parent, etcd));
  const { metadata, spec, apiVersion, kind } = JSON.parse(found);
  const again = {
    apiVersion,
    kind,
    metadata: { name: metadata.name, namespace: metadata.namespace, labels: metadata.labels },
  };
  await lab.run(kubectlCommands.create(parent, { ...again, spec: { ...spec, podManagementPolicy: 'Parallel' } }));
}

/** init with the remedy beside it. */
export async function install(lab: Lab, parent: KubeAccess, change: Partial<InitOptions> = {}): Promise<Ran> {
  const init = lab.start(karmadaCommands.init(initOptions(lab, parent, change)));
  await remedyEtcd(lab, parent);
  return lab.drive(init);
}

export function place(name: string) {
  return { name, provider: 'aws', region, zones: [`${region}a`, `${region}b`] };
}

/** The object that `kubectl get` prints, or undefined. */
export async function read(lab: Lab, access: KubeAccess, kind: string, name: string, inNamespace = 'karmada-system') {
  const { out } = await lab.run(kubectlCommands.get(access, { kind, name, namespace: inNamespace }));
  return out === '' ? undefined : JSON.parse(out);
}
