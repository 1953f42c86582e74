/** The part of init that works in the parent: namespace, Secrets, etcd, API server, and the components around it. */
import { type Json, numberAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { Refusal } from '../api-server/refusal.js';
import { clusterApiService, karmadaDefinitions } from '../api-server/resources.js';
import { builtIn, createObject, findObject, upsert } from '../api-server/store.js';
import { componentReady, karmadaAt, karmadaNamespace as namespace } from '../controllers/control-plane.js';
import { settleApis } from '../settle.js';
import {
  apiServerService,
  clusterInfo,
  clusterService,
  deployment,
  etcdService,
  etcdStatefulSet,
  secrets,
} from './components.js';
import type { InitImages } from './init-images.js';
import { klog, waitUntil } from './klog.js';
import type { Pki } from './pki.js';

/** One run of init. */
export interface Install {
  readonly process: ToolProcess;
  readonly parent: ApiState;
  readonly pki: Pki;
  /** `https://ADVERTISE:32443` */
  readonly server: string;
  readonly nodePort: number;
  readonly etcdReplicas: number;
  readonly apiServerReplicas: number;
  /** Of another component by its name; one by default. */
  readonly replicasOf: (component: string) => number;
  readonly storageClass: string;
  readonly images: InitImages;
  /** For each component. */
  readonly timeoutMs: number;
}

/** Between two writes; a program that is killed there leaves what it has written. */
const stepMs = 200;

/** Answers the error with which init ends, or undefined. Only the API server's failure ends it: etcd's is a warning. */
export async function installControlPlane(install: Install): Promise<string | undefined> {
  const { process, parent, timeoutMs } = install;
  try {
    // A namespace that is there is replaced: labels and annotations of others are lost (karmadactl/util/idempotency.go; observed with 1.18.2).
    const labels = { 'karmada.io/system': 'true' };
    await write(install, 'namespaces', { metadata: { name: namespace, labels, annotations: {} } });
    for (const secret of secrets(install.pki)) await write(install, 'secrets', secret);
    await write(install, 'services', etcdService());
    klog(process, 'I', 'Create etcd StatefulSets');
    await createOrWarn(
      install,
      'statefulsets',
      etcdStatefulSet(install.etcdReplicas, install.storageClass, install.images),
    );
    const late = await waitUntil(process, timeoutMs, () => missing(parent, 'statefulsets', 'etcd'));
    if (late !== undefined)
      klog(process, 'W', `wait for Statefulset(${namespace}/etcd) rollout: context deadline exceeded: ${late}`);
    klog(process, 'I', 'Create karmada ApiServer Deployment');
    await write(install, 'services', apiServerService(install.nodePort));
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.reason !== 'Connection') return thrown.message;
    throw thrown;
  }
  const late = await rollOut(install, 'karmada-apiserver', install.apiServerReplicas);
  if (late !== undefined) return late;
  await write(install, 'services', clusterService('karmada-aggregated-apiserver', 443));
  await rollOutOrWarn(install, 'karmada-aggregated-apiserver');
  return undefined;
}

/** Nothing that fails here ends init: it only warns (observed with 1.18.2). */
export async function installComponents(install: Install): Promise<void> {
  await write(install, 'services', clusterService('kube-controller-manager', 10_257));
  await rollOutOrWarn(install, 'kube-controller-manager');
  await rollOutOrWarn(install, 'karmada-scheduler');
  await rollOutOrWarn(install, 'karmada-controller-manager');
  await write(install, 'services', clusterService('karmada-webhook', 443, 8443));
  await rollOutOrWarn(install, 'karmada-webhook');
}

async function rollOutOrWarn(install: Install, name: string): Promise<void> {
  klog(install.process, 'I', `Create karmada ${name.replace(/^karmada-/, '').replaceAll('-', ' ')} Deployment`);
  const late = await rollOut(install, name, install.replicasOf(name));
  if (late !== undefined) klog(install.process, 'W', late);
}

async function rollOut(install: Install, name: string, replicas: number): Promise<string | undefined> {
  await createOrWarn(install, 'deployments', deployment(name, replicas, install.images));
  const late = await waitUntil(install.process, install.timeoutMs, () => missing(install.parent, 'deployments', name));
  return late === undefined
    ? undefined
    : `wait for Deployment(${namespace}/${name}) rollout: context deadline exceeded: ${late}`;
}

/** CreateOrUpdate of 1.18.2 (karmadactl/util/idempotency.go): its error names the kind. */
async function write(install: Install, plural: string, manifest: Json): Promise<void> {
  await install.process.takes(stepMs);
  try {
    upsert(install.parent, plural, manifest, install.process.simulation.now());
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    throw new Refusal(thrown.reason, `unable to create ${builtIn(plural).kind}: ${thrown.message}`);
  }
  settleApis(install.process.simulation);
}

/** What exists already stays as it is: init only warns. */
async function createOrWarn(install: Install, plural: string, manifest: Json): Promise<void> {
  await install.process.takes(stepMs);
  const { parent, process } = install;
  const type = builtIn(plural);
  try {
    createObject(parent, type, manifest, process.simulation.now());
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    klog(process, 'W', thrown.message);
  }
  settleApis(process.simulation);
}

/** What a rollout lacks, in the words of 1.18.2, karmadactl/util/check.go. */
function missing(api: ApiState, plural: 'deployments' | 'statefulsets', name: string): string | undefined {
  const workload = findObject(api, plural, namespace, name);
  if (workload === undefined) return `${plural}.apps "${name}" not found`;
  const replicas = numberAt(workload, 'spec', 'replicas') ?? 1;
  const updated = numberAt(workload, 'status', 'updatedReplicas') ?? 0;
  const available = numberAt(workload, 'status', 'availableReplicas') ?? 0;
  if (updated < replicas) return `expected ${replicas} replicas, got ${updated} updated replicas`;
  if (available < updated) return `expected ${updated} replicas, got ${available} available replicas`;
  return undefined;
}

/**
 * How long init waits for the aggregated API server, whatever its other time-out (1.18.2,
 * cmdinit/karmada/deploy.go).
 */
const apiServiceMs = 120_000;

/** Answers the fatal error with which init ends, or undefined. There is no second try (observed with 1.18.2). */
export async function installResources(install: Install): Promise<string | undefined> {
  const { process, server, pki, parent } = install;
  const { simulation } = process;
  await process.takes(1_000);
  const found = karmadaAt({ simulation, at: simulation.now() }, server);
  if (typeof found === 'string') {
    const { host } = new URL(server);
    return `unable to create Namespace: Post "${server}/api/v1/namespaces": dial tcp ${host}: connect: connection refused`;
  }
  const put = (plural: string, manifest: Json) => upsert(found.karmada, plural, manifest, simulation.now());
  put('namespaces', { metadata: { name: 'karmada-system' } });
  await process.takes(3_000);
  for (const name of karmadaDefinitions) put('customresourcedefinitions', { metadata: { name } });
  put('apiservices', { metadata: { name: clusterApiService } });
  const available = () =>
    componentReady(parent, 'karmada-aggregated-apiserver') ? undefined : 'context deadline exceeded';
  const late = await waitUntil(process, apiServiceMs, available);
  if (late !== undefined) return late;
  const data = { kubeconfig: clusterInfo(server, pki) };
  put('configmaps', { metadata: { name: 'cluster-info', namespace: 'kube-public' }, data });
  return undefined;
}
