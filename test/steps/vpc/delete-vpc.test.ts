/** A VPC is deleted once nothing is in it, not before: what is a cluster's and is still there keeps it too. */
import { expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { newAccount } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import type { FleetContext } from '../../../src/steps/context.js';
import { deleteEmptyVpc } from '../../../src/steps/vpc/delete-vpc.js';
import { addStackVpc, fleet, region, stackOf } from '../../preflight/network/stack-vpc.js';

const place = { region, account: undefined };

it('keeps a VPC with an interface of a cluster of the fleet, and deletes it once that is gone', async () => {
  const account = newAccount();
  await addStackVpc(account);
  const here = account.region(region);
  const vpcId = here.vpcs[0]?.id ?? '';
  const description = 'Amazon EKS f-parent';
  const inSubnet = { subnetId: here.subnets[0]?.id ?? '', vpcId, zone: `${region}a`, privateIp: '10.64.0.7' };
  here.networkInterfaces.push({ id: 'eni-0c', description, ...inSubnet });
  const { world } = connect(account);
  const parent = { ...place, cluster: 'f-parent', vpc: '' };
  const ownership = new Map();
  const context = { clients: makeClients(world), fleet: { ...fleet, parent, members: [] }, ownership };
  const call = { signal: new AbortController().signal, say: () => undefined };
  const remove = () => deleteEmptyVpc(context as unknown as FleetContext, call as never, place);
  expect(await remove()).toBe(`VPC ${vpcId} stays: network interface eni-0c (${description})`);
  expect(stackOf(account).status).toBe('CREATE_COMPLETE');
  here.networkInterfaces = here.networkInterfaces.filter(({ id }) => id !== 'eni-0c');
  expect(await remove()).toBeUndefined();
  expect(here.vpcs).toEqual([]);
});
