/** The leftovers of a fleet with their cost, as a table, as one sentence, and as data. */

import type { Fleet } from '../../fleet/fleet.js';
import { leftoverCost, monthOf } from '../../leftovers/cost.js';
import type { Leftover } from '../../leftovers/leftover.js';
import type { Table } from '../../ui/ui.js';
import { placeName } from '../../world/place.js';
import { hourly, inHour, inMonth, perMonth } from '../review/cost-table.js';

/** One row a thing, the total last. */
export function leftoverTable(left: readonly Leftover[]): Table {
  const { usdPerHour, usdPerMonth, unknown } = leftoverCost(left);
  return {
    name: 'leftovers',
    columns: ['what', 'name', 'region', 'usdPerHour', 'usdPerMonth', 'state', 'whose'],
    headings: { whose: 'owner', usdPerHour: 'usd/hour', usdPerMonth: 'usd/month' },
    rows: [
      ...left.map(({ kind, name, detail, evidence, usdPerHour: usd, ...place }) => [
        kind,
        name,
        placeName(place),
        inHour(usd),
        inMonth(usd === undefined ? undefined : monthOf(usd)),
        detail,
        evidence,
      ]),
      [unknown.length === 0 ? 'total' : 'total, at least', '', '', inHour(usdPerHour), inMonth(usdPerMonth), '', ''],
    ],
  };
}

/** e.g. `2 things of fleet demo are still there: 0.0330 USD per hour, 24.09 per month (730 hours)`. */
export function leftoverSummary(left: readonly Leftover[], { name }: Fleet): string {
  const { usdPerHour, usdPerMonth, unknown } = leftoverCost(left);
  const things = left.length === 1 ? '1 resource of' : `${left.length} resources of`;
  const verb = left.length === 1 ? 'is' : 'are';
  const usd = `${hourly(usdPerHour)} USD per hour, ${perMonth(usdPerMonth)}`;
  const [atLeast, missing] = unpriced(unknown.length);
  return `${things} fleet ${name} ${verb} left: ${atLeast}${usd}${missing}`;
}

/** What is put before and after a sum that leaves out so many things. */
export function unpriced(count: number): readonly [atLeast: string, missing: string] {
  return count === 0 ? ['', ''] : ['at least ', `; no price known for ${count} of them, not included`];
}

/** For `--json`; a price that is not known is left out. */
export function leftoverData(left: readonly Leftover[], { name }: Fleet): Readonly<Record<string, unknown>> {
  const leftovers = left.map(({ kind, id, name: known, region, account, detail, whose, evidence, usdPerHour }) => ({
    kind,
    id,
    name: known,
    region,
    ...(account === undefined ? {} : { account: account.id }),
    detail,
    whose,
    evidence,
    ...(usdPerHour === undefined ? {} : { usdPerHour, usdPerMonth: monthOf(usdPerHour) }),
  }));
  return { fleet: name, leftovers, ...leftoverCost(left) };
}
