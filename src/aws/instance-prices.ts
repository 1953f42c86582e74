/** On-demand prices of Linux instances, in USD an hour: by type in one region, by family in the others. */

/** A price with its day and source. */
interface InstancePrice {
  readonly usd: number;
  readonly asOf: string;
  readonly source: string;
}

/** us-east-1, from the AWS Pricing API. */
const byType: ReadonlyMap<string, number> = new Map([
  ['m5.large', 0.096],
  ['m5.xlarge', 0.192],
  ['m5a.large', 0.086],
  ['m6i.large', 0.096],
  ['m6a.large', 0.0864],
  ['m7i.large', 0.1008],
  ['m7a.large', 0.11592],
  ['m7g.large', 0.0816],
  ['m8g.large', 0.08976],
  ['c5.large', 0.085],
  ['c5.xlarge', 0.17],
  ['c6i.xlarge', 0.17],
  ['r5.large', 0.126],
  ['t3.medium', 0.0416],
  ['t3.large', 0.0832],
  ['t3.xlarge', 0.1664],
  ['t3a.medium', 0.0376],
  ['t4g.medium', 0.0336],
]);

/** By region: m5.large, t3.medium, c5.xlarge. Within these families the price grows with the size. */
const byRegion: ReadonlyMap<string, readonly [m5Large: number, t3Medium: number, c5Xlarge: number]> = new Map([
  ['us-east-1', [0.096, 0.0416, 0.17]],
  ['us-east-2', [0.096, 0.0416, 0.17]],
  ['us-west-2', [0.096, 0.0416, 0.17]],
  ['us-west-1', [0.112, 0.0496, 0.212]],
  ['ca-central-1', [0.107, 0.0464, 0.186]],
  ['eu-west-1', [0.107, 0.0456, 0.192]],
  ['eu-west-2', [0.111, 0.0472, 0.202]],
  ['eu-west-3', [0.112, 0.0472, 0.202]],
  ['eu-central-1', [0.115, 0.048, 0.194]],
  ['eu-north-1', [0.102, 0.0432, 0.182]],
  ['eu-south-1', [0.112, 0.0479, 0.202]],
  ['eu-south-2', [0.107, 0.0456, 0.192]],
  ['ap-southeast-1', [0.12, 0.0528, 0.196]],
  ['ap-southeast-2', [0.12, 0.0528, 0.222]],
  ['ap-southeast-3', [0.12, 0.0528, 0.196]],
  ['ap-southeast-4', [0.12, 0.0528, 0.222]],
  ['ap-northeast-1', [0.124, 0.0544, 0.214]],
  ['ap-northeast-3', [0.124, 0.0544, 0.214]],
  ['ap-northeast-2', [0.118, 0.052, 0.192]],
  ['ap-south-1', [0.101, 0.0448, 0.17]],
  ['ap-east-1', [0.132, 0.0584, 0.216]],
  ['me-central-1', [0.1177, 0.0502, 0.211]],
  ['me-south-1', [0.1177, 0.0502, 0.211]],
  ['af-south-1', [0.127, 0.0542, 0.228]],
]);

/** Sizes of the families above, as multiples of the size in the table. */
const multiples: ReadonlyMap<string, readonly [column: 0 | 1 | 2, factor: number]> = new Map([
  ['m5.large', [0, 1]],
  ['m5.xlarge', [0, 2]],
  ['m5.2xlarge', [0, 4]],
  ['m5.4xlarge', [0, 8]],
  ['t3.medium', [1, 1]],
  ['t3.large', [1, 2]],
  ['t3.xlarge', [1, 4]],
  ['t3.2xlarge', [1, 8]],
  ['c5.large', [2, 0.5]],
  ['c5.xlarge', [2, 1]],
  ['c5.2xlarge', [2, 2]],
  ['c5.4xlarge', [2, 4]],
]);

/** The price of an instance type in a region, or undefined where neither table has it. */
export function instancePrice(region: string, type: string): InstancePrice | undefined {
  const listed = region === 'us-east-1' ? byType.get(type) : undefined;
  if (listed !== undefined)
    return { usd: listed, asOf: '2026-07-20', source: 'AWS Pricing API, through karpenter’s generated prices' };
  const [column, factor] = multiples.get(type) ?? [0, 0];
  const base = byRegion.get(region)?.[column];
  if (base === undefined || factor === 0) return undefined;
  // Prices have at most six digits after the point; what is more is the noise of the multiplication.
  const usd = Number((base * factor).toFixed(6));
  return { usd, asOf: '2026-08', source: 'AWS Pricing API, through SkyPilot’s catalog (commit 00148f2a)' };
}
