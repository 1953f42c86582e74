/** A parent with an EBS CSI driver that somebody installed without EKS: it is used, nothing is added, and all of it stays. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { adminKubeconfig, kubernetesApi } from '../kubernetes-api.js';

const run = promisify(execFile);
const labels = { 'app.kubernetes.io/name': 'aws-ebs-csi-driver', 'app.kubernetes.io/managed-by': 'Helm' };
const controller = 'ebs-csi-controller';

export function ownDriver({ env, step, expect, parent }) {
  const inParent = kubernetesApi(env, adminKubeconfig(env, parent));
  const inEks = async (...words) =>
    JSON.parse((await run('aws', ['eks', ...words, '--region', parent.region, '--output', 'json'], { env })).stdout);
  const uids = async () => {
    const kinds = 'csidrivers,serviceaccounts,clusterroles,clusterrolebindings,deployments,daemonsets';
    const words = ['get', kinds, '-A', '-l', 'app.kubernetes.io/name=aws-ebs-csi-driver'];
    const path = '{range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.metadata.generation}{"\\n"}{end}';
    return (await inParent.kubectl([...words, '-o', `jsonpath=${path}`])).trim();
  };
  let before = '';
  const isKept = async () => {
    const now = await uids();
    expect(now === before, `it was:\n${before}\nand is:\n${now}`);
    const { addons } = await inEks('list-addons', '--cluster-name', parent.name);
    expect(addons.length === 0, `there are add-ons: ${addons.join()}`);
  };
  return {
    hasDriver: true,
    before: () =>
      step('a driver for volumes is installed without EKS', async () => {
        await inParent.apply({ apiVersion: 'v1', kind: 'List', items: driver });
        await inParent.kubectl([
          '-n',
          'kube-system',
          'rollout',
          'status',
          `deployment/${controller}`,
          '--timeout=120s',
        ]);
        before = await uids();
        expect(before.split('\n').length === driver.length, before);
      }),
    whileUp: (told) =>
      step('the driver is used, up says so, and no add-on is made', async () => {
        const note = 'the existing CSIDriver ebs.csi.aws.com is used, without add-on aws-ebs-csi-driver';
        expect(told.includes(note), told);
        await isKept();
        const words = [
          '-n',
          'karmada-system',
          'get',
          'persistentvolumeclaims',
          '-o',
          'jsonpath={.items[*].status.phase}',
        ];
        const phases = await inParent.kubectl(words);
        expect(phases === 'Bound Bound Bound', `claims are ${phases}`);
      }),
    afterDown: () => step('down left the driver as it was', isKept),
  };
}

const account = (name) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'kube-system', labels },
});

function workload(kind, name, serviceAccountName) {
  const selector = { matchLabels: { app: name } };
  // That it runs is what the lab asks of it.
  const containers = [{ name: 'driver', image: 'lab.local/pause:1', imagePullPolicy: 'Never', command: ['/pause'] }];
  const template = { metadata: { labels: { ...labels, app: name } }, spec: { serviceAccountName, containers } };
  const metadata = { name, namespace: 'kube-system', labels };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { selector, template } };
}

/** What the chart of aws-ebs-csi-driver installs, without what only its own pods need. */
const driver = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'ebs.csi.aws.com', labels },
    spec: { attachRequired: true, podInfoOnMount: false },
  },
  account(`${controller}-sa`),
  account('ebs-csi-node-sa'),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'ebs-external-provisioner-role', labels },
    rules: [{ apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get', 'list', 'watch', 'create', 'delete'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'ebs-csi-provisioner-binding', labels },
    subjects: [{ kind: 'ServiceAccount', name: `${controller}-sa`, namespace: 'kube-system' }],
    roleRef: { kind: 'ClusterRole', name: 'ebs-external-provisioner-role', apiGroup: 'rbac.authorization.k8s.io' },
  },
  workload('Deployment', controller, `${controller}-sa`),
  workload('DaemonSet', 'ebs-csi-node', 'ebs-csi-node-sa'),
];
