/** When somebody should look at scheduled backups. */
import { expect, it } from 'vitest';
import { type BackupSchedule, scheduleTrouble } from '../../src/state/backup-schedule.js';

const hour = 3_600_000;
const madeAt = Date.UTC(2026, 10, 1, 12);
const day = 24 * hour;
/** The second time after it was made, and what a backup may take. */
const second = Date.UTC(2026, 10, 3, 3) + hour;

function schedule(more: Partial<BackupSchedule> = {}): BackupSchedule {
  const note = {
    schedule: '0 3 * * *',
    to: 's3://safe/karmada',
    encryptTo: ['age1'],
    image: 'node',
    pullsWithSecret: false,
    madeBy: '0.1.0',
    program: 'p',
    secrets: [],
  };
  const times = { schedule: note.schedule, isGone: false, nextAt: undefined };
  return { note, madeAt, ...times, succeededAt: undefined, failed: undefined, isSuspended: false, ...more };
}

it.each<[string, Partial<BackupSchedule>, number, string | undefined]>([
  ['one was due', {}, second - 1, undefined],
  ['two were due', {}, second, 'scheduled backups are failing'],
  ['the last success is young', { succeededAt: second - hour }, second, undefined],
  [
    'two were due since the last success',
    { succeededAt: second - hour },
    second + 2 * day,
    'scheduled backups are failing',
  ],
  ['it was changed since the last success', { succeededAt: madeAt - 9 * day }, second - 1, undefined],
  [
    'its times were changed by hand',
    { schedule: '@hourly' },
    second,
    'the schedule of backups was changed by somebody',
  ],
  ['its CronJob is gone', { isGone: true }, second, 'backups are scheduled, but none is taken'],
  ['the last one failed', { failed: { at: second, why: 'no' } }, second, 'the last scheduled backup failed'],
  ['somebody suspended it', { isSuspended: true }, second, 'scheduled backups are suspended'],
])('%s', (_, more, now, what) => {
  expect(scheduleTrouble(schedule(more), now)?.what).toBe(what);
});
