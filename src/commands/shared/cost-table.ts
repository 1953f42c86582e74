/** The cost of a fleet as a table, as one sentence, and as the notes below. */
import type { CostLine, FleetCost } from '../../model/cost.js';
import type { Table } from '../../ui/ui.js';

const notKnown = 'unknown';

/** One row a kind of thing and region, the totals last; narrow enough for 80 columns. */
export function costTable({ lines, usdPerHour, usdPerMonth, unknown }: FleetCost): Table {
  return {
    name: 'cost',
    columns: ['what', 'region', 'each', 'usd/hour', 'usd/month'],
    rows: [
      ...lines.map((line) => [
        `${line.count} × ${line.item}`,
        line.region,
        priceOf(line),
        hourly(line.usdPerHour),
        monthly(line.usdPerMonth),
      ]),
      [unknown.length === 0 ? 'total' : 'total, at least', '', '', hourly(usdPerHour), monthly(usdPerMonth)],
    ],
  };
}

/** e.g. `about 1.33 USD per hour, 968.75 per month (730 hours)`; `at least` where a price is not known, with what that is. */
export function costSummary(cost: FleetCost): string {
  const about = cost.unknown.length === 0 ? 'about' : 'at least';
  const total = `${about} ${cost.usdPerHour.toFixed(2)} USD per hour, ${perMonth(cost.usdPerMonth)}`;
  return [total, ...missing(cost)].join('; ');
}

/** e.g. `968.75 per month (730 hours)`. */
export function perMonth(usd: number): string {
  return `${monthly(usd)} per month (730 hours)`;
}

/** What is not in the table above, and how old its prices are; one sentence each. */
export function costNotes(cost: FleetCost): readonly string[] {
  return [
    ...missing(cost),
    ...cost.notes,
    `On-Demand list prices as of ${cost.asOf}, excluding tax and discounts; use -o json for the source of each`,
  ];
}

/** A price that is not known is named, never guessed. */
function missing({ unknown: items }: FleetCost): readonly string[] {
  return items.length === 0 ? [] : [`no price known for ${items.join(', ')}; not included`];
}

/** Of one thing: `0.096/h`, or `6.40/mo` for a disk. */
function priceOf({ price, gibEach = 1 }: CostLine): string {
  if (price === undefined) return notKnown;
  return price.per === 'hour' ? `${price.usd}/h` : `${(price.usd * gibEach).toFixed(2)}/mo`;
}

/** With the digits that a price of an hour has; `unknown` where there is none. */
export function hourly(usd: number | undefined): string {
  return usd === undefined ? notKnown : usd.toFixed(4);
}

/** In cents; `unknown` where there is no price. */
export function monthly(usd: number | undefined): string {
  return usd === undefined ? notKnown : usd.toFixed(2);
}
