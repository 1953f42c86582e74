/** IPv4 ranges in CIDR notation. */
import { networkOf } from '../fleet/ip-range.js';

/** Whether an IPv4 address is in any of the ranges. */
export function admits(ranges: readonly string[], address: string): boolean {
  return ranges.some((range) => contains(range, `${address}/32`));
}

/** Whether all addresses of `inner` are in `outer`. Of IPv6 only the same text is. */
export function contains(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const network = networkOf(outer);
  const [address = '', length] = inner.split('/');
  const [, width] = outer.split('/');
  return network !== undefined && Number(width) <= Number(length) && networkOf(`${address}/${width}`) === network;
}
