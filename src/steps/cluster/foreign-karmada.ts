/** Whether a cluster to be deleted hosts a Karmada of somebody else: such a cluster is never deleted. */
import type { Cluster } from '../../aws/eks.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { FleetMemberCluster } from '../../fleet/fleet.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { karmadaOwner } from '../../state/karmada-namespace.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { placeName } from '../../world/place.js';
import type { FleetContext } from '../context.js';
import { openCluster } from './cluster-contents.js';

const server = 'karmada-apiserver';

/**
 * Problem `karmada-foreign`. A cluster that does not respond has none that could be found: what it holds is shown as
 * not read.
 */
export async function foreignKarmada(
  context: FleetContext,
  cluster: FleetMemberCluster,
  found: Cluster,
  call: CallContext,
): Promise<Problem | undefined> {
  const access = await openCluster(context, cluster, found);
  if (access === undefined) return undefined;
  try {
    const ref = { kind: 'deployments', allNamespaces: true };
    const [owner, deployments] = await Promise.all([
      karmadaOwner(context.clients, access, call),
      context.clients.kubectl.list(access, ref, anyObject, call),
    ]);
    const isOurs = owner?.fleetId === context.fleet.id;
    if (owner !== undefined && !isOurs)
      return ofOthers(
        context,
        cluster,
        `its marks name ${owner.fleetId === undefined ? 'no fleet' : `fleet id ${owner.fleetId}`}`,
      );
    const [first] = deployments
      .filter(({ metadata }) => metadata.name === server)
      .flatMap(({ metadata: { namespace = '' } }) => (isOurs && namespace === karmadaNamespace ? [] : [namespace]));
    return first === undefined ? undefined : ofOthers(context, cluster, `${server} runs in its namespace ${first}`);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return undefined;
  }
}

function ofOthers({ fleet }: FleetContext, { cluster, ...place }: FleetMemberCluster, why: string): Problem {
  return new Problem('karmada-foreign', {
    what: `EKS cluster ${cluster} in ${placeName(place)} is not deleted: it hosts a Karmada that does not belong to fleet ${fleet.name}`,
    why,
    next: [
      'remove that Karmada first, with its fleet (karmada-eks down --fleet NAME) or without (kubectl karmada deinit)',
      'then run the same command again',
    ],
  });
}
