/** `eksctl scale nodegroup`: how many nodes a managed node group has (0.230.0, pkg/actions/nodegroup/scale.go). */

import { settle } from '../account/settle.js';
import { durations } from '../durations.js';
import { activeCluster, EksctlFailure, type Run, sdkError } from './run.js';

export interface ScaleRequest {
  readonly name: string;
  readonly region: string;
  readonly nodeGroup: string;
  readonly nodes: number;
  readonly least: number;
  readonly most: number;
}

/** The same number again is no error: EKS updates all the same (observed). */
export async function scaleNodeGroup(run: Run, request: ScaleRequest, wait: boolean): Promise<void> {
  const { process, simulation, log } = run;
  const { nodeGroup, nodes, least, most } = request;
  if (least > nodes || most < nodes) {
    throw new EksctlFailure('number of nodes must be within range of min nodes and max nodes');
  }
  const cluster = activeCluster(run, request);
  log.info(`scaling nodegroup "${nodeGroup}" in cluster ${request.name}`);
  const group = cluster.nodeGroups[nodeGroup];
  const failed = `failed to scale nodegroup "${nodeGroup}" for cluster "${request.name}", error:`;
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
  log.info('initiated scaling of nodegroup');
  if (!wait) {
    const command = `eksctl get nodegroup --cluster ${request.name} --region ${request.region} --name ${nodeGroup}`;
    log.info(`to see the status of the scaling run \`${command}\``);
    return;
  }
  log.info(`waiting for scaling of nodegroup "${nodeGroup}" to complete`);
  while (cluster.nodeGroups[nodeGroup]?.status === 'UPDATING') {
    await process.takes(durations.eksctlFirstLook);
    settle(simulation);
  }
  log.info('nodegroup successfully scaled');
}
