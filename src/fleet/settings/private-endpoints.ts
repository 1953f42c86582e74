/** Endpoints of new EKS clusters that only their own networks reach. */
import { Problem } from '../../errors/problem.js';
import type { FleetRequest } from '../schema.js';

export interface PrivateEndpoints {
  /** New EKS clusters have no public endpoint. */
  readonly privateEndpoints: boolean;
  /** IPv4 CIDRs outside of its VPC that may reach the private endpoint of a new cluster; only with `privateEndpoints`. */
  readonly privateAccess: readonly string[];
}

/** @throws Problem `invalid-value` where it does not go with the rest */
export function privateEndpointsOf({
  privateEndpoints = false,
  privateAccess = [],
  publicAccess = [],
}: FleetRequest): PrivateEndpoints {
  const clash = (what: string, next: string): Problem => new Problem('invalid-value', { what, next: [next] });
  if (!privateEndpoints && privateAccess.length > 0)
    throw clash('--private-access-cidr requires --private-endpoints', 'add --private-endpoints, or omit it');
  if (privateEndpoints && publicAccess.length > 0)
    throw clash(
      '--private-endpoints leaves no public endpoint that --public-access-cidr could limit',
      'omit one of them (privateEndpoints, publicAccess in the file)',
    );
  if (privateAccess.includes('0.0.0.0/0'))
    throw clash(
      '--private-access-cidr: expected the range of a network, got 0.0.0.0/0',
      'set the range that this machine calls from, such as 10.20.0.0/16',
    );
  return { privateEndpoints, privateAccess: [...new Set(privateAccess)] };
}

/** The part of a request that describes it; what is not set is left out. */
export function privateEndpointsRequest({ privateEndpoints, privateAccess }: PrivateEndpoints): FleetRequest {
  return {
    ...(privateEndpoints ? { privateEndpoints } : {}),
    ...(privateAccess.length > 0 ? { privateAccess: [...privateAccess] } : {}),
  };
}
