/** What the subcommands need of Karmada's Cluster objects: listing, and waiting for one to go. */
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { requestDeletion } from '../api-server/deletion.js';
import { findObject, listObjects } from '../api-server/store.js';
import { requireAggregatedApi } from '../kubectl/target.js';
import { waitUntil } from './klog.js';

/** All members; refuses while the aggregated API server is away. */
export function listClusters(process: ToolProcess, karmada: ApiState): KubeObjectState[] {
  requireAggregatedApi(process, karmada, 'get');
  return listObjects(karmada, 'clusters', '');
}

/** Deletes a Cluster object and waits for its controllers to clean up; answers the error, or undefined. */
export async function deleteCluster(
  process: ToolProcess,
  karmada: ApiState,
  name: string,
  waitMs: number,
): Promise<string | undefined> {
  const { simulation } = process;
  const cluster = findObject(karmada, 'clusters', '', name);
  if (cluster === undefined) return `no cluster object ${name} found in karmada control Plane`;
  requestDeletion(simulation.now(), karmada, 'clusters', cluster);
  return waitUntil(process, waitMs, () => {
    return findObject(karmada, 'clusters', '', name) === undefined ? undefined : 'context deadline exceeded';
  });
}

/** Milliseconds of a Go duration such as `180s` or `1m0s`; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  if (hours === undefined && minutes === undefined && seconds === undefined) return undefined;
  return (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1_000;
}

/** What Karmada asks of a member's name (1.18.2, pkg/apis/cluster/validation); answers the error, or undefined. */
export function nameError(name: string): string | undefined {
  if (name === '') return 'cluster name is required';
  if (name.length > 48) return `invalid cluster name(${name}): must be no more than 48 characters`;
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined;
  return `invalid cluster name(${name}): a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character`;
}
