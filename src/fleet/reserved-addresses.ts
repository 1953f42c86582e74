/** Addresses that EKS does not take for who may reach a public endpoint (EKS User Guide, Cluster API server endpoint). */
import { BlockList } from 'node:net';

const reserved = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  reserved.addSubnet(network, bits, 'ipv4');

/** Whether an IPv4 CIDR is one of private, loopback or link-local addresses. */
export function isReserved(cidr: string): boolean {
  return reserved.check(cidr.split('/')[0] ?? '', 'ipv4');
}
