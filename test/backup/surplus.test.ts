/** Which backups `--keep` counts and deletes. */
import { expect, it } from 'vitest';
import { sumOf } from '../../src/backup/encryption/recipients.js';
import type { FoundBackup } from '../../src/backup/kept/backups.js';
import { surplus } from '../../src/backup/kept/surplus.js';
import { type Manifest, manifestSchema } from '../../src/backup/manifest.js';

const fleet = { name: 'demo', id: 'a1', region: 'us-west-2', account: '111122223333', parent: 'demo-parent' };
const now = Date.parse('2026-11-28T04:00:00Z');
const sha256 = '0'.repeat(64);

function manifest(madeAt: string): Manifest {
  return manifestSchema.parse({
    v: 1,
    madeAt,
    madeBy: '0.1.0',
    fleet,
    karmada: '1.18.2',
    etcd: { version: '3.6.6', revision: 7, sizeBytes: 9_000, sha256 },
    counts: { clusters: 2, policies: 0, templates: 0, works: 0 },
    files: { 'etcd.db': { sizeBytes: 9_000, sha256 }, 'fleet.json': { sizeBytes: 1_000, sha256 } },
  });
}

/** @param name the time in its name */
function plain(name: string, madeAt: string, sizeBytes = 20_000): FoundBackup {
  return { path: `/b/demo-${name}.tar`, sizeBytes, manifest: manifest(madeAt), sealed: undefined, why: undefined };
}

function sealed(name: string, madeAt: string, of = fleet): FoundBackup {
  const head = { recipients: [{ kind: 'age' }], label: { madeAt, fleet: of } } as const;
  return { path: `/b/demo-${name}.tar.age`, sizeBytes: 500, manifest: undefined, sealed: head, why: undefined };
}

const good = plain('20261128T030000Z', '2026-11-28T03:00:00.412Z');
const older = plain('20261127T030000Z', '2026-11-27T03:00:00.412Z');

function paths(found: readonly FoundBackup[], keep = 1): readonly string[] {
  return surplus(found, fleet, { keep, now }).map(({ path }) => path);
}

it('deletes those beyond the newest', () => {
  expect(paths([good, older])).toEqual([older.path]);
  expect(paths([good, older], 0)).toEqual([good.path, older.path]);
  expect(paths([good, older], 2)).toEqual([]);
});

it.each([
  ['is of the future', plain('20991128T030000Z', '2099-11-28T03:00:00Z')],
  ['is encrypted and of the future', sealed('20991128T030000Z', '2099-11-28T03:00:00Z')],
  ['is older than its name', plain('20261128T035900Z', '2026-11-28T03:50:00Z')],
  ['is much newer than its name', plain('20251128T030000Z', '2026-11-28T03:59:00Z')],
  ['is shorter than what it lists', plain('20261128T035900Z', '2026-11-28T03:59:00Z', 9_999)],
  ['has no time in its name', plain('20261328T030000Z', '2026-11-28T03:59:00Z')],
])('neither counts nor deletes one that %s', (_, strange) => {
  expect(paths([strange, good, older])).toEqual([older.path]);
  expect(paths([good, older, strange])).toEqual([older.path]);
});

it.each([{ region: 'eu-west-1' }, { parent: 'another' }])(
  'neither counts nor deletes one of a former parent: %j',
  (place) => {
    const newer = sealed('20261128T035900Z', '2026-11-28T03:59:00Z', { ...fleet, ...place });
    const oldest = sealed('20261120T030000Z', '2026-11-20T03:00:00Z', { ...fleet, ...place });
    expect(paths([newer, good, older, oldest])).toEqual([older.path]);
  },
);

it('takes one whose run waited for consent', () => {
  expect(paths([plain('20261128T030000Z', '2026-11-28T03:14:59Z'), older])).toEqual([older.path]);
});

it('keeps the newest one that others than the recipients of the new one can read', () => {
  const encryptTo = ['age1b', 'age1a'];
  const mine = (found: FoundBackup): FoundBackup =>
    found.sealed === undefined
      ? found
      : { ...found, sealed: { ...found.sealed, recipientsSum: sumOf(['age1a', 'age1b']) } };
  const own = mine(sealed('20261128T030000Z', '2026-11-28T03:00:00Z'));
  const ownOlder = mine(sealed('20261126T030000Z', '2026-11-26T03:00:00Z'));
  const others = sealed('20261125T030000Z', '2026-11-25T03:00:00Z');
  const deleted = (found: readonly FoundBackup[]): readonly FoundBackup[] =>
    surplus(found, fleet, { keep: 1, now, encryptTo });
  expect(deleted([own, ownOlder])).toEqual([ownOlder]);
  expect(deleted([own, older, ownOlder])).toEqual([ownOlder]);
  expect(deleted([own, others])).toEqual([]);
  expect(deleted([own, older, others])).toEqual([others]);
  expect(surplus([own, older, others], fleet, { keep: 0, now })).toEqual([own, older, others]);
});
