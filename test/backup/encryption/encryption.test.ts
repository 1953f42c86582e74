/** Encryption of a stream: opened by each recipient and nobody else, not held in memory, and refused where a byte is not what was sealed. */
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { type Kms, makeKms } from '../../../src/aws/kms.js';
import { kmsType, type Label, labelStanza } from '../../../src/backup/encryption/head.js';
import { type Keys, personalKeys } from '../../../src/backup/encryption/keys.js';
import { headIn, opened } from '../../../src/backup/encryption/open.js';
import { readRecipients, sumOf } from '../../../src/backup/encryption/recipients.js';
import { sealing } from '../../../src/backup/encryption/seal.js';
import { newAccount } from '../../../src/rehearsal/account.js';
import { addKmsKey } from '../../../src/rehearsal/aws/kms.js';
import type { Fault } from '../../../src/rehearsal/faults.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const label: Label = {
  madeAt: '2026-11-28T03:00:00.000Z',
  fleet: { name: 'demo', id: 'f-1', region: 'eu-west-1', account: '111122223333', parent: 'demo-parent' },
};
const path = '/b/demo.tar.age';

function machine(faults: readonly Fault[] = []) {
  const account = newAccount();
  const arn = addKmsKey(account.state, 'eu-west-1', 'backups');
  const { world, calls } = connect(account, { faults });
  return { account, arn, world, kms: makeKms(world.aws), calls };
}

async function* pieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of bytes) found.push(piece);
  return Buffer.concat(found);
}

async function sealed(text: Uint8Array, recipients: readonly string[], kms: Kms): Promise<Buffer> {
  return await all(sealing(recipients, label, kms).seal(pieces(text)));
}

const open = async (file: Uint8Array, keys: Keys): Promise<Buffer> => await all(opened(pieces(file), path, keys));

const text = Buffer.from('the key of the CA, '.repeat(20_000));

describe('a backup that is encrypted', () => {
  it('is opened by an identity, by KMS, by the run that made it, and by nobody else', async () => {
    const { world, kms, arn, account } = machine();
    account.state.files['/home/you/id.txt'] = `# created today\n\n${identity}\r\n`;
    const own = sealing([recipient, arn], label, kms);
    const file = await all(own.seal(pieces(text)));
    expect(file.includes('the key of the CA')).toBe(false);
    for (const keys of [own.keys, await personalKeys(world, ['id.txt']), await personalKeys(world, [])])
      expect((await open(file, keys)).equals(text)).toBe(true);
    expect(Buffer.from(await decrypted(file, identity)).equals(text)).toBe(true);
    await expect(open(file, [])).rejects.toMatchObject({
      code: 'backup-encrypted',
      what: `${path} is encrypted for 2 recipients, and none of their keys is available: 1 age key, KMS key ${arn}`,
      next: [expect.stringContaining('--identity FILE'), expect.stringContaining(`kms:Decrypt with ${arn}`)],
    });
  });

  it('tells without a key for whom it is and whose', async () => {
    const { kms, arn } = machine();
    const file = await sealed(text, [recipient, arn], kms);
    expect(await headIn(pieces(file, 7), path)).toEqual({
      recipients: [{ kind: 'age' }, { kind: 'kms', keyArn: arn }],
      recipientsSum: sumOf([recipient, arn]),
      label,
    });
    expect(await headIn(pieces(text), path)).toBeUndefined();
  });

  it('asks KMS once, however often it is read', async () => {
    const { world, kms, arn, calls } = machine();
    const file = await sealed(text, [arn], kms);
    const keys = await personalKeys(world, []);
    for (let time = 0; time < 3; time += 1) await open(file, keys);
    const kmsCalls = calls.map(({ key }) => key).filter((key) => key.startsWith('aws kms:'));
    expect(kmsCalls).toEqual(['aws kms:Encrypt eu-west-1', 'aws kms:Decrypt eu-west-1']);
  });

  it.each([
    ['AccessDeniedException', 'backup-encrypted'],
    ['DisabledException', 'backup-encrypted'],
    ['ExpiredTokenException', 'credentials-expired'],
  ])('is not opened where KMS answers %s, which is told', async (code, problem) => {
    const { world, kms, arn } = machine([{ call: 'aws kms:Decrypt *', kind: 'fail', code, times: -1 }]);
    const file = await sealed(text, [arn], kms);
    await expect(open(file, await personalKeys(world, []))).rejects.toMatchObject({
      code: problem,
      why: expect.stringContaining(code),
    });
  });

  it('is not opened by KMS as another fleet’s', async () => {
    const { world, kms, arn } = machine();
    const file = await sealed(text, [arn], kms);
    const moved = Buffer.from(file.toString('latin1').replace(`${arn} f-1\n`, `${arn} f-2\n`), 'latin1');
    expect(moved.equals(file)).toBe(false);
    await expect(open(moved, await personalKeys(world, []))).rejects.toMatchObject({
      code: 'backup-encrypted',
      why: expect.stringContaining('it is named for fleet f-2, and the backup is of f-1'),
    });
  });

  it.each([
    ['another account', 'arn:aws:kms:eu-west-1:999999999999:key/1', 'it belongs neither to the fleet’s account'],
    ['another partition', 'arn:aws-cn:kms:cn-north-1:111122223333:key/1', 'it is of another partition'],
    ['no region of AWS', 'arn:aws:kms:evil.example:111122223333:key/1', undefined],
    ['no region of AWS either', 'arn:aws:kms:evil:111122223333:key/1', undefined],
  ])('asks no KMS key of %s, whatever its head names', async (_, arn, why) => {
    const { world, calls } = machine();
    const stranger = {
      wrapFileKey: () => [labelStanza(label, 'x'), { args: [kmsType, arn, 'f-1'], body: new Uint8Array(9) }],
    };
    const encrypter = new Encrypter();
    encrypter.addRecipient(stranger);
    const file = await encrypter.encrypt('x');
    const problem = { code: 'backup-encrypted', ...(why === undefined ? {} : { why: expect.stringContaining(why) }) };
    await expect(open(file, await personalKeys(world, []))).rejects.toMatchObject(problem);
    expect(calls.filter(({ key }) => key.startsWith('aws kms:'))).toEqual([]);
  });

  it('asks KMS twenty times at most', async () => {
    const { world, arn, calls } = machine();
    const stanza = { args: [kmsType, arn, 'f-1'], body: new Uint8Array(9) };
    const encrypter = new Encrypter();
    encrypter.addRecipient({
      wrapFileKey: () => [labelStanza(label, 'x'), ...Array.from({ length: 30 }, () => stanza)],
    });
    const file = await encrypter.encrypt('x');
    await expect(open(file, await personalKeys(world, []))).rejects.toMatchObject({ code: 'backup-encrypted' });
    expect(calls.filter(({ key }) => key.startsWith('aws kms:'))).toHaveLength(20);
  });

  it('is opened with a replica of its key where the region of the key is down', async () => {
    const { world, kms, account } = machine([
      { call: 'aws kms:Decrypt eu-west-1', kind: 'fail', code: 'KMSInternalException', times: -1 },
    ]);
    const [arn, replica] = ['eu-west-1', 'us-west-2'].map((each) => `arn:aws:kms:${each}:111122223333:key/mrk-1`);
    account.state.kmsKeys = { [arn ?? '']: { state: 'Enabled', aliases: [] } };
    const file = await sealed(text, [arn ?? ''], kms);
    const there = { ...world, environment: { ...world.environment, vars: { AWS_REGION: 'us-west-2' } } };
    await expect(open(file, await personalKeys(there, []))).rejects.toMatchObject({ code: 'aws-failed' });
    account.state.kmsKeys[replica ?? ''] = { state: 'Enabled', aliases: [] };
    expect((await open(file, await personalKeys(there, []))).equals(text)).toBe(true);
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, file.length - 1)],
    ['cut off between two pieces', (file: Buffer) => file.subarray(0, file.length - (file.length % 65_552))],
    ['cut off in its head', (file: Buffer) => file.subarray(0, 100)],
    ['altered', (file: Buffer) => Buffer.from(file.map((byte, at) => (at === file.length - 70_000 ? byte ^ 1 : byte)))],
    ['altered in its head', (file: Buffer) => Buffer.from(file.toString('latin1').replace(' f-1 ', ' f-2 '), 'latin1')],
  ])('is refused if it is %s', async (_, spoil) => {
    const { world, kms, account } = machine();
    account.state.files['/home/you/id.txt'] = identity;
    const file = await sealed(text, [recipient], kms);
    await expect(open(spoil(file), await personalKeys(world, ['id.txt']))).rejects.toMatchObject({
      code: 'backup-unreadable',
      why: expect.stringContaining('damaged or not whole'),
    });
  });

  it('is refused if it is not encrypted, and called as if it were', async () => {
    const problem = { code: 'backup-unreadable', why: 'its name ends in .age, and it is not encrypted' };
    await expect(open(text, [])).rejects.toMatchObject(problem);
  });

  it('is not read before KMS agreed to encrypt', async () => {
    const { kms, arn } = machine([{ call: 'aws kms:Encrypt *', kind: 'fail', code: 'AccessDeniedException' }]);
    let isRead = false;
    const source = async function* () {
      isRead = true;
      yield text;
    };
    await expect(all(sealing([arn], label, kms).seal(source()))).rejects.toMatchObject({ code: 'access-denied' });
    expect(isRead).toBe(false);
  });

  it('is closed as soon as nobody reads on', async () => {
    const { kms } = machine();
    const own = sealing([recipient], label, kms);
    const file = await all(own.seal(pieces(text)));
    let isClosed = false;
    const source = async function* () {
      try {
        yield* pieces(file, 70_000);
      } finally {
        isClosed = true;
      }
    };
    for await (const _ of opened(source(), path, own.keys)) break;
    expect(isClosed).toBe(true);
  });
});

it('what other programs encrypt is opened, and what is not encrypted passes', async () => {
  const { world, account } = machine();
  account.state.files['/home/you/id.txt'] = identity;
  const encrypter = new Encrypter();
  encrypter.addRecipient({ wrapFileKey: () => [{ args: ['x-grease', 'a'], body: new Uint8Array(7) }] });
  encrypter.addRecipient(recipient);
  const file = await encrypter.encrypt(text);
  expect((await open(file, await personalKeys(world, ['id.txt']))).equals(text)).toBe(true);
  expect(await headIn(pieces(file), path)).toEqual({ recipients: [{ kind: 'age' }], label: undefined });
  expect((await all(opened(pieces(text), '/b/demo.tar', []))).equals(text)).toBe(true);
  expect(await open(Buffer.alloc(0), [])).toEqual(Buffer.alloc(0));
  const locked = new Encrypter();
  locked.setPassphrase('secret');
  locked.setScryptWorkFactor(2);
  await expect(open(await locked.encrypt(text), await personalKeys(world, ['id.txt']))).rejects.toMatchObject({
    code: 'backup-encrypted',
    what: expect.stringContaining('1 recipient, and none of their keys is available: a passphrase'),
    next: [expect.stringContaining('age -d -o NEWFILE')],
  });
});

it('a head without an end is not read for ever', async () => {
  let read = 0;
  const endless = async function* () {
    yield Buffer.from('age-encryption.org/v1\n');
    for (; ; read += 1) yield Buffer.alloc(100_000, 'a');
  };
  await expect(all(opened(endless(), path, []))).rejects.toMatchObject({ code: 'backup-unreadable' });
  await expect(headIn(endless(), path)).rejects.toMatchObject({ code: 'backup-unreadable' });
  expect(read).toBeLessThan(20);
});

it('a head that tells of two fleets tells of none', async () => {
  const encrypter = new Encrypter();
  encrypter.addRecipient({ wrapFileKey: () => [labelStanza(label, 'x'), labelStanza(label, 'x')] });
  encrypter.addRecipient(recipient);
  expect((await headIn(pieces(await encrypter.encrypt(text)), path))?.label).toBeUndefined();
});

describe('recipients', () => {
  it('are taken once each', async () => {
    const arn = 'arn:aws:kms:eu-west-1:111122223333:alias/backups';
    expect(await readRecipients([recipient, arn, ` ${recipient}`])).toEqual([recipient, arn]);
  });

  it.each(['age1notone', 'ssh-ed25519 AAAA', 'alias/backups', ''])('are not "%s"', async (given) => {
    await expect(readRecipients([given])).rejects.toMatchObject({ code: 'invalid-value' });
  });

  it('are not identities, which are not repeated', async () => {
    const thrown = await readRecipients([identity]).catch((problem: unknown) => problem);
    expect(thrown).toMatchObject({ code: 'invalid-value', what: expect.stringContaining('which is secret') });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(identity);
  });
});

describe('a file of identities', () => {
  it.each([
    ['a passphrase', 'age-encryption.org/v1\n-> scrypt AAAA 18\n', 'is encrypted itself'],
    ['a passphrase, in text', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl', 'is encrypted itself'],
    ['SSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl', 'is a key of another kind'],
    ['a plugin', '# x\nAGE-PLUGIN-YUBIKEY-1QQQ\n', 'has an identity of a plugin in line 2'],
    ['a mistake', `${identity}\n${identity.slice(0, -1)}\n`, 'has no valid age identity in line 2'],
    ['nothing', '# only this\n\n', 'has no identities in it'],
    ['too much', 'x'.repeat(1_000_001), 'is too large'],
  ])('is refused with %s, and nothing of it is told', async (_, content, what) => {
    const { world, account } = machine();
    account.state.files['/home/you/id.txt'] = content;
    const thrown = await personalKeys(world, ['id.txt']).catch((problem: unknown) => problem);
    expect(thrown).toMatchObject({ code: 'invalid-value', what: expect.stringContaining(`/home/you/id.txt ${what}`) });
    expect(JSON.stringify(thrown)).not.toContain('AGE-SECRET-KEY-1Q');
  });

  it('must be there, and is not the identity itself', async () => {
    const { world } = machine();
    await expect(personalKeys(world, ['none.txt'])).rejects.toMatchObject({
      what: '--identity: /home/you/none.txt does not exist',
    });
    const thrown = await personalKeys(world, [identity]).catch((problem: unknown) => problem);
    expect(thrown).toMatchObject({ what: expect.stringContaining('which is secret') });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(identity);
  });
});

async function decrypted(file: Uint8Array, key: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  return await decrypter.decrypt(file);
}
