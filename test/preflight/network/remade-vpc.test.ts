/** What of a fleet's own VPC is deleted and made anew: in each status of its stack, empty and in use. */
import { beforeEach, expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { findOwnVpc } from '../../../src/ownership/own-vpc.js';
import { whyNotRemade } from '../../../src/preflight/network/remade-vpc.js';
import { type Account, newAccount } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import { addStackVpc, fleet, region, stackOf } from './stack-vpc.js';

let account: Account;

beforeEach(async () => {
  account = newAccount();
  await addStackVpc(account);
});

async function refusal(
  status: string,
): Promise<{ readonly what: string; readonly next: readonly string[] } | undefined> {
  stackOf(account).status = status;
  const clients = makeClients(connect(account).world);
  const place = { region, account: undefined };
  const found = (await findOwnVpc(clients, fleet, place)) ?? expect.unreachable('no stack');
  const problem = await whyNotRemade(clients, fleet, place, found);
  return problem && { what: `${problem.message} ${problem.why}`, next: problem.next };
}

it.each([
  ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback'],
  ['UPDATE_FAILED', 'rollback-stack'],
  ['UPDATE_IN_PROGRESS', 'wait until the change is over'],
  ['IMPORT_ROLLBACK_FAILED', 'finish or undo'],
])('never what is %s', async (status, next) => {
  const found = await refusal(status);
  expect(found?.what).toContain(`stack karmada-eks-f-vpc is ${status}`);
  expect(found?.next.join()).toContain(next);
});

it.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'])(
  'what is %s only while nothing is in it',
  async (status) => {
    expect(await refusal(status)).toBeUndefined();
    const { id: vpcId } = account.region(region).vpcs[0] ?? expect.unreachable('no VPC');
    const [subnet] = account.region(region).subnets;
    const description = 'Amazon EKS f-parent';
    const place = { subnetId: subnet?.id ?? '', vpcId, zone: `${region}a`, privateIp: '10.64.0.7' };
    account.region(region).networkInterfaces.push({ id: 'eni-0c', description, ...place });
    expect((await refusal(status))?.what).toContain('network interface eni-0c (Amazon EKS f-parent)');
  },
);

it('nothing that termination protection holds', async () => {
  stackOf(account).terminationProtection = true;
  expect((await refusal('ROLLBACK_COMPLETE'))?.what).toContain(
    'termination protection of stack karmada-eks-f-vpc is on',
  );
});
