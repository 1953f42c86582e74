/** What is an address of S3, and what is refused instead of being taken for a folder of this machine. */
import { expect, it } from 'vitest';
import { folderAddress, isAddress, objectAddress, s3Address } from '../../src/backup/address.js';

it.each([
  ['s3://safe/karmada/', { owner: undefined, bucket: 'safe', key: 'karmada/' }],
  ['s3://111122223333@safe/x', { owner: '111122223333', bucket: 'safe', key: 'x' }],
  ['s3://1111@safe/x', undefined],
  ['s3://you:secret@safe/x', undefined],
])('%s is read', (text, address) => {
  expect(s3Address(text)).toEqual(address);
});

it.each(['s3:/safe/karmada', 's3:safe/karmada', 'S3:/safe'])('%s is a mistyped address, not a folder', (text) => {
  expect(isAddress(text)).toBe(true);
  const problem = expect.objectContaining({ code: 'invalid-value', what: expect.stringContaining('expected ') });
  expect(() => folderAddress(text, '--to')).toThrow(problem);
  expect(() => objectAddress(text)).toThrow(problem);
});

it.each(['./s3:/safe', '/b/s3:/safe', 's3/safe'])('%s is a path', (text) => {
  expect(isAddress(text)).toBe(false);
});

it.each(['s3://safe/*', 's3://safe/kar?ada', 's3://safe/$' + '{aws:username}'])(
  '%s is no prefix: a policy of IAM would allow more',
  (text) => {
    const problem = { code: 'invalid-value', what: expect.stringContaining('without *, ? and $') };
    expect(() => folderAddress(text, '--to')).toThrow(expect.objectContaining(problem));
  },
);
