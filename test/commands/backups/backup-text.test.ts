/** What is told of a backup that is encrypted. */
import { expect, it } from 'vitest';
import type { SealedFor } from '../../../src/backup/encryption/head.js';
import type { Manifest } from '../../../src/backup/manifest.js';
import { unprovedText } from '../../../src/commands/backups/backup/backup-text.js';

const key = (region: string, id = '1'): SealedFor => ({
  kind: 'kms',
  keyArn: `arn:aws:kms:${region}:111122223333:key/${id}`,
});

it.each([
  ['one key of the parent’s region', [key('eu-west-1')], true],
  ['two of them', [key('eu-west-1'), key('eu-west-1', '2')], true],
  ['a key of another region, too', [key('eu-west-1'), key('us-east-1')], false],
  ['an age recipient, too', [key('eu-west-1'), { kind: 'age' }], false],
  ['a key that may have replicas', [key('eu-west-1', 'mrk-1')], false],
] as readonly (readonly [string, readonly SealedFor[], boolean])[])(
  'tells whether an outage of the parent’s region makes it useless, with %s',
  (_, recipients, isTold) => {
    const manifest = { fleet: { region: 'eu-west-1' } } as Manifest;
    const text = unprovedText({ path: '/b/x.tar.age', sizeBytes: 1, sha256: '0', manifest, recipients });
    expect(text?.includes('while eu-west-1 is down nobody can decrypt it')).toBe(isTold);
  },
);
