/** Whose is what is in a fleet's own VPC. */
import { beforeEach, expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { heldBy, inspectOwnVpc } from '../../src/ownership/own-vpc-contents.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { addStackVpc, fleet, region, stackOf } from '../preflight/network/stack-vpc.js';

const cluster = 'f-parent';
const owned = { [`kubernetes.io/cluster/${cluster}`]: 'owned' };
let account: Account;
let vpcId: string;

beforeEach(async () => {
  account = newAccount();
  await addStackVpc(account);
  vpcId = account.region(region).vpcs[0]?.id ?? '';
  account.region(region).securityGroups.push({ id: 'sg-0c', vpcId, name: `eks-${cluster}`, tags: owned });
});

async function held(): Promise<string | undefined> {
  const clients = makeClients(connect(account).world);
  const found = await inspectOwnVpc(clients, fleet, { region, account: undefined }, [cluster]);
  return found && heldBy(found);
}

function addInterface(id: string, description: string, tags: Record<string, string> = {}): string {
  const subnetId = account.region(region).subnets[0]?.id ?? '';
  const place = { subnetId, vpcId, zone: `${region}a`, privateIp: '10.64.0.7' };
  account.region(region).networkInterfaces.push({ id, description, ...place, groups: ['sg-0c'], tags });
  return subnetId;
}

it('a database and a bastion are not the cluster’s for being in its security group', async () => {
  addInterface('eni-0db', 'RDSNetworkInterface');
  addInterface('eni-0ba', '');
  expect(await held()).toMatch(/network interface eni-0db \(RDSNetworkInterface\), network interface eni-0ba/);
});

it('interfaces of control planes, nodes, the VPC CNI and classic load balancers of the cluster are', async () => {
  expect(await held()).toBeUndefined();
  addInterface('eni-01', `Amazon EKS ${cluster}`);
  addInterface('eni-02', 'aws-K8S-i-01', { 'cluster.k8s.amazonaws.com/name': cluster });
  const subnetId = addInterface('eni-03', '');
  const group = { cluster, nodeGroup: 'ng', zone: `${region}a`, subnetId, interfaceId: 'eni-03', volumeId: 'vol-0' };
  account.region(region).instances.push({ id: 'i-03', ...group, tags: owned });
  addInterface('eni-04', 'ELB a0123');
  account.region(region).securityGroups.push({ id: 'sg-0e', vpcId, name: 'k8s-elb-a0123', tags: owned });
  const classic = account.region(region).networkInterfaces.find(({ id }) => id === 'eni-04');
  classic?.groups?.push('sg-0e');
  expect(await held()).toBeUndefined();
});

it('route tables, network ACLs and gateways of others hold the VPC, as they hold its deletion; those of the stack do not', async () => {
  const here = account.region(region);
  here.securityGroups = here.securityGroups.filter(({ id }) => id !== 'sg-0c');
  here.routeTables.push({ id: 'rtb-0a', vpcId, main: false, subnetIds: [], routes: [], tags: {} });
  here.vpcParts = [
    { id: 'acl-0a', kind: 'network ACL', vpcId },
    { id: 'eigw-0a', kind: 'egress-only gateway', vpcId },
    { id: 'cagw-0a', kind: 'carrier gateway', vpcId },
    { id: 'acl-0b', kind: 'network ACL', vpcId: 'vpc-0other' },
    { id: 'eigw-0b', kind: 'egress-only gateway', vpcId: 'vpc-0other' },
  ];
  expect(await held()).toBe(
    'it holds what the fleet did not make: route table rtb-0a, network ACL acl-0a, egress-only internet gateway eigw-0a, carrier gateway cagw-0a',
  );
  await deleteStack();
  expect(stackOf(account).status).toBe('DELETE_FAILED');
});

it('termination protection holds the VPC: somebody set it', async () => {
  stackOf(account).terminationProtection = true;
  expect(await held()).toMatch(/^termination protection of stack karmada-eks-f-vpc is on \(aws cloudformation update-/);
  await expect(deleteStack()).rejects.toThrow();
  expect(stackOf(account).status).toBe('CREATE_COMPLETE');
});

async function deleteStack(): Promise<void> {
  const cloudformation = makeClients(connect(account).world).cloudformation({ region, account: undefined });
  await cloudformation.deleteUnprotected('karmada-eks-f-vpc');
  await account.clock.sleep(600_000, new AbortController().signal);
  await cloudformation.stacks();
}
