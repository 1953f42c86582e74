/** The part of init that works in the new Karmada API, through the advertised address. */

import type { Json } from '../../json.js';
import { clusterApiService, karmadaDefinitions } from '../api-server/resources.js';
import { upsert } from '../api-server/store.js';
import { componentReady } from '../controllers/control-plane.js';
import { karmadaAt } from '../controllers/karmada-at.js';
import { clusterInfo } from './components.js';
import type { Install } from './install.js';
import { klog, waitUntil } from './klog.js';

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
  klog(process, 'I', 'Initialize karmada bases crd resource');
  await process.takes(3_000);
  for (const name of karmadaDefinitions) put('customresourcedefinitions', { metadata: { name } });
  klog(process, 'I', "Create Service 'karmada-aggregated-apiserver' and APIService 'v1alpha1.cluster.karmada.io'.");
  put('apiservices', { metadata: { name: clusterApiService } });
  const available = () =>
    componentReady(parent, 'karmada-aggregated-apiserver') ? undefined : 'context deadline exceeded';
  const late = await waitUntil(process, apiServiceMs, available);
  if (late !== undefined) return late;
  const data = { kubeconfig: clusterInfo(server, pki) };
  put('configmaps', { metadata: { name: 'cluster-info', namespace: 'kube-public' }, data });
  return undefined;
}
