/** What a fleet costs, as a table, as one sentence, and as the notes below. */
import type { CostLine, FleetCost } from '../discover/cost.js';
import type { Table } from '../ui/ui.js';

const unknown = 'unknown';

/** One row a kind of thing and region, the totals last; narrow enough for 80 columns. */
export function costTable({ lines, usdPerHour, usdPerMonth }: FleetCost): Table {
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
      ['together', '', '', hourly(usdPerHour), monthly(usdPerMonth)],
    ],
  };
}

/** e.g. `about 1.33 USD an hour, 968.75 in a month of 730 hours`, with what is not in it. */
export function costInShort(cost: FleetCost): string {
  const total = `about ${cost.usdPerHour.toFixed(2)} USD an hour, ${monthly(cost.usdPerMonth)} in a month of 730 hours`;
  return [total, ...missing(cost)].join('; ');
}

/** What is not in the table above, and how old its prices are; one sentence each. */
export function costNotes(cost: FleetCost): readonly string[] {
  const days = cost.lines.flatMap(({ price }) => price?.asOf ?? []).sort();
  const [first = '', last = ''] = [days.at(0), days.at(-1)];
  return [
    ...missing(cost),
    ...cost.notes,
    `list prices on demand, without tax and discounts, as of ${first} to ${last}; -o json names the source of each`,
  ];
}

/** A price that is not known is said, never guessed. */
function missing({ unknown: items }: FleetCost): readonly string[] {
  return items.length === 0 ? [] : [`not in the table of prices, so not counted: ${items.join(', ')}`];
}

/** Of one thing: `0.096/h`, or `6.40/mo` for a disk. */
function priceOf({ price, gibEach = 1 }: CostLine): string {
  if (price === undefined) return unknown;
  return price.per === 'hour' ? `${price.usd}/h` : `${(price.usd * gibEach).toFixed(2)}/mo`;
}

/** With the digits that a price of an hour has; `unknown` where there is none. */
export function hourly(usd: number | undefined): string {
  return usd === undefined ? unknown : usd.toFixed(4);
}

/** In cents; `unknown` where there is no price. */
export function monthly(usd: number | undefined): string {
  return usd === undefined ? unknown : usd.toFixed(2);
}
