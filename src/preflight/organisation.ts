/** Whether what an organisation asks of everything that is created can be had in this account. */
import { policyExists } from '../aws/iam/iam.js';
import type { Clients } from '../clients/clients.js';
import { ok, unchecked } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';

/** Nothing for what is not asked for. */
export async function judgeOrganisation(clients: Clients, fleet: Fleet): Promise<readonly Diagnostic[]> {
  return await judgeBoundary(clients, fleet);
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
    const exists = await policyExists(clients.world.aws, parent.region, arn);
    return exists ? [ok(`roles get permissions boundary ${arn}`)] : wrong('there is no such policy');
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'access-denied') throw thrown;
    return [unchecked({ what: `whether permissions boundary ${arn} exists`, why: thrown.why, next: thrown.next })];
  }
}
