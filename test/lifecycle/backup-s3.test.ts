/** Backups in S3: whole or not there, refused before anything is changed, and nobody else's objects are deleted. */
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import type { BucketState } from '../../src/rehearsal/state.js';
import { resourceIds } from '../rehearsal/resources.js';
import { passAll, triesMore, upTo } from './cases.js';
import { cli, type RunOptions } from './cli.js';
import { down, fleetFolder, fleetId, newMachine, otherRegion, readyStatus, region, succeed } from './fleet.js';
import { loseParent } from './recovered.js';
import { backedUp, inMembers, movedOn, settled } from './restored.js';
import { smallFleet } from './small-fleet.js';

const fleet = smallFleet();
const to = 's3://safe/karmada/';
const key = /^karmada\/karmada-2026\d{4}T\d{6}Z\.tar$/;

/** A bucket in another region than the parent's. */
function withBucket(account: Account, more: { readonly denies?: string[]; readonly owner?: string } = {}): BucketState {
  return addBucket(account.state, 'safe', { region: otherRegion, ...more });
}

function keysOf({ state }: Account): readonly string[] {
  return Object.keys(state.buckets?.['safe']?.objects ?? {}).sort();
}

/** What a backup for S3 is put together from. */
function onDisk({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => path.startsWith(`${fleetFolder}/backups/`));
}

async function refused(account: Account, words: string, options?: RunOptions): Promise<string> {
  const before = { buckets: JSON.stringify(account.state.buckets), ids: resourceIds(account) };
  const { code, stderr } = await cli(account, words, options);
  expect(code).toBeGreaterThan(0);
  expect({ buckets: JSON.stringify(account.state.buckets), ids: resourceIds(account) }).toEqual(before);
  expect(onDisk(account)).toEqual([]);
  return stderr;
}

it('is an object named by fleet and time, listed by its beginning, verified and restored; nothing of it stays here', async () => {
  const account = fleet();
  const bucket = withBucket(account);
  await backedUp(account);
  const { stdout, stderr, calls } = await succeed(account, `backup --to ${to}`);
  const [found = '', ...others] = keysOf(account);
  expect(others).toEqual([]);
  expect(found).toMatch(key);
  const address = `s3://safe/${found}`;
  expect(stdout).toContain(`backup of Karmada 1.18.2: ${address} (`);
  expect(stderr).not.toContain('uploaded');
  expect(onDisk(account)).toEqual([]);
  // Nothing but the bucket's region is asked for where it is not.
  const asked = calls.map((each) => each.key).filter((each) => each.startsWith('aws s3:'));
  expect(asked.filter((each) => each.endsWith(region)).every((each) => each.includes('GetBucketLocation'))).toBe(true);

  const listed = await succeed(account, `backup list ${to} -o json`);
  expect(JSON.parse(listed.stdout)).toMatchObject([{ path: address, manifest: { v: 1, fleet: { name: 'karmada' } } }]);
  expect(listed.calls.filter((each) => each.key.startsWith('aws s3:GetObject'))).toHaveLength(1);
  const verified = await succeed(account, `backup verify ${address}`);
  expect(verified.stdout).toContain(`${address} matches its checksums: fleet karmada in us-west-2`);

  const before = inMembers(await movedOn(account));
  const restored = await succeed(account, `restore ${address} --yes --confirm karmada --backup-to ${to}before`);
  expect(restored.stderr).toMatch(/what was there before is backed up in s3:\/\/safe\/karmada\/before\/karmada-/);
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
  expect(Object.values(bucket.objects)).toHaveLength(2);
});

it('tells of what is no backup, and of one that is altered', async () => {
  const account = fleet();
  const bucket = withBucket(account);
  await succeed(account, `backup --to ${to}`);
  const [found = ''] = keysOf(account);
  const object = bucket.objects[found] ?? expect.unreachable('no object');
  bucket.objects['karmada/cat.tar'] = { ...object, bytes: 'a picture of a cat' };
  bucket.objects['karmada/empty.tar'] = { ...object, bytes: '' };
  bucket.objects['karmada/notes.txt'] = { ...object, bytes: 'mine' };
  const { stdout } = await succeed(account, `backup list ${to}`);
  expect(stdout).toMatch(/^s3:\/\/safe\/karmada\/cat\.tar .*cannot be used: it is not a backup/m);
  expect(stdout).not.toContain('notes.txt');
  expect(await refused(account, 'backup verify s3://safe/karmada/empty.tar')).toContain('it is empty');
  const none = await refused(account, 'backup verify s3://safe/karmada/none.tar');
  expect(none).toContain('s3://safe/karmada/none.tar cannot be used\n');
  expect(none).toContain('there is no such object');
  expect(none).toContain('karmada-eks backup list s3://safe/karmada');
  object.bytes = object.bytes.replace('"syncMode":"Push"', '"syncMode":"Pull"');
  expect(await refused(account, `backup verify s3://safe/${found}`)).toContain('etcd.db has another SHA-256');
  expect(await refused(account, `restore s3://safe/${found} --yes --confirm karmada`)).toContain('backup-unreadable');
});

it.each([
  ['no such bucket', `backup --to s3://nobodys/x`, {}, 'there is no bucket nobodys'],
  ['no such bucket, before a fleet is deleted', `${down} --backup-to s3://nobodys/x`, {}, 'add --no-backup'],
  ['another store', 'backup --to gs://safe/x', {}, '--to: expected s3://BUCKET/PREFIX, got gs://safe/x'],
  ['a name that is none', 'backup --to s3://Safe/x', {}, '--to: expected s3://BUCKET/PREFIX'],
  ['a file instead of a prefix', 'backup --to s3://safe/x.tar', {}, 'name the prefix alone'],
  ['a prefix instead of an object', 'backup verify s3://safe/karmada/', {}, 'expected a file or s3://BUCKET/KEY'],
  ['who may not write', `backup --to ${to}`, { denies: ['s3:PutObject'] }, 'AccessDenied: Access Denied'],
  ['who may not write, before a fleet is deleted', `${down} --backup-to ${to}`, { denies: ['s3:PutObject'] }, 'denied'],
  ['who may not list', `backup --to ${to} --keep 1 --yes`, { denies: ['s3:ListBucket'] }, 'AccessDenied'],
  ['a bucket of a stranger', `backup --to ${to}`, { owner: '999999999999' }, 's3://ACCOUNT@safe/…'],
  [
    'a bucket of a stranger, before a fleet is deleted',
    `${down} --backup-to ${to}`,
    { owner: '999999999999' },
    's3://ACCOUNT@safe/…',
  ],
] as readonly (readonly [string, string, { denies?: string[]; owner?: string }, string])[])(
  'refuses %s, and changes nothing',
  async (_, words, more, shown) => {
    const account = fleet();
    withBucket(account, more);
    expect(await refused(account, words)).toContain(shown);
  },
);

it('stays where who wrote it may not read it back, and is told not to be verified', async () => {
  const account = fleet();
  const bucket = withBucket(account, { denies: ['s3:GetObject'] });
  const { code, stderr } = await cli(account, `backup --to ${to}`);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain('was not verified, and is not deleted');
  bucket.denies = [];
  await succeed(account, `backup verify s3://safe/${keysOf(account)[0]}`);
});

it('keeps so many backups of this very fleet, and deletes nothing else under the prefix', async () => {
  const account = fleet();
  const bucket = withBucket(account);
  await succeed(account, `backup --to ${to}`);
  const [oldest = ''] = keysOf(account);
  const object = bucket.objects[oldest] ?? expect.unreachable('no object');
  // Of a fleet of the same name: made anew, or in another account.
  const foreign = object.bytes.replaceAll(fleetId(account), '0'.repeat(fleetId(account).length));
  const others = {
    'karmada/karmada-20250101T000000Z.tar': { ...object, bytes: foreign },
    'karmada/karmada-20250102T000000Z.tar': { ...object, bytes: 'no backup' },
    'karmada/karmada-before-migration.tar': object,
    'karmada/old/karmada-20250103T000000Z.tar': object,
    'karmada-20250104T000000Z.tar': object,
  };
  Object.assign(bucket.objects, others);
  await account.clock.sleep(60_000);
  await succeed(account, `backup --to ${to}`);
  await account.clock.sleep(60_000);
  expect((await cli(account, `backup --to ${to} --keep 2`)).stderr).toContain('--yes');
  expect(bucket.objects[oldest]).toBeDefined();
  const { stdout } = await succeed(account, `backup --to ${to} --keep 2 --yes`);
  expect(stdout).toMatch(
    new RegExp(`^TO BE DELETED AFTER THE BACKUP\n.*\ns3://safe/${oldest} +2026-\\S+ +\\d+ KiB$`, 'm'),
  );
  expect(stdout.match(/deleted older backup/g)).toHaveLength(1);
  expect(bucket.objects[oldest]).toBeUndefined();
  expect(bucket.objects).toMatchObject(others);
  expect(keysOf(account)).toHaveLength(Object.keys(others).length + 2);
});

it('is encrypted for whoever is to read it, and counted and read all the same', async () => {
  const account = fleet();
  const bucket = withBucket(account);
  const identity = await generateIdentity();
  account.state.files['/home/you/id.txt'] = `${identity}\n`;
  const encrypted = `backup --to ${to} --encrypt-to ${await identityToRecipient(identity)}`;
  await succeed(account, encrypted);
  const [oldest = ''] = keysOf(account);
  expect(oldest).toMatch(/^karmada\/karmada-\w+\.tar\.age$/);
  expect(bucket.objects[oldest]?.bytes).not.toContain('karmada-cert');
  await account.clock.sleep(60_000);
  await succeed(account, `${encrypted} --keep 1 --yes`);
  const [found = '', ...others] = keysOf(account);
  expect([others, bucket.objects[oldest]]).toEqual([[], undefined]);
  const listed = await succeed(account, `backup list ${to}`);
  expect(listed.stdout).toMatch(/^s3:\/\/safe\/karmada\/karmada-\w+\.tar\.age +2026-.* encrypted for /m);
  expect(listed.calls.filter((each) => each.key.startsWith('aws s3:GetObject')).length).toBeLessThanOrEqual(2);
  expect(await refused(account, `backup verify s3://safe/${found}`)).toContain('backup-encrypted');
  await succeed(account, `backup verify s3://safe/${found} --identity /home/you/id.txt`);
});

it('is kept in a bucket of another account that its address names', async () => {
  const account = fleet();
  withBucket(account, { owner: '999999999999' });
  const theirs = 's3://999999999999@safe/karmada';
  const { stdout } = await succeed(account, `backup --to ${theirs} --keep 1 --yes`);
  const address = `s3://999999999999@safe/${keysOf(account)[0]}`;
  expect(stdout).toContain(`backup of Karmada 1.18.2: ${address} (`);
  expect((await succeed(account, `backup list ${theirs}`)).stdout).toContain(`${address} `);
  await succeed(account, `backup verify ${address}`);
});

it('survives the fleet, and the machine', async () => {
  const account = fleet();
  withBucket(account);
  const { stdout } = await succeed(account, `${down} --backup-to ${to}`);
  const [found = ''] = keysOf(account);
  expect(stdout.trimEnd().split('\n').at(-1)).toContain(`backup of Karmada 1.18.2: s3://safe/${found} (`);
  const elsewhere = newMachine();
  elsewhere.state.buckets = account.state.buckets ?? {};
  expect((await succeed(elsewhere, `backup list ${to}`)).stdout).toContain(`s3://safe/${found}`);
  await succeed(elsewhere, `backup verify s3://safe/${found}`);
});

it.runIf(triesMore)('gives a fleet whose parent is gone a new one', async () => {
  const account = fleet();
  withBucket(account);
  await backedUp(account);
  await succeed(account, `backup --to ${to}`);
  await loseParent(account);
  const before = inMembers(account);
  const { stderr } = await succeed(account, `recover s3://safe/${keysOf(account)[0]} --yes`);
  expect(stderr).toContain('the former parent karmada-parent in us-west-2 is gone');
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
});

/** Of a size at which it is uploaded in parts. */
function grown(account: Account): string {
  const api = account.state.apis['karmada/us-west-2/karmada-parent'] ?? expect.unreachable('no Karmada');
  const data = { text: 'x'.repeat(1_000_000) };
  for (let index = 0; index < 9; index += 1) {
    const metadata = {
      name: `big-${index}`,
      namespace: 'default',
      uid: `uid-${index}`,
      creationTimestamp: '2026-11-22T12:00:00Z',
    };
    api.objects[`configmaps/default/big-${index}`] = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
  }
  withBucket(account);
  return snapshot(account);
}

it('leaves nothing behind when it is refused halfway', async () => {
  const account = restore(grown(fleet()));
  const fault = { call: 'aws s3:UploadPart *', kind: 'fail', code: 'AccessDenied', skip: 1 } as const;
  expect(await refused(account, `backup --to ${to}`, { faults: [fault] })).toContain('access-denied');
});

it.runIf(triesMore)(
  'leaves what the next backup ends and deletes when it is killed',
  { timeout: 900_000 },
  async () => {
    const whole = grown(fleet());
    const { calls, events } = await succeed(restore(whole), `backup --to ${to}`);
    const asked = calls.map((each) => each.key).filter((each) => each.startsWith('aws s3:'));
    const names = asked.map((each) => /:(\w+)/.exec(each)?.[1]);
    const parts = ['CreateMultipartUpload', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload', 'HeadObject'];
    expect(names.slice(names.indexOf('CreateMultipartUpload'))).toEqual(parts);
    // While a call hangs, all before it have come to their end.
    const hanging = names.flatMap((name, index) => (name === 'GetBucketLocation' ? [] : index));
    const cases: readonly RunOptions[] = [
      ...hanging.map((skip) => ({ faults: [{ call: 'aws s3:*', kind: 'hang', skip } as const], killAfterMs: 120_000 })),
      ...upTo(events.length).map((killAt) => ({ killAt })),
    ];
    await passAll('backup to S3 killed', parts.length + events.length, cases, async (kill) => {
      const account = restore(whole);
      const died = await cli(account, `backup --to ${to}`, kill);
      expect(died.code).toBe('killed');
      await account.clock.sleep(60_000);
      for (const path of onDisk(account)) expect(path).toMatch(/\.part$/);
      const bucket = account.state.buckets?.['safe'] ?? expect.unreachable('no bucket');
      // Somebody else's upload is left to them.
      bucket.uploads['upload-of-others'] = { key: 'karmada/karmada-20261128T000000Z.tar', parts: {} };
      await succeed(account, `backup --to ${to}`);
      expect(onDisk(account)).toEqual([]);
      expect(Object.keys(bucket.uploads)).toEqual(['upload-of-others']);
      for (const each of keysOf(account)) await succeed(account, `backup verify s3://safe/${each}`);
    });
  },
);
