/** Whether what an organisation asks of everything that is created can be had in the accounts in which it is created. */
import { policyExists } from '../aws/iam/iam.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { adminsOf, type Fleet, type FleetCluster, type FleetMemberCluster } from '../fleet/fleet.js';
import { volumeKeyOf } from '../fleet/settings/volume-keys.js';
import { differentPlaces, placeName } from '../world/place.js';

/** Nothing for what is not asked for. */
export async function judgeOrganisation(
  clients: Clients,
  fleet: Fleet,
  made: readonly FleetMemberCluster[],
): Promise<readonly Diagnostic[]> {
  return [...(await judgeBoundary(clients, fleet, made)), ...judgeKeys(fleet, made), ...judgeNames(fleet, made)];
}

/**
 * CloudFormation takes 128 characters for the name of a stack, and eksctl names that of an administrator
 * `eksctl-<cluster>-accessentry-<32 characters>` (0.230.0, pkg/actions/accessentry/creator.go); its others are shorter.
 */
const longestWithAdmin = 128 - 'eksctl--accessentry-'.length - 32;

function judgeNames(fleet: Fleet, made: readonly FleetMemberCluster[]): readonly Problem[] {
  return made
    .filter((each) => adminsOf(fleet, each).length > 0 && each.cluster.length > longestWithAdmin)
    .map(
      ({ cluster, scope }) =>
        new Problem('invalid-value', {
          what: `cluster name ${cluster} has ${cluster.length} characters, and with --admin a new one may have ${longestWithAdmin}`,
          why: 'eksctl makes it a part of the name of a stack, which has at most 128',
          next: [`choose a shorter one: cluster=NAME of --member name=${scope}`],
        }),
    );
}

/** A key encrypts in its own region only; a volume without one would be encrypted with another, unnoticed. */
function judgeKeys(fleet: Fleet, made: readonly FleetMemberCluster[]): readonly Diagnostic[] {
  const { kmsKeys } = fleet;
  if (kmsKeys.length === 0) return [];
  const lacking = differentPlaces(made.filter((each) => volumeKeyOf(fleet, each) === undefined));
  if (lacking.length === 0) return [ok(`new volumes are encrypted with ${kmsKeys.join(', ')}`)];
  return [
    new Problem('invalid-value', {
      what: `no KMS key is set for ${lacking.map(placeName).join(', ')}`,
      why: 'a key encrypts volumes of its own region only, and a key of an account that members are in those of that account only',
      next: lacking.map(
        (place) =>
          `add a key of ${place.account === undefined ? `the fleet’s own account in ${place.region}` : placeName(place)}: --kms-key arn:aws:kms:${place.region}:${place.account?.id ?? ''}…`,
      ),
    }),
  ];
}

/** In the parent's account, and in each other one in which roles are made. */
async function judgeBoundary(
  clients: Clients,
  fleet: Fleet,
  made: readonly FleetMemberCluster[],
): Promise<readonly Diagnostic[]> {
  const { permissionsBoundary: arn, parent } = fleet;
  if (arn === undefined) return [];
  const places = new Map([parent, ...made].toReversed().map((each) => [each.account?.id, each]));
  const judged = [...places.values()].toReversed().map((place) => judgeBoundaryIn(clients, place, arn));
  return (await Promise.all(judged)).flat();
}

/** IAM takes a boundary of the role's own account only, or one of AWS's (IAM User Guide, permissions boundaries). */
async function judgeBoundaryIn(clients: Clients, cluster: FleetCluster, arn: string): Promise<readonly Diagnostic[]> {
  const { account, partition } = await clients.whoCalls(cluster);
  const [, of, , , owner] = arn.split(':');
  const isOther = cluster.account !== undefined;
  const wrong = (why: string): readonly Diagnostic[] => [
    new Problem('invalid-value', {
      what: `permissions boundary ${arn} cannot be used${isOther ? ` for ${cluster.cluster}` : ''}`,
      why,
      next: [
        'set another one: --permissions-boundary',
        ...(isOther ? [`or let others create ${cluster.cluster}, and join it with existing=true`] : []),
      ],
    }),
  ];
  if (of !== partition || (owner !== 'aws' && owner !== account))
    return wrong(`it is not of account ${account}, in which the roles are`);
  try {
    const exists = await policyExists(clients.world.aws, cluster, arn);
    return exists ? [ok(`new roles get permissions boundary ${arn}`)] : wrong('there is no such policy');
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
    return [unchecked({ what: `whether permissions boundary ${arn} exists`, why: thrown.why, next: thrown.next })];
  }
}
