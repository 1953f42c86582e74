/** Endpoints of push members that a new parent could not call are told before it is made, with the command that opens them. */
import { expect, it } from 'vitest';
import type { Cluster } from '../../src/aws/eks.js';
import { resolveFleet } from '../../src/fleet/resolve.js';
import { closedEndpoints } from '../../src/preflight/member-endpoints.js';

const from = { vpcId: 'vpc-new', region: 'eu-west-1', natAddresses: ['198.51.100.7', '198.51.100.8'] };
const open = { vpcId: 'vpc-old', endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] };

function told(endpoint: NonNullable<Cluster['resourcesVpcConfig']>, mode: 'push' | 'pull' = 'push') {
  const member = { name: 'one', region: 'eu-west-1', vpc: 'any', mode };
  const fleet = resolveFleet({ fleet: 'demo', region: 'eu-west-1', vpc: 'new', members: [member] });
  const problems = closedEndpoints(fleet, from, new Map([['eu-west-1/one', { resourcesVpcConfig: endpoint }]]));
  return problems.map(({ message, why, next }) => [message, why, next[0]]);
}

it('names the addresses that are not admitted, and what admits them', () => {
  expect(told({ ...open, publicAccessCidrs: ['203.0.113.0/24', '198.51.100.8/32'] })).toEqual([
    [
      'Karmada cannot reach the API of EKS cluster one in eu-west-1: it does not admit 198.51.100.7',
      'its public endpoint admits 203.0.113.0/24, 198.51.100.8/32',
      'let it in: aws eks update-cluster-config --name one --region eu-west-1 --resources-vpc-config publicAccessCidrs=203.0.113.0/24,198.51.100.8/32,198.51.100.7/32',
    ],
  ]);
});

it('has nothing to tell of an open one, of a pull member, inside of its VPC, or where there are only private ones', () => {
  const closed = { ...open, publicAccessCidrs: ['203.0.113.0/24'] };
  expect(told(open)).toEqual([]);
  expect(told(closed, 'pull')).toEqual([]);
  expect(told({ ...closed, vpcId: 'vpc-new', endpointPrivateAccess: true })).toEqual([]);
  expect(told({ ...closed, vpcId: 'vpc-new' })).toHaveLength(1);
  expect(told({ ...closed, endpointPublicAccess: false })).toEqual([]);
});
