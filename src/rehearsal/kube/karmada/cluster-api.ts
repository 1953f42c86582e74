/** What the subcommands that are about a member share: the list of members, what a name may be, durations. */
import { type Arguments, unmodelled } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { listObjects } from '../api-server/store.js';
import { requireAggregatedApi } from '../kubectl/target.js';
import { failure } from './klog.js';

/** All members; refuses while the aggregated API server is away. */
export function listClusters(process: ToolProcess, karmada: ApiState): KubeObjectState[] {
  requireAggregatedApi(process, karmada, 'get');
  return listObjects(karmada, 'clusters', '');
}

/** Milliseconds of a flag with a Go duration such as `180s` or `1m0s`. */
export function durationOf(process: ToolProcess, args: Arguments, flag: string, usual: string): number {
  const text = args.value(flag) || usual;
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (parts === null) throw unmodelled('kubectl-karmada', process);
  const [, hours = 0, minutes = 0, seconds = 0] = parts;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
}

/** Refuses what Karmada refuses of a member's name (1.18.2, pkg/apis/cluster/validation). */
export function checkName(name: string): void {
  if (name.length > 48) throw failure(`invalid cluster name(${name}): must be no more than 48 characters`);
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return;
  const why =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  throw failure(`invalid cluster name(${name}): ${why}`);
}
