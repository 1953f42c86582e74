/** Volumes that users of the fleet's clusters have data in: `down` neither waits for them nor deletes them with what is left. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { said } from '../cli/said.js';
import { cli } from './cli.js';
import { down, fleetId, region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { useVolume, volumeIds } from './users-volumes.js';

const fleet = smallFleet();
const remove = `${down} --remove-leftovers`;

/** Ids differ from run to run. */
function shown(text: string, ...ids: readonly string[]): string {
  return ids.reduce((left, id, index) => left.replaceAll(id, `vol-${index + 1}`.padEnd(id.length, '_')), text);
}

it('carry no tag of the fleet, and are there after the removal of leftovers, with what to do', async () => {
  const account = fleet();
  const id = await useVolume(account);
  const volume = account.region(region).volumes.find((each) => each.id === id);
  expect(Object.keys(volume?.tags ?? {}).filter((key) => key.startsWith('karmada-eks'))).toEqual([]);
  const ended = await cli(account, remove);
  expect(shown(ended.stdout, id).split('\n').slice(-4).join('\n')).toMatchInlineSnapshot(`
    "WHAT       NAME                    REGION      USD/HOUR   USD/MONTH   STATE                     WHOSE
    volume     vol-1________________   us-west-2   0.0110     8.00        100 GiB, gp3, available   users’ data: claim default/data-postgres-0
    together                                       0.0110     8.00
    "
  `);
  expect(shown(said(ended), id)).toMatchInlineSnapshot(`
    "✖ 1 volume with users’ data stays of fleet karmada: 8.00 USD in a month of 730 hours
      why:  vol-1________________ is users’ data: claim default/data-postgres-0
      next: delete it by hand: aws ec2 delete-volume --region us-west-2 --volume-id vol-1________________
      code: leftovers
    exit 5"
  `);
  expect(ended.code).toBe(5);
  expect(volumeIds(account)).toEqual([id]);
  // Not in a later run either.
  expect((await cli(account, remove)).code).toBe(5);
  expect(volumeIds(account)).toEqual([id]);
});

it('are users’ data too where an older fleet’s StorageClass gave them its tag', async () => {
  const account = fleet();
  const id = await useVolume(account, { namespace: 'shop', policy: 'Retain' });
  const volume = account.region(region).volumes.find((each) => each.id === id);
  if (volume !== undefined) volume.tags['karmada-eks/fleet'] = fleetId(account);
  expect((await cli(account, remove)).code).toBe(5);
  expect(volumeIds(account)).toEqual([id]);
});

it('are not waited for, whatever tags they have', async () => {
  const account = fleet();
  const id = await useVolume(account);
  const volume = account.region(region).volumes.find((each) => each.id === id);
  if (volume !== undefined) volume.tags['karmada-eks/fleet'] = fleetId(account);
  const ended = await cli(account, down);
  expect(ended.events.flatMap((event) => (event.type === 'step-failed' ? [event.problem.message] : []))).toEqual([]);
  expect(volumeIds(account)).toEqual([id]);
});

it('of a StorageClass that an older version made are made without the tag after the next up', async () => {
  const account = fleet();
  const api = account.state.apis[`eks/${region}/karmada-parent`];
  const old = api?.objects['storageclasses//ebs-sc'];
  if (old === undefined) throw new TypeError('no StorageClass');
  const parameters = old['parameters'] as Record<string, string>;
  old['parameters'] = { ...parameters, tagSpecification_1: `karmada-eks/fleet=${fleetId(account)}` };
  const before = await useVolume(account);
  const planned = await cli(account, 'plan');
  expect(planned.stdout).toContain('StorageClass ebs-sc without the fleet’s tag for the volumes of all who use it');
  await succeed(account, 'up --yes');
  const after = await useVolume(account, { namespace: 'shop' });
  const tags = [before, after].map((id) => account.region(region).volumes.find((each) => each.id === id)?.tags ?? {});
  expect(tags.map((each) => each['karmada-eks/fleet'])).toEqual([fleetId(account), undefined]);
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

it('of somebody else’s StorageClass of the name keep the tags that it gives them', async () => {
  const account = fleet();
  const found = account.state.apis[`eks/${region}/karmada-parent`]?.objects['storageclasses//ebs-sc'];
  if (found === undefined) throw new TypeError('no StorageClass');
  found.metadata.labels = {};
  found['parameters'] = { type: 'gp3', tagSpecification_1: `karmada-eks/fleet=${fleetId(account)}` };
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

/** The volumes that are there when Karmada counts as removed. */
async function atTheEnd(begin: () => Promise<Account>): Promise<readonly string[]> {
  const { events } = await cli(await begin(), down);
  const at = events.findIndex(
    (event) => ['step-done', 'step-ready'].includes(event.type) && 'id' in event && event.id === 'undo/init-karmada',
  );
  const account = await begin();
  expect((await cli(account, down, { killAt: at + 1 })).code).toBe('killed');
  return account.region(region).volumes.flatMap(({ id, tags }) => (tags['CSIVolumeName'] === undefined ? [] : [id]));
}

it('of etcd are waited for, also by a run that goes on after one that was killed', async () => {
  expect(await atTheEnd(async () => fleet())).toEqual([]);
  const { commands } = await cli(fleet(), down);
  const claims = commands.findIndex(({ key }) => key.includes('delete persistentvolumeclaims'));
  expect(claims).toBeGreaterThan(0);
  const killed = async (): Promise<Account> => {
    const account = fleet();
    expect((await cli(account, down, { killAfterCommand: claims + 1 })).code).toBe('killed');
    return account;
  };
  expect(volumeIds(await killed()).length).toBeGreaterThan(9);
  expect(await atTheEnd(killed)).toEqual([]);
});

it('of etcd that are retained are not waited for', async () => {
  const account = fleet();
  const objects = Object.values(account.state.apis[`eks/${region}/karmada-parent`]?.objects ?? {});
  for (const object of objects) {
    if (object.kind !== 'PersistentVolume') continue;
    object['spec'] = { ...(object['spec'] as object), persistentVolumeReclaimPolicy: 'Retain' };
  }
  const ended = await cli(account, down);
  expect(ended.code).toBe(5);
  expect(volumeIds(account)).toHaveLength(3);
});
