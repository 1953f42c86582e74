/** Whether what an organisation asks of everything that is created can be had in this account. */
import { policyExists } from '../aws/iam/iam.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet, FleetMemberCluster } from '../fleet/fleet.js';
import { volumeKeyOf } from '../fleet/settings/volume-keys.js';

/** Nothing for what is not asked for. */
export async function judgeOrganisation(
  clients: Clients,
  fleet: Fleet,
  made: readonly FleetMemberCluster[],
): Promise<readonly Diagnostic[]> {
  return [...(await judgeBoundary(clients, fleet)), ...judgeKeys(fleet, made), ...judgeNames(fleet, made)];
}

/**
 * CloudFormation takes 128 characters for the name of a stack, and eksctl names that of an administrator
 * `eksctl-<cluster>-accessentry-<32 characters>` (0.230.0, pkg/actions/accessentry/creator.go); its others are shorter.
 */
const longestWithAdmin = 128 - 'eksctl--accessentry-'.length - 32;

function judgeNames({ admins }: Fleet, made: readonly FleetMemberCluster[]): readonly Problem[] {
  if (admins.length === 0) return [];
  return made
    .filter(({ cluster }) => cluster.length > longestWithAdmin)
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
function judgeKeys({ kmsKeys }: Fleet, made: readonly FleetMemberCluster[]): readonly Diagnostic[] {
  if (kmsKeys.length === 0) return [];
  const regions = [...new Set(made.map(({ region }) => region))];
  const lacking = regions.filter((region) => volumeKeyOf(kmsKeys, region) === undefined);
  if (lacking.length === 0) return [ok(`new volumes are encrypted with ${kmsKeys.join(', ')}`)];
  return [
    new Problem('invalid-value', {
      what: `no KMS key is set for ${lacking.join(', ')}`,
      why: 'a key encrypts volumes of its own region only',
      next: lacking.map((region) => `add a key of ${region}: --kms-key arn:aws:kms:${region}:…`),
    }),
  ];
}

/** IAM takes a boundary of the role's own account only, or one of AWS's (IAM User Guide, permissions boundaries). */
async function judgeBoundary(
  clients: Clients,
  { permissionsBoundary: arn, parent }: Fleet,
): Promise<readonly Diagnostic[]> {
  if (arn === undefined) return [];
  const { account, partition } = await clients.whoCalls(parent.region);
  const [, of, , , owner] = arn.split(':');
  const wrong = (why: string): readonly Diagnostic[] => [
    new Problem('invalid-value', {
      what: `permissions boundary ${arn} cannot be used`,
      why,
      next: ['set another one: --permissions-boundary'],
    }),
  ];
  if (of !== partition || (owner !== 'aws' && owner !== account))
    return wrong(`it is not of account ${account}, in which the roles are`);
  try {
    const exists = await policyExists(clients.world.aws, parent, arn);
    return exists ? [ok(`new roles get permissions boundary ${arn}`)] : wrong('there is no such policy');
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
    return [unchecked({ what: `whether permissions boundary ${arn} exists`, why: thrown.why, next: thrown.next })];
  }
}
