/** Whose is what is in a fleet's own VPC. */
import { beforeEach, expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { heldBy, inspectOwnVpc } from '../../src/ownership/own-vpc-contents.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { addStackVpc, fleet, region } from '../preflight/network/stack-vpc.js';

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
