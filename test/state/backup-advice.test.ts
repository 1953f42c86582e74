/** What is advised about scheduled backups: commands that repair, and never write the keys of a CA in the clear. */
import { expect, it } from 'vitest';
import { scheduleAdvice, scheduleCommand } from '../../src/state/backup-advice.js';

const images = {
  imageRegistry: undefined,
  imageMirrorCountry: undefined,
  pullsWithSecret: false,
  imagePullSecret: undefined,
};
const fleet = { name: 'demo', parent: { region: 'us-west-2' }, ...images };
const note = {
  schedule: '0 3 * * *',
  to: 's3://safe/karmada',
  encryptTo: ['age1one', 'arn:aws:kms:us-west-2:111111111111:alias/backups'],
  keep: 7,
  image: 'mine/node:22',
  pullsWithSecret: false,
  madeBy: '0.1.0',
  program: 'karmada-eks-backup-0',
  secrets: [],
};
const target =
  '--to s3://safe/karmada --encrypt-to age1one --encrypt-to arn:aws:kms:us-west-2:111111111111:alias/backups';

it('names the command that makes the schedule, with all that was wanted', () => {
  expect(scheduleCommand(note, fleet)).toBe(
    `karmada-eks backup --schedule "0 3 * * *" ${target} --keep 7 --backup-image mine/node:22 --fleet demo --region us-west-2`,
  );
  const image = 'public.ecr.aws/docker/library/node:22-bookworm-slim';
  expect(scheduleCommand({ ...note, image, keep: undefined }, fleet)).toBe(
    `karmada-eks backup --schedule "0 3 * * *" ${target} --fleet demo --region us-west-2`,
  );
});

it.each(['failed', 'late', 'suspended', 'gone'] as const)(
  'repairs one that is %s, and encrypts what is taken meanwhile',
  (kind) => {
    const advice = scheduleAdvice(kind, note, fleet).join('\n');
    expect(advice).toContain(scheduleCommand(note, fleet));
    expect(advice).toContain(`karmada-eks backup ${target} --fleet demo`);
  },
);
