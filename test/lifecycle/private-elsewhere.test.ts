/** What is asked and told about private endpoints on machines that do not reach them. */
import { expect, it } from 'vitest';
import { putIntoVpc } from '../../src/rehearsal/account/machines.js';
import type { Account } from '../../src/rehearsal/account.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, kubeconfigPath, newMachine, otherRegion, region, smallUp, succeed } from './fleet.js';
import { elsewhere, loseParent } from './recovered.js';
import { backedUp } from './restored.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const host = 'rehearsal';
const up = `${smallUp} --private-endpoints`;

/** On a machine in the VPC. */
function inside(): Account {
  const account = newMachine();
  const vpc = account.region(region).vpcs[0] ?? expect.unreachable('no VPC');
  putIntoVpc(account, host, region, vpc);
  return account;
}

function leave(account: Account): void {
  account.state.machines = {};
}

/** The policy without the fleet's id, which differs from plan to plan. */
async function policy(account: Account, words = up): Promise<string> {
  const { stdout } = await succeed(account, `${words.replace('up', 'plan').replace(' --yes', '')} --iam-policy`);
  return stdout.replaceAll(/\b[0-9a-f]{12}\b(?<!\d{12})/g, 'ID');
}

it('the policy is the same wherever it is printed', async () => {
  expect(await policy(newMachine())).toBe(await policy(inside()));
  expect(await policy(newMachine(), `${smallUp} --allow 10.0.0.0/8`)).toBe(await policy(newMachine(), smallUp));
});

it('a member whose endpoint does not answer from here is named as that by demo, and its kubeconfig is given', async () => {
  const account = fleet();
  const two = account.region(region).clusters['two'] ?? expect.unreachable('no cluster two');
  two.privateOnly = true;
  const demo = await cli(account, 'demo');
  expect([demo.code, changes(demo)]).toEqual([4, []]);
  expect(demo.stderr).toContain('EKS cluster two in us-west-2 does not respond to this machine');
  expect(demo.stderr).toContain('run the command on a machine in its VPC');
  const given = await cli(account, 'kubeconfig');
  expect(given.code).toBe(8);
  expect(given.stderr).toMatch(/warning: two: EKS cluster two .* does not respond .*: its API endpoint is private/);
  const merged = await cli(account, 'kubeconfig --merge');
  expect(merged.code).toBe(8);
  expect(account.state.files[kubeconfigPath]).toContain('two');
});

it.runIf(triesMore)(
  'the policy for a fleet that is there is printed from outside, with what may have to be done in it',
  async () => {
    const account = inside();
    await succeed(account, up);
    leave(account);
    expect(await policy(account)).toContain('eks:');
  },
);

it.runIf(triesMore)(
  'recover refuses a new parent that a private push member would not admit, before it is made',
  async () => {
    const account = await loseParent(await backedUp(fleet()));
    const [here, there] = [account.region(region), account.region(otherRegion)];
    const [own, other] = [here.vpcs[0] ?? expect.unreachable(), there.vpcs[0] ?? expect.unreachable()];
    other.cidr = '10.1.0.0/16';
    for (const subnet of there.subnets) subnet.cidr = subnet.cidr.replace('10.0.', '10.1.');
    for (const { routes } of there.routeTables)
      for (const each of routes) each.destination = each.destination.replace('10.0.0.0', '10.1.0.0');
    putIntoVpc(account, host, region, own);
    const one = here.clusters['one'] ?? expect.unreachable();
    Object.assign(one, { privateOnly: true, privateAccessCidrs: ['10.0.0.0/16'] });
    const refused = async (): Promise<string> => {
      const ended = await cli(account, elsewhere);
      expect([ended.code, changes(ended)]).toEqual([3, []]);
      return ended.stderr;
    };
    expect(await refused()).toContain(
      '✖ Karmada cannot reach EKS cluster one in us-west-2: its endpoint is private in VPC',
    );
    const target = 'tgw-0a1b2c3d4e5f60718';
    for (const { routes } of here.routeTables) routes.push({ destination: '10.1.0.0/16', target, state: 'active' });
    for (const { routes } of there.routeTables) routes.push({ destination: '10.0.0.0/16', target, state: 'active' });
    expect(await refused()).toMatch(
      /authorize-security-group-ingress --region us-west-2 .* --port 443 --cidr 10\.1\.0\.0\/16$/m,
    );
  },
);
