/** The cost of a fleet as a table, as one sentence, and as the notes below. */

import type { CostLine, FleetCost, TotalCost } from '../../model/cost.js';
import type { Figure, Table } from '../../ui/ui.js';

const notKnown = 'unknown';

/** One row a kind of thing and region, the totals last; narrow enough for 80 columns. */
export function costTable(cost: FleetCost): Table {
  const { lines, usdPerHour, usdPerMonth } = cost;
  return {
    name: 'cost',
    columns: ['what', 'region', 'usdEach', 'usdPerHour', 'usdPerMonth'],
    headings: { usdEach: 'each', usdPerHour: 'usd/hour', usdPerMonth: 'usd/month' },
    rows: [
      ...lines.map((line) => [
        `${line.count} × ${line.item}`,
        line.region,
        { text: priceOf(line), value: line.price?.usd },
        inHour(line.usdPerHour),
        inMonth(line.usdPerMonth),
      ]),
      [['total', bound(cost)].filter(Boolean).join(', '), '', nothing, inHour(usdPerHour), inMonth(usdPerMonth)],
    ],
  };
}

/** e.g. `about 1.33 USD per hour, 968.75 per month (730 hours)`; `at least` where not all of it is known. */
export function totalCost(cost: TotalCost): string {
  const { usdPerHour, usdPerMonth } = cost;
  return `${bound(cost) ?? 'about'} ${usdPerHour.toFixed(2)} USD per hour, ${perMonth(usdPerMonth)}`;
}

/** Nothing where both are the case. */
function bound({ unknown, atMost = false }: TotalCost): 'at least' | 'at most' | undefined {
  if (unknown.length > 0 === atMost) return undefined;
  return atMost ? 'at most' : 'at least';
}

/** The same, with what has no known price. */
export function costSummary(cost: FleetCost): string {
  return [totalCost(cost), ...missing(cost)].join('; ');
}

/** How many lines of a cost are worth a line at a glance. */
const largest = 3;

/** The total, its largest lines, and what is in neither. */
export function costLines(cost: FleetCost): readonly string[] {
  const isIn = new Set(cost.lines.map(({ region }) => region)).size > 1;
  const rows = cost.lines
    .flatMap(({ usdPerMonth: usd, count, item, region }) =>
      usd === undefined ? [] : [{ usd, what: `${count} × ${item}${isIn ? ` in ${region}` : ''}` }],
    )
    .toSorted((a, b) => b.usd - a.usd)
    .slice(0, largest);
  const width = Math.max(0, ...rows.map(({ usd }) => monthly(usd).length));
  return [
    costSummary(cost),
    ...rows.map(({ usd, what }) => `  ${monthly(usd).padStart(width)}  ${what}`),
    `not included: ${['tax', ...cost.excluded].join(', ')}; list prices of ${cost.asOf}`,
  ];
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

/** A cell without a figure. */
const nothing: Figure = { text: '', value: undefined };

/** The cell of USD per hour. */
export function inHour(usd: number | undefined): Figure {
  return { text: hourly(usd), value: usd };
}

/** The cell of USD per month. */
export function inMonth(usd: number | undefined): Figure {
  return { text: monthly(usd), value: usd };
}

/** With the digits that a price of an hour has; `unknown` where there is none. */
export function hourly(usd: number | undefined): string {
  return usd === undefined ? notKnown : usd.toFixed(4);
}

/** In cents; `unknown` where there is no price. */
export function monthly(usd: number | undefined): string {
  return usd === undefined ? notKnown : usd.toFixed(2);
}
