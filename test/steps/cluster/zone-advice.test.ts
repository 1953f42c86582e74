/** AWS's words about zones without room, and the flag that follows from them. */
import { expect, it } from 'vitest';
import type { FleetMemberCluster } from '../../../src/fleet/fleet.js';
import { clusterKey } from '../../../src/model/facts.js';
import { zoneAdvice } from '../../../src/steps/cluster/zone-advice.js';

const parent: FleetMemberCluster = {
  cluster: 'p',
  account: undefined,
  region: 'us-east-1',
  vpc: 'main',
  scope: 'parent',
  role: 'parent',
};

/** What is said where the VPC has subnets in these zones. */
const advised = (why: string, ...letters: string[]): readonly string[] | undefined => {
  const subnets = letters.map((letter) => ({ zone: `us-east-1${letter}` }));
  const networks = new Map([[clusterKey(parent), { nodesArePrivate: true, private: subnets }]]);
  return zoneAdvice({ facts: { networks } } as unknown as Parameters<typeof zoneAdvice>[0], parent, why);
};

const controlPlane =
  'Resource handler returned message: "Cannot create cluster \'p\' because us-east-1e, the targeted Availability Zone, does not currently have sufficient capacity to support the cluster. Retry and choose from these Availability Zones: us-east-1a, us-east-1b, us-east-1c (Service: Eks, Status Code: 400)"';
const nodes =
  '[Issue(Code=AsgInstanceLaunchFailures, Message=Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1e). Our system will be working on provisioning additional capacity. You can currently get m5.large capacity by not specifying an Availability Zone in your request or choosing us-east-1a, us-east-1b. Launching EC2 instance failed., ResourceIds=[eks-x])]';

it('names the zones of the VPC that AWS names', () => {
  expect(advised(controlPlane, 'a', 'b', 'd', 'e')).toEqual([
    'use zones that have room: add --zones us-east-1a,us-east-1b',
  ]);
  expect(advised(nodes, 'a', 'b', 'e')).toEqual([
    'use zones that have room: add --zones us-east-1a,us-east-1b',
    'or choose another --instance-type',
  ]);
});

it('names the others where AWS names only the one without room', () => {
  const bare = 'because us-east-1e, the targeted availability zone, does not currently have sufficient capacity';
  expect(advised(bare, 'a', 'c', 'e')).toEqual(['use zones that have room: add --zones us-east-1a,us-east-1c']);
});

it('says where a subnet is missing when fewer than two are left', () => {
  expect(advised(controlPlane, 'a', 'e')?.[0]).toBe(
    'add a subnet like the others in one of us-east-1b, us-east-1c, then use the zones that have room with --zones',
  );
});

it('is silent about anything else', () => {
  expect(advised('You have requested more vCPU capacity than your current vCPU limit of 8 allows', 'a', 'b')).toBe(
    undefined,
  );
  expect(advised('', 'a', 'b')).toBe(undefined);
});
