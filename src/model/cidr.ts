/** IPv4 ranges in CIDR notation. */

/** Whether all addresses of `inner` are in `outer`. Of IPv6 only the same text is. */
export function contains(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const [wide, narrow] = [parsed(outer), parsed(inner)];
  if (wide === undefined || narrow === undefined || wide.length > narrow.length) return false;
  const size = 2 ** (32 - wide.length);
  return Math.floor(wide.address / size) === Math.floor(narrow.address / size);
}

function parsed(cidr: string): { readonly address: number; readonly length: number } | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0, length = 0] = parts;
  return { address: ((first * 256 + second) * 256 + third) * 256 + fourth, length };
}
