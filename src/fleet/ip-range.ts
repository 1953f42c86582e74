/** The network that an IPv4 range in CIDR notation stands for. */

/** e.g. `203.0.113.0/24` for `203.0.113.7/24`; undefined for what is no such range. */
export function networkOf(cidr: string): string | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0, length = 0] = parts;
  if ([first, second, third, fourth].some((part) => part > 255) || length > 32) return undefined;
  const size = 2 ** (32 - length);
  const address = ((first * 256 + second) * 256 + third) * 256 + fourth;
  const network = address - (address % size);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${length}`;
}
