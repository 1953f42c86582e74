/** Backups in a folder: one that cannot be read, or has an odd name, does not hide the others. */
import { expect, it } from 'vitest';
import { backupFiles } from '../../src/backup/backup-files.js';
import { backupsIn } from '../../src/backup/kept/backups.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const long = `karmada/${'x'.repeat(1000)}.tar`;

it('keep the note of an upload that found its name taken and could not be ended', async () => {
  const account = newAccount();
  const bucket = addBucket(account.state, 'safe', { region: 'eu-west-1', denies: ['s3:AbortMultipartUpload'] });
  const taken = { bytes: 'theirs', changedAt: 1, encryption: 'AES256', sha256: 's' };
  bucket.objects = { 'a.tar': taken };
  const { world } = connect(account);
  account.state.files['/b/a.tar.part'] = 'x'.repeat(9 * 1024 * 1024);
  const files = backupFiles(world, 'us-west-2');
  const call = { signal: new AbortController().signal };
  expect(await files.place('/b/a.tar.part', 's3://safe/a.tar', call)).toBe(false);
  expect(Object.keys(bucket.uploads)).toHaveLength(1);
  expect(account.state.files['/b/a.tar.upload.part']).toContain(Object.keys(bucket.uploads)[0]);
  expect(bucket.objects).toEqual({ 'a.tar': taken });
});

it('are listed with those that are refused, and those with names that nobody would type', async () => {
  const account = newAccount();
  const bucket = addBucket(account.state, 'safe', { region: 'eu-west-1' });
  const object = { bytes: 'a picture', changedAt: 1, encryption: 'AES256', sha256: 's' };
  const keys = ['karmada/a.tar', 'karmada/b\nc.tar', 'karmada/d.tar', long];
  bucket.objects = Object.fromEntries(keys.map((key) => [key, object]));
  const { world } = connect(account, {
    faults: [{ call: 'aws s3:HeadObject *', kind: 'fail', code: 'AccessDenied' }],
  });
  const found = await backupsIn(backupFiles(world, 'us-west-2'), 's3://safe/karmada');
  expect(found.map(({ path }) => path)).toEqual(keys.map((key) => `s3://safe/${key}`));
  expect(found.map(({ sizeBytes }) => sizeBytes)).toEqual([0, 9, 9, 9]);
  expect(found.map(({ why }) => why)).toEqual([
    expect.stringContaining('AccessDenied'),
    ...[1, 2, 3].map(() => expect.stringContaining('it is not a backup')),
  ]);
});
