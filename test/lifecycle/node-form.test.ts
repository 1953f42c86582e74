/** What nodes are: asked for once, each cluster gets it, it is paid for, and told where what exists is other. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, region, succeed } from './fleet.js';

const members = '--member name=one --member name=two,volumeSize=300,amiFamily=Ubuntu2404,spot=false';
const place = `--region ${region} --vpc main`;
const form = '--volume-size 200 --ami-family Bottlerocket --instance-type m5.large,m6i.large --spot';
const asked = `${place} ${members} ${form}`;

function groupsOf(account: Account): readonly unknown[] {
  const clusters = Object.values(account.region(region).clusters);
  return clusters.map(({ name, nodeGroups }) => {
    const [group] = Object.values(nodeGroups);
    const types = [group?.instanceType, ...(group?.otherTypes ?? [])].join(' ');
    return [name, types, group?.spot, group?.amiFamily, group?.volumeGib];
  });
}

it('is planned and priced, the most that it may cost', async () => {
  const { stdout, stderr } = await succeed(newMachine(), `plan ${asked} --details`);
  expect(stdout).toMatch(/6 × node m5.large or m6i.large, at most/);
  expect(stdout).toMatch(/3 × node m5.large or m6i.large, Spot, at most/);
  expect(stdout).toMatch(/6 × node disk, 200 GiB gp3/);
  expect(stdout).toMatch(/3 × node disk, 300 GiB gp3/);
  expect(stdout).not.toContain('80 GiB');
  expect(stdout).toMatch(/cost +at most 1/);
  expect(stdout + stderr).toContain('Bottlerocket’s own disk');
  for (const line of [
    'karmada-parent: m5.large or m6i.large, Bottlerocket, disks of 200 GiB',
    'one: m5.large or m6i.large, Spot, Bottlerocket, disks of 200 GiB',
    'two: m5.large or m6i.large, Ubuntu2404, disks of 300 GiB',
  ])
    expect(stdout).toContain(`nodes of ${line}`);
});

it('is refused when no node could have it', async () => {
  const account = newMachine();
  const refused = await cli(account, `up ${place} --yes --volume-size 10 --ami-family WindowsServer2022CoreContainer`);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('--volume-size: expected at least 20 GiB'),
  ]);
  expect(refused.stderr).toContain(
    '--ami-family: expected AmazonLinux2023, Bottlerocket, BottlerocketFips or Ubuntu2404',
  );
  const mixed = await cli(account, `up ${place} --yes --instance-type m5.large,m7g.large`);
  expect(mixed.stderr).toContain('the instance types have different processors: m7g.large arm64, m5.large x86_64');
  expect(account.region(region).stacks).toEqual([]);
});

describe.runIf(triesMore)('a fleet that has it', () => {
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

  it('has it in each cluster: a member’s own, else the fleet’s, and never Spot in the parent', () => {
    expect(groupsOf(restore(formed))).toEqual([
      ['karmada-parent', 'm5.large m6i.large', false, 'Bottlerocket', 200],
      ['one', 'm5.large m6i.large', true, 'Bottlerocket', 200],
      ['two', 'm5.large m6i.large', false, 'Ubuntu2404', 300],
    ]);
  });

  it('has its cost of what is there', async () => {
    const account = restore(formed);
    const { stdout } = await succeed(account, `plan ${asked} --member name=dear,volumeSize=1000 --details`);
    expect(stdout).toMatch(/6 × node m5.large or m6i.large, Spot, at most/);
    expect(stdout).toMatch(/6 × node disk, 200 GiB gp3/);
    expect(stdout).toMatch(/3 × node disk, 1000 GiB gp3/);
    expect((await succeed(account, 'status')).stdout).toContain('what is there costs at most');
  });

  it('stays so without being asked for again, and members that come later get it', async () => {
    const account = restore(formed);
    const again = await succeed(account, `up ${place} --yes`);
    expect([again.stderr, changes(again)]).toEqual([expect.not.stringContaining('drift'), []]);
    await succeed(account, 'join --yes --member name=late');
    expect(groupsOf(account)).toContainEqual(['late', 'm5.large m6i.large', true, 'Bottlerocket', 200]);
  });

  it('is told where existing nodes are other, and replaces none', async () => {
    const account = restore(plain);
    const before = groupsOf(account);
    const { stderr } = await succeed(account, `up ${place} --yes --member name=one ${form}`);
    for (const cluster of ['karmada-parent', 'one']) {
      expect(stderr).toContain(`${cluster}: nodes are m5.large, m5.large, m6i.large requested; this is not changed`);
      expect(stderr).toContain(`${cluster}: nodes run AmazonLinux2023, Bottlerocket requested; this is not changed`);
      expect(stderr).toContain(`${cluster}: disks of nodes are 80 GiB, 200 GiB requested; this is not changed`);
    }
    expect(stderr).toContain('one: nodes are On-Demand Instances, Spot Instances requested; this is not changed');
    expect(stderr).not.toContain('karmada-parent: nodes are On-Demand');
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
});
