/** A member of etcd that lost its volume comes back by `up`, with consent, and only while the others have quorum. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { findObject, listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import { etcdMembers } from '../../src/rehearsal/kube/controllers/etcd-members.js';
import type { ApiState, KubeObjectState } from '../../src/rehearsal/state.js';
import { passAll, upTo } from './cases.js';
import { cli } from './cli.js';
import { newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

const up = `${smallUp} --replace-etcd-member`;
let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
});

function parent(account: Account): ApiState {
  const found = account.state.apis[`eks/${region}/karmada-parent`];
  if (found === undefined) throw new Error('there is no parent');
  return found;
}

function claimOf(account: Account, member: string): KubeObjectState {
  const found = findObject(parent(account), 'persistentvolumeclaims', 'karmada-system', `etcd-data-${member}`);
  if (found === undefined) throw new Error(`${member} has no claim`);
  return found;
}

/** Somebody deletes the volume of a member in EC2. */
function loseVolume(account: Account, member: string): string {
  const name = (claimOf(account, member)['spec'] as { volumeName: string }).volumeName;
  const volume = findObject(parent(account), 'persistentvolumes', '', name)?.['spec'] as {
    csi: { volumeHandle: string };
  };
  const id = volume.csi.volumeHandle;
  const here = account.state.regions[region];
  if (here === undefined) throw new Error('there is no region');
  here.volumes = here.volumes.filter((each) => each.id !== id);
  return id;
}

function uidsOf(account: Account): Record<string, string> {
  const claims = listObjects(parent(account), 'persistentvolumeclaims', 'karmada-system');
  return Object.fromEntries(claims.map(({ metadata }) => [metadata.name, String(metadata.uid)]));
}

async function expectWhole(account: Account): Promise<void> {
  const member = { responds: true };
  expect(await readyStatus(account)).toMatchObject({
    controlPlane: { etcd: { hasQuorum: true, alarms: [], members: [member, member, member] } },
  });
  expect(
    etcdMembers(parent(account))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['etcd-0', 'etcd-1', 'etcd-2']);
}

describe('a member of etcd without its volume', () => {
  it('is told by status and doctor', async () => {
    const account = restore(made);
    loseVolume(account, 'etcd-1');
    await account.clock.sleep(5_000);
    const status = await cli(account, `status --region ${region}`);
    expect(status.code).not.toBe(0);
    expect(status.stdout).toContain(
      'etcd: etcd-1 does not respond (2 of 3 members respond): the loss of another member stops Karmada',
    );
    const doctor = await cli(account, `doctor --region ${region}`);
    expect(doctor.stdout).toContain('etcd-1 does not respond');
    expect(doctor.stdout).toContain(
      'if its volume is lost, replace it: karmada-eks up --fleet karmada --region us-west-2',
    );
  });

  it('is not replaced without consent', async () => {
    const account = restore(made);
    const id = loseVolume(account, 'etcd-1');
    await account.clock.sleep(5_000);
    const before = uidsOf(account);
    const refused = await cli(account, smallUp);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('this would replace etcd member etcd-1 in karmada-parent; nothing was changed');
    expect(refused.stderr).toContain('to agree, add --replace-etcd-member');
    expect(refused.stdout).toContain(`its volume ${id} no longer exists`);
    expect(uidsOf(account)).toEqual(before);
  });

  it('comes back with a new volume; the others keep theirs', async () => {
    const account = restore(made);
    loseVolume(account, 'etcd-1');
    await account.clock.sleep(5_000);
    const before = uidsOf(account);
    await succeed(account, up);
    await expectWhole(account);
    const after = uidsOf(account);
    expect(after['etcd-data-etcd-1']).not.toBe(before['etcd-data-etcd-1']);
    expect(after['etcd-data-etcd-0']).toBe(before['etcd-data-etcd-0']);
    expect(after['etcd-data-etcd-2']).toBe(before['etcd-data-etcd-2']);
    const again = await cli(account, up);
    expect(again.stdout).toContain('nothing to do');
  });

  it('is left alone when another is lost too: without quorum their data may be all there is', async () => {
    const account = restore(made);
    loseVolume(account, 'etcd-1');
    loseVolume(account, 'etcd-2');
    await account.clock.sleep(5_000);
    const before = uidsOf(account);
    const failed = await cli(account, up);
    expect(failed.code).not.toBe(0);
    expect(uidsOf(account)).toEqual(before);
    const status = await cli(account, `status --region ${region}`);
    expect(status.stdout).toContain(
      'etcd has no quorum (1 of 3 members respond): nothing can be written to the Karmada API',
    );
  });

  it('comes back wherever the run was killed', async () => {
    const account = restore(made);
    loseVolume(account, 'etcd-0');
    await account.clock.sleep(5_000);
    const lost = snapshot(account);
    const whole = await cli(restore(lost), up);
    await passAll('kill after command', 6, upTo(whole.commands.length), async (killAfterCommand) => {
      const killed = restore(lost);
      const ended = await cli(killed, up, { killAfterCommand });
      expect(ended.code).toBe('killed');
      // The member may join by itself meanwhile.
      await killed.clock.sleep(300_000);
      await succeed(killed, up);
      await expectWhole(killed);
    });
  });
});
