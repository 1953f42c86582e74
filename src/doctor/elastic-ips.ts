/** Whether the account has an Elastic IP left for the NAT gateway that a network lacks. */
import { elasticIps } from '../aws/ec2/capacity.js';
import { quotaOf } from '../aws/service-quotas.js';
import type { Clients } from '../clients/clients.js';
import { ok, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import { type AwsPlace, placeName } from '../world/place.js';

/** As AWS Service Quotas names it. */
const quota = { service: 'ec2', code: 'L-0263D0A3' } as const;

/** The fleet takes no Elastic IP; the NAT gateway that its network may lack would. */
export async function checkAddresses(
  { world: { aws } }: Clients,
  place: AwsPlace,
  lacksNat: boolean,
): Promise<readonly Diagnostic[]> {
  const [limit, used] = await Promise.all([quotaOf(aws, place, quota), elasticIps(aws, place)]);
  const sum = `${used} of ${limit ?? 'an unknown number of'} Elastic IPs are allocated; the fleet needs none`;
  if (!lacksNat || limit === undefined || used < limit) return [ok(sum)];
  const what = `all ${limit} Elastic IPs of ${placeName(place)} are allocated: a NAT gateway would need one`;
  const why = `quota ${quota.code} of ec2`;
  return [warning({ what, why, next: ['release one, or request an increase of this quota'] })];
}
