/** What nodes are besides their type: asked for once, each cluster gets it, it is paid for, and told where what exists is other. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { cli } from './cli.js';
import { changes, down, newMachine, region, succeed } from './fleet.js';

const members = '--member name=one --member name=two,volumeSize=300,amiFamily=Ubuntu2404';
const place = `--region ${region} --vpc main`;
const asked = `${place} ${members} --volume-size 200 --ami-family Bottlerocket`;

let plain: string;
let formed: string;
beforeAll(async () => {
  const account = newMachine();
  await succeed(account, `up ${asked} --yes`);
  formed = snapshot(account);
  const other = newMachine();
  await succeed(other, `up ${place} --member name=one --yes`);
  plain = snapshot(other);
});

function groupsOf(account: Account): unknown {
  const clusters = Object.values(account.region(region).clusters);
  return clusters.map(({ name, nodeGroups }) => {
    const [group] = Object.values(nodeGroups);
    return [name, group?.amiFamily, group?.volumeGib];
  });
}

it('is what each cluster gets: a member’s own, else the fleet’s', () => {
  expect(groupsOf(restore(formed))).toEqual([
    ['karmada-parent', 'Bottlerocket', 200],
    ['one', 'Bottlerocket', 200],
    ['two', 'Ubuntu2404', 300],
  ]);
});

it('is planned and priced, before there is anything and once there is', async () => {
  for (const account of [newMachine(), restore(formed)]) {
    const { stdout, stderr } = await succeed(account, `plan ${asked} --member name=dear,volumeSize=1000 --details`);
    expect(stdout).toMatch(/3 × node disk, 1000 GiB gp3/);
    expect(stdout).toMatch(/6 × node disk, 200 GiB gp3/);
    expect(stdout).toMatch(/3 × node disk, 300 GiB gp3/);
    expect(stdout).not.toContain('80 GiB');
    expect(stdout + stderr).toContain('the second disk of nodes with Bottlerocket');
  }
  const { stdout } = await succeed(newMachine(), `plan ${asked}`);
  expect(stdout).toContain('nodes of karmada-parent, one: m5.large, Bottlerocket, disks of 200 GiB');
  expect(stdout).toContain('nodes of two: m5.large, Ubuntu2404, disks of 300 GiB');
});

it('stays without being asked for again, and members that come later get it', async () => {
  const account = restore(formed);
  const again = await succeed(account, `up ${place} --yes`);
  expect([again.stderr, changes(again)]).toEqual([expect.not.stringContaining('drift'), []]);
  await succeed(account, 'join --yes --member name=late');
  expect(groupsOf(account)).toContainEqual(['late', 'Bottlerocket', 200]);
});

it('is told where existing nodes are other, and replaces none', async () => {
  const account = restore(plain);
  const before = groupsOf(account);
  const { stderr } = await succeed(
    account,
    `up ${place} --yes --member name=one --volume-size 200 --ami-family Bottlerocket`,
  );
  for (const cluster of ['karmada-parent', 'one']) {
    expect(stderr).toContain(`${cluster}: nodes run AmazonLinux2023, Bottlerocket requested; this is not changed`);
    expect(stderr).toContain(`${cluster}: disks of nodes are 80 GiB, 200 GiB requested; this is not changed`);
  }
  expect(groupsOf(account)).toEqual(before);
  const { stdout } = await succeed(account, `plan ${place} ${members} --details`);
  expect(stdout).toMatch(/6 × node disk, 80 GiB gp3/);
  expect(stdout).toMatch(/3 × node disk, 300 GiB gp3/);
});

it('leaves nothing behind', async () => {
  const account = restore(formed);
  await succeed(account, down);
  expect(account.region(region).volumes).toEqual([]);
});

it('is refused when no node could have it', async () => {
  const account = newMachine();
  const refused = await cli(account, `up ${place} --yes --volume-size 10`);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('--volume-size: expected at least 20 GiB'),
  ]);
  const windows = await cli(account, `up ${place} --yes --ami-family WindowsServer2022CoreContainer`);
  expect(windows.stderr).toContain(
    '--ami-family: expected AmazonLinux2023, Bottlerocket, BottlerocketFips or Ubuntu2404',
  );
  expect(account.region(region).stacks).toEqual([]);
});
