/** Logs of new control planes, which CloudWatch charges for: none unless asked for, told in the plan, and found after `down`. */
import { expect, it } from 'vitest';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, readyStatus, region, succeed } from './fleet.js';

const up = `up --region ${region} --vpc main --yes --member name=one`;
const logs = ' --control-plane-log audit --control-plane-log api';
const note = 'control-plane logs are not included: CloudWatch charges per GB';

it('are sent by new clusters, at a price that the plan mentions, and are a leftover after down', async () => {
  const account = newMachine();
  const plan = await succeed(account, `${up.replace('up', 'plan').replace(' --yes', '')}${logs} --details --commands`);
  expect(plan.stderr).toContain(note);
  expect(plan.stdout).toContain('not included: tax, traffic, NAT gateways, control-plane logs;');
  expect(plan.stdout.match(/"enableTypes":\["audit","api"\]/g)).toHaveLength(2);
  await succeed(account, `${up}${logs}`);
  const groups = () => account.region(region).logGroups.map(({ name }) => name);
  expect(groups()).toEqual(['/aws/eks/karmada-parent/cluster', '/aws/eks/one/cluster']);
  expect((await succeed(account, `${up}${logs}`)).stderr).not.toContain('drift');
  // What the fleet was made with holds for members that come later.
  await succeed(account, 'join --yes --member name=late');
  expect(groups()).toContain('/aws/eks/late/cluster');
  await readyStatus(account);
  const gone = await cli(account, down);
  expect(gone.stdout + gone.stderr).toContain('/aws/eks/one/cluster');
  await succeed(account, `${down} --remove-leftovers`);
  expect(groups()).toEqual([]);
});

it.runIf(triesMore)('are none by default, and not switched on in clusters that are there', async () => {
  const account = newMachine();
  const made = await succeed(account, up);
  expect(made.stderr).not.toContain(note);
  const again = await succeed(account, `${up}${logs}`);
  expect(changes(again).filter((key) => key.startsWith('exec eksctl'))).toEqual([]);
  expect(again.stderr).toContain(
    'drift: one: control-plane logs none, audit, api requested; this is not changed in an existing cluster',
  );
  expect(account.region(region).logGroups).toEqual([]);
});

it('are refused by a name that EKS does not know', async () => {
  const refused = await cli(newMachine(), `${up} --control-plane-log audits`);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining(
      '--control-plane-log: expected api, audit, authenticator, controllerManager, scheduler or all (got "audits")',
    ),
  ]);
});
