/** What is noticed of scheduled backups that somebody has changed, and what is told of those that are to change. */
import { expect, it } from 'vitest';
import type { ScheduleNote } from '../../../src/state/backup-schedule.js';
import { changedParts, wantedParts } from '../../../src/steps/backup/schedule/changed-note.js';
import { differences } from '../../../src/steps/backup/schedule/differences.js';

const wanted = {
  kind: 'CronJob',
  spec: { schedule: '0 3 * * *', suspend: false, containers: [{ name: 'backup', image: 'a', command: ['node', 'x'] }] },
  rules: [{ verbs: ['get'] }],
};

it('leaves alone what nobody asked for, as Kubernetes fills it in', () => {
  const containers = [{ name: 'mesh' }, { ...wanted.spec.containers[0], imagePullPolicy: 'Always' }];
  const found = { ...wanted, status: {}, spec: { ...wanted.spec, containers, timeZone: 'Etc/UTC' } };
  expect(differences(wanted, found)).toEqual([]);
});

it.each([
  [{ spec: { ...wanted.spec, schedule: '1 1 * * *' } }, 'spec.schedule is "1 1 * * *", not "0 3 * * *"'],
  [{ spec: { ...wanted.spec, suspend: true } }, 'spec.suspend is true, not false'],
  [{ rules: [] }, 'rules is [], not [{"verbs":["get"]}]'],
  [{ rules: undefined }, 'rules is missing, not [{"verbs":["get"]}]'],
  [
    { spec: { ...wanted.spec, containers: [{ name: 'backup', image: 'b', command: ['node', 'x'] }] } },
    'spec.containers.backup.image is "b", not "a"',
  ],
  [
    { spec: { ...wanted.spec, containers: [{ name: 'backup', image: 'a', command: ['sh'] }] } },
    'spec.containers.backup.command is ["sh"], not ["node","x"]',
  ],
])('notices %j', (changed, line) => {
  expect(differences(wanted, { ...wanted, ...changed })).toEqual([line]);
});

const note: ScheduleNote = {
  schedule: '0 3 * * *',
  to: 's3://safe/karmada',
  encryptTo: ['age1one', 'age1two'],
  image: 'node:22',
  pullsWithSecret: false,
  madeBy: '0.1.0',
  program: 'karmada-eks-backup-1',
  secrets: ['karmada-cert'],
};

it('tells the recipients in a first plan', () => {
  expect(wantedParts(note)).toEqual([
    'times: "0 3 * * *" (UTC)',
    'destination: s3://safe/karmada',
    'encrypted for: age1one, age1two',
    'kept: all',
  ]);
});

it('tells the old beside the new', () => {
  const other = { ...note, schedule: '@hourly', to: 's3://other', encryptTo: ['age1two'], keep: 3 };
  expect(changedParts(note, other)).toEqual([
    'times: "@hourly" (UTC), before "0 3 * * *" (UTC)',
    'destination: s3://other, before s3://safe/karmada',
    'encrypted for: age1two, before age1one, age1two',
    'kept: 3, before all',
  ]);
  expect(changedParts(note, { ...note })).toEqual([]);
  expect(changedParts(note, { ...note, program: 'karmada-eks-backup-2' })).toEqual(['its program with other settings']);
});
