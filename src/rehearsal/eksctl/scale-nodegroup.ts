/** `eksctl scale nodegroup --wait`: how many nodes a managed node group has (0.230.0, pkg/actions/nodegroup/scale.go). */
import { durations } from '../durations.js';
import type { Place } from './addons.js';
import { activeCluster, EksctlFailure, type Run, sdkError } from './run.js';

export interface ScaleRequest {
  readonly nodeGroup: string;
  readonly nodes: number;
  readonly least: number;
  readonly most: number;
}

/** The same number again is no error: EKS updates all the same (observed). */
export async function scaleNodeGroup(run: Run, place: Place, request: ScaleRequest): Promise<void> {
  const { process, simulation, log } = run;
  const { nodeGroup, nodes, least, most } = request;
  if (least > nodes || most < nodes) {
    throw new EksctlFailure('number of nodes must be within range of min nodes and max nodes');
  }
  const cluster = activeCluster(run, place);
  const group = cluster.nodeGroups[nodeGroup];
  const failed = `failed to scale nodegroup "${nodeGroup}" for cluster "${place.name}", error:`;
  if (group === undefined) {
    const why = `ResourceNotFoundException: No node group found for name: ${nodeGroup}.`;
    throw new EksctlFailure(`${failed} ${sdkError('EKS', 'UpdateNodegroupConfig', 404, why)}`);
  }
  if (group.status !== 'ACTIVE') {
    const why = `ResourceInUseException: Nodegroup cannot be updated as it is currently not in Active State`;
    throw new EksctlFailure(`${failed} ${sdkError('EKS', 'UpdateNodegroupConfig', 409, why)}`);
  }
  group.size = nodes;
  group.limits = { least, most };
  group.status = 'UPDATING';
  group.settlesAt = simulation.now() + durations.nodeGroupUpdate;
  while (cluster.nodeGroups[nodeGroup]?.status === 'UPDATING') await process.takes(durations.eksctlFirstPoll);
  log.info('nodegroup successfully scaled');
}
