/** The DNS records of the user's names for the Karmada API: these names, and no others, in whatever zone of the account has them. */

import { markName } from '../access/api-record.js';
import { apiNamesOf, type Fleet } from '../fleet/fleet.js';
import type { Facts } from '../model/facts.js';
import { allow, type Statement } from './statement.js';

/** The conditions are those of the Service Authorization Reference, Amazon Route 53; ARNs of zones have no account. */
export function nameStatements(fleet: Fleet, { caller }: Facts): readonly Statement[] {
  const names = apiNamesOf(fleet).flatMap((name) => [name, markName(name)]);
  if (names.length === 0) return [];
  const zones = `arn:${caller.partition}:route53:::hostedzone/*`;
  return [
    allow(
      'ReadZones',
      ['route53:GetChange', 'route53:GetHostedZone', 'route53:ListHostedZonesByName', 'route53:ListResourceRecordSets'],
      '*',
    ),
    allow('ApiNames', ['route53:ChangeResourceRecordSets'], zones, {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
        'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'TXT'],
      },
    }),
  ];
}
