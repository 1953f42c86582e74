/** IPv4 ranges as a security group or a route table reads them. */

/** Whether one of the ranges has the address. */
export function admitsAddress(ranges: readonly string[], address: string): boolean {
  return admitsNetwork(ranges, `${address}/32`);
}

/** Whether one of the ranges has the whole network. */
export function admitsNetwork(ranges: readonly string[], network: string): boolean {
  const [address = '', length] = network.split('/');
  return ranges.some((range) => {
    const [start = '', width] = range.split('/');
    const size = 2 ** (32 - Number(width));
    return (
      Number(width) <= Number(length) && Math.floor(numberOf(start) / size) === Math.floor(numberOf(address) / size)
    );
  });
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
