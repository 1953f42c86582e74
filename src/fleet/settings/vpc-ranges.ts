/** The addresses of a VPC that the fleet makes for itself: which it may have, and how they are divided. */
import { networkOf } from '../ip-range.js';
import { defaultVpcCidr } from './own-vpc.js';

const privateRanges: readonly string[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/**
 * What is wrong with a range for a VPC. VPCs are /16 to /28 (EC2 API, CreateVpc); below /22 the subnets would be too small for the pods of
 * three nodes. EKS takes 10.100.0.0/16 or 172.20.0.0/16 for Services, whichever does not overlap with the VPC (EKS API,
 * KubernetesNetworkConfigRequest), so that one range is never in the way of both.
 */
export function wrongVpcCidr(cidr: string): string | undefined {
  const network = networkOf(cidr);
  const length = Number(cidr.split('/')[1]);
  if (network === undefined || network !== cidr)
    return `expected the first address of a network, such as ${network ?? defaultVpcCidr}`;
  if (length < 16 || length > 22) return 'expected a range from /16 to /22';
  const isPrivate = privateRanges.some((range) => networkOf(cidr.replace(/\d+$/, range.split('/')[1] ?? '')) === range);
  return isPrivate ? undefined : `expected private addresses: of ${privateRanges.join(', ')}`;
}

/** The smallest range around this one that is so many times as large; undefined: it would be larger than a VPC may be. */
export function largerRange(cidr: string, times: number): string | undefined {
  const [address = '', length = ''] = cidr.split('/');
  const wanted = Number(length) - Math.max(1, Math.ceil(Math.log2(times)));
  return wanted < 16 ? undefined : networkOf(`${address}/${wanted}`);
}

/**
 * The ranges of the subnets of up to three zones: three quarters for private subnets, where the addresses of nodes and pods come from, and a
 * quarter of the last one for each public subnet; a sixteenth stays free.
 */
export function subnetRanges(
  cidr: string,
  zones: number,
): { readonly private: readonly string[]; readonly public: readonly string[] } {
  const [address = '', length = ''] = cidr.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const range = (start: number, longer: number): string =>
    `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${Number(length) + longer}`;
  const each = Array.from({ length: zones }, (_, index) => index);
  return {
    private: each.map((index) => range(first + (index * size) / 4, 2)),
    public: each.map((index) => range(first + (size * 3) / 4 + (index * size) / 16, 4)),
  };
}
