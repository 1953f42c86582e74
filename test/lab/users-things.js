/** What a user has in the parent of the second fleet before it is one, and in its Karmada. */

const metadata = { name: 'archive', namespace: 'people', labels: { app: 'archive' } };
const volumeClass = 'people-gp3';

const container = {
  name: 'archive',
  image: 'busybox:latest',
  imagePullPolicy: 'IfNotPresent',
  command: ['sh', '-c', 'test -s /data/kept || echo written once, at $(cat /proc/uptime) > /data/kept; sleep 100000'],
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
};

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'archive' } },
    template: {
      metadata: { labels: { app: 'archive' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [container],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'archive' } }],
      },
    },
  },
};

/** One of each kind that a fleet makes in its parent, too. */
export const thingsInParent = list([
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'people' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: volumeClass },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3' },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      storageClassName: volumeClass,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '3Gi' } },
    },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'people-readers' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
  },
  deployment,
]);

/** Nothing matches it: the second fleet has no members. */
export const policyInKarmada = list([
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'people' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } },
  {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: { name: 'archive', namespace: 'people' },
    spec: { resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'archive' }], placement: {} },
  },
]);

function list(items) {
  return { apiVersion: 'v1', kind: 'List', items };
}
