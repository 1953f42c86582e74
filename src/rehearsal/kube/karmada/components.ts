/** The objects that init puts into the parent (names and labels of 1.18.2, cmdinit/kubernetes). */

import { stringify } from 'yaml';
import type { Json } from '../../json.js';
import { karmadaNamespace as namespace } from '../controllers/control-plane.js';
import { type InitImages, usualImages } from './init-images.js';
import { base64, type Pki } from './pki.js';

/** The label by whose key `deinit` finds what to delete. */
export const bootstrapping = 'karmada.io/bootstrapping';

/** Components whose Secret `<component>-config` holds a kubeconfig for the API server. */
const configured = [
  'karmada-aggregated-apiserver',
  'karmada-controller-manager',
  'kube-controller-manager',
  'karmada-scheduler',
  'karmada-descheduler',
  'karmada-metrics-adapter',
  'karmada-search',
  'karmada-webhook',
] as const;

/** Of those whose flags decide about failover (cmdinit/kubernetes/command.go). */
const commands: Readonly<Record<string, readonly string[]>> = {
  'karmada-controller-manager': [
    '/bin/karmada-controller-manager',
    '--kubeconfig=/etc/karmada/config/karmada.config',
    '--metrics-bind-address=$(POD_IP):8080',
    '--health-probe-bind-address=$(POD_IP):10357',
    '--cluster-status-update-frequency=10s',
    '--leader-elect-resource-namespace=karmada-system',
    '--v=2',
  ],
  'karmada-webhook': [
    '/bin/karmada-webhook',
    '--kubeconfig=/etc/karmada/config/karmada.config',
    '--bind-address=$(POD_IP)',
    '--metrics-bind-address=$(POD_IP):8080',
    '--health-probe-bind-address=$(POD_IP):8000',
    '--secure-port=8443',
    '--cert-dir=/var/serving-cert',
    '--v=2',
  ],
};

/** The kubeconfig of Karmada's admin, as client-go writes it. */
export function adminKubeconfig(server: string, pki: Pki): string {
  const user = {
    'client-certificate-data': base64(pki['karmada.crt'] ?? ''),
    'client-key-data': base64(pki['karmada.key'] ?? ''),
  };
  return kubeconfigText({
    clusters: [{ cluster: clusterEntry(server, pki), name: 'karmada-apiserver' }],
    contexts: [{ context: { cluster: 'karmada-apiserver', user: 'karmada-admin' }, name: 'karmada-apiserver' }],
    'current-context': 'karmada-apiserver',
    users: [{ name: 'karmada-admin', user }],
  });
}

/** The kubeconfig in the ConfigMap `cluster-info`: where Karmada is and its CA, for those who have only a token. */
export function clusterInfo(server: string, pki: Pki): string {
  const clusters = [{ cluster: clusterEntry(server, pki), name: '' }];
  return kubeconfigText({ clusters, contexts: null, 'current-context': '', users: null });
}

function clusterEntry(server: string, pki: Pki): Json {
  return { 'certificate-authority-data': base64(pki['ca.crt'] ?? ''), server };
}

function kubeconfigText(content: Json): string {
  const config = { apiVersion: 'v1', kind: 'Config', ...content };
  return stringify(config, { lineWidth: 0, indentSeq: false, sortMapEntries: true });
}

/** Secrets in the order in which init writes them. */
export function secrets(pki: Pki): Json[] {
  const inside = adminKubeconfig('https://karmada-apiserver.karmada-system.svc.cluster.local:5443', pki);
  const etcd = Object.entries(pki).filter(([name]) => /^etcd-(ca|server)\./.test(name));
  return [
    ...configured.map((component) => secret(`${component}-config`, { 'karmada.config': inside })),
    secret('etcd-cert', Object.fromEntries(etcd)),
    secret('karmada-cert', pki),
    secret('karmada-webhook-cert', { 'tls.crt': pki['karmada.crt'] ?? '', 'tls.key': pki['karmada.key'] ?? '' }),
  ];
}

/** A headless Service that names only ready pods: half of the deadlock, observed with 1.18.2. */
export function etcdService(): Json {
  const ports = [
    { name: 'client', protocol: 'TCP', port: 2379, targetPort: 2379 },
    { name: 'server', protocol: 'TCP', port: 2380, targetPort: 2380 },
  ];
  return service('etcd', { selector: { app: 'etcd' }, clusterIP: 'None', type: 'ClusterIP', ports });
}

/** No podManagementPolicy: OrderedReady, the other half. */
export function etcdStatefulSet(replicas: number, storageClass: string, images: InitImages = usualImages): Json {
  const claim = {
    metadata: { name: 'etcd-data', labels: { [bootstrapping]: 'pvc-defaults' } },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: storageClass,
      resources: { requests: { storage: '5Gi' } },
    },
  };
  const command = ['/usr/local/bin/etcd', '--name=$(POD_NAME)', '--initial-cluster-state=new'];
  const spec = {
    ...workloadSpec('etcd', replicas, images, command),
    serviceName: 'etcd',
    volumeClaimTemplates: [claim],
  };
  return { metadata: { name: 'etcd', namespace, labels: { [bootstrapping]: 'app-defaults' } }, spec };
}

/** Every component but etcd refuses to share a node with its like. */
export function deployment(name: string, replicas: number, images: InitImages = usualImages): Json {
  return {
    metadata: { name, namespace, labels: { [bootstrapping]: 'app-defaults' } },
    spec: workloadSpec(name, replicas, images, commands[name]),
  };
}

export function apiServerService(nodePort: number): Json {
  const ports = [{ name: 'server', protocol: 'TCP', port: 5443, targetPort: 5443, nodePort }];
  return service('karmada-apiserver', { type: 'NodePort', selector: { app: 'karmada-apiserver' }, ports });
}

export function clusterService(name: string, port: number, targetPort: number = port): Json {
  const ports = [{ name: 'server', protocol: 'TCP', port, targetPort }];
  return service(name, { type: 'ClusterIP', selector: { app: name }, ports });
}

/** Seconds between readiness probes; the other components have none (1.18.2, cmdinit/kubernetes). */
const probed: Readonly<Record<string, number>> = {
  etcd: 5,
  'karmada-apiserver': 30,
  'karmada-aggregated-apiserver': 3,
  'karmada-webhook': 10,
};

/** Every component but etcd tolerates all that would evict it, for ever. */
const unlimited = { tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] };

function workloadSpec(app: string, replicas: number, images: InitImages, command?: readonly string[]): Json {
  const exclusive = app !== 'etcd';
  const term = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [app] }] },
  };
  const podAntiAffinity = exclusive
    ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
  const { pullSecrets } = images;
  return {
    replicas,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: {
        ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: [...pullSecrets] }),
        affinity: { podAntiAffinity },
        priorityClassName: 'system-node-critical',
        ...(exclusive ? unlimited : {}),
        volumes: secretsOf(app).map((secretName) => ({ name: secretName, secret: { secretName } })),
        containers: [{ name: app, image: images.of(app), ...(command ? { command } : {}), ...containerOf(app) }],
      },
    },
  };
}

/** The Secrets that a component mounts (1.18.2, cmdinit/kubernetes/deployments.go and statefulset.go). */
function secretsOf(app: string): readonly string[] {
  if (app === 'etcd') return ['etcd-cert'];
  if (app === 'karmada-apiserver') return ['karmada-cert'];
  const certificates = { 'karmada-webhook': ['karmada-webhook-cert'], 'karmada-controller-manager': [] }[app];
  return [`${app}-config`, ...(certificates ?? ['karmada-cert'])];
}

/** Only the aggregated API server requests anything. */
function containerOf(app: string): Json {
  const periodSeconds = probed[app];
  return {
    ...(periodSeconds === undefined ? {} : { readinessProbe: { periodSeconds } }),
    ...(app === 'karmada-aggregated-apiserver' ? { resources: { requests: { cpu: '100m' } } } : {}),
  };
}

function service(name: string, spec: Json): Json {
  return { metadata: { name, namespace, labels: { [bootstrapping]: 'service-defaults' } }, spec };
}

function secret(name: string, stringData: Readonly<Record<string, string>>): Json {
  return { metadata: { name, namespace, labels: { [bootstrapping]: 'secret-defaults' } }, type: 'Opaque', stringData };
}
