/** When a list of backups tells of which parent each is. */
import { expect, it } from 'vitest';
import type { FoundBackup } from '../../../src/backup/kept/backups.js';
import { parentTexts } from '../../../src/commands/backups/backup/backup-text.js';

function of(region: string, parent = 'hub'): FoundBackup {
  const fleet = { name: 'demo', id: 'a1', region, account: '111122223333', parent };
  const sealed = { recipients: [], label: { madeAt: '2026-11-28T03:00:00Z', fleet } };
  return { path: '/b', sizeBytes: 1, manifest: undefined, sealed, why: undefined };
}

const texts = (all: readonly FoundBackup[], region?: string): readonly string[] => all.map(parentTexts(all, region));

it('is told where there are several, or one that is not the fleet’s', () => {
  expect(texts([of('us-west-2'), of('us-west-2')], 'us-west-2')).toEqual(['', '']);
  expect(texts([of('us-west-2')])).toEqual(['']);
  expect(texts([of('eu-west-1'), of('us-west-2')])).toEqual([
    ', of parent hub in eu-west-1',
    ', of parent hub in us-west-2',
  ]);
  expect(texts([of('us-west-2')], 'eu-west-1')).toEqual([', of parent hub in us-west-2']);
  expect(texts([of('us-west-2'), of('us-west-2', 'spoke')])[1]).toBe(', of parent spoke in us-west-2');
});
