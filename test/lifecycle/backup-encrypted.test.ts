/** Backups that are encrypted: nothing that everybody can read touches the disk, and each command opens them with a key or says which. */
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { beforeAll, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { addKmsKey } from '../../src/rehearsal/aws/kms.js';
import { addBucket } from '../../src/rehearsal/aws/s3.js';
import { cli, type RunOptions } from './cli.js';
import { down, fleetFolder, fleetId, succeed } from './fleet.js';
import { inMembers, movedOn } from './restored.js';
import { smallFleet } from './small-fleet.js';
import { runWithFiles } from './with-files.js';
import { applyTo, shopObjects } from './workloads.js';

const fleet = smallFleet();
const folder = `${fleetFolder}/backups`;
const file = '/home/you/karmada.tar.age';
const identityFile = '/home/you/id.txt';
let identity = '';
let recipient = '';

beforeAll(async () => {
  identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
});

function withKeys(): { readonly account: Account; readonly key: string } {
  const account = fleet();
  account.state.files[identityFile] = `# created: today\n${identity}\n`;
  return { account, key: addKmsKey(account.state, 'us-west-2', 'backups') };
}

function backupsOf({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => path.includes('/backups/'));
}

/** Of a Karmada's CA, as the parent has it. */
function secretTexts({ state }: Account): readonly string[] {
  const parent = state.apis['eks/us-west-2/karmada-parent']?.objects ?? {};
  const found = parent['secrets/karmada-system/karmada-cert']?.['data'] as Record<string, string> | undefined;
  const key = found?.['ca.key'] ?? expect.unreachable('no key');
  return [key, Buffer.from(key, 'base64').toString().split('\n')[1] ?? '', identity];
}

async function refused(account: Account, words: string, options?: RunOptions): Promise<string> {
  const before = JSON.stringify(backupsOf(account).map((path) => [path, account.state.files[path]]));
  const { code, stderr } = await cli(account, words, options);
  expect(code).toBeGreaterThan(1);
  expect(JSON.stringify(backupsOf(account).map((path) => [path, account.state.files[path]]))).toBe(before);
  return stderr;
}

it('is encrypted for each recipient, and says what was proved', async () => {
  const { account, key } = withKeys();
  const { stdout, stderr, calls } = await succeed(account, `backup --encrypt-to ${recipient} --encrypt-to ${key}`);
  const [path = '', ...others] = backupsOf(account);
  expect(others).toEqual([]);
  expect(path).toMatch(/\/backups\/karmada-2026\d{4}T\d{6}Z\.tar\.age$/);
  expect(stdout).toMatch(
    new RegExp(`${path} \\(\\d+ KiB, 2 members, .*, encrypted for 1 age key, KMS key ${key}, SHA-256 \\w{64}\\)$`, 'm'),
  );
  expect(stderr).toContain(`to prove that a recipient’s own key opens it too: backup verify ${path} --identity FILE`);
  const asked = calls.filter(({ key: each }) => each.startsWith('aws kms:')).map(({ key: each }) => each);
  expect(new Set(asked)).toEqual(new Set(['aws kms:Encrypt us-west-2']));
  const text = account.state.files[path] ?? '';
  for (const secret of secretTexts(account)) expect(text.includes(secret)).toBe(false);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const plain = Buffer.from(await decrypter.decrypt(Buffer.from(text, 'latin1')));
  expect(plain.toString('latin1', 0, 13)).toBe('manifest.json');
  expect(plain.includes(secretTexts(account)[0] ?? '')).toBe(true);
});

it('is verified with an identity or by KMS, and listed without any', async () => {
  const { account, key } = withKeys();
  await succeed(account, `backup --to ${file} --encrypt-to ${recipient}`);
  await succeed(account, `backup --encrypt-to ${key}`);
  const [path = ''] = backupsOf(account);
  const byIdentity = await succeed(account, `backup verify ${file} --identity id.txt`);
  expect(byIdentity.stdout).toContain(`${file} matches its checksums: fleet karmada in us-west-2`);
  expect(byIdentity.stdout).toContain('encrypted for 1 age key\n');
  expect((await succeed(account, `backup verify ${path}`)).stdout).toContain(`encrypted for KMS key ${key}`);
  const { stdout, calls } = await succeed(account, 'backup list');
  expect(stdout).toMatch(new RegExp(`^${path} +2026-\\S+Z +\\d+ KiB, encrypted for KMS key ${key}$`, 'm'));
  expect(calls.filter(({ key: each }) => each.startsWith('aws kms:'))).toEqual([]);
  await succeed(account, `backup --encrypt-to ${recipient}`);
  const [one, two] = JSON.parse((await succeed(account, 'backup list -o json')).stdout);
  expect(one).toMatchObject({ encrypted: { recipients: [{ kind: 'age' }], label: { fleet: { name: 'karmada' } } } });
  expect(two).toMatchObject({ path, encrypted: { recipients: [{ kind: 'kms', keyArn: key }] } });
  const opened = await succeed(account, 'backup list --identity id.txt -o json');
  expect(JSON.parse(opened.stdout)).toMatchObject([{ manifest: { v: 1 } }, { path, encrypted: {} }]);
});

it('is an object of S3 as well, listed by its beginning, and restored from there', async () => {
  const { account, key } = withKeys();
  addBucket(account.state, 'safe', { region: 'us-west-2' });
  await succeed(account, `backup --to s3://safe/karmada --encrypt-to ${key} --encrypt-to ${recipient}`);
  const [name = ''] = Object.keys(account.state.buckets?.['safe']?.objects ?? {});
  expect(name).toMatch(/^karmada\/karmada-\w+Z\.tar\.age$/);
  const object = account.state.buckets?.['safe']?.objects[name]?.bytes ?? '';
  for (const secret of secretTexts(account)) expect(object.includes(secret)).toBe(false);
  expect(backupsOf(account)).toEqual([]);
  const listed = await succeed(account, 'backup list s3://safe/karmada -o json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ path: `s3://safe/${name}`, encrypted: { label: {} } }]);
  const opened = await succeed(account, 'backup list s3://safe/karmada -o json --identity id.txt');
  expect(JSON.parse(opened.stdout)).toMatchObject([{ path: `s3://safe/${name}`, manifest: { v: 1 } }]);
  await succeed(account, `restore s3://safe/${name} --yes --confirm karmada --no-backup`);
  // Nothing has proved that the key alone opens the new one.
  const other = await succeed(account, `backup --to s3://safe/karmada --encrypt-to ${key} --keep 1 --yes`);
  expect(other.stdout).not.toContain('deleted older backup');
  await account.clock.sleep(60_000);
  const same = `--encrypt-to ${recipient} --encrypt-to ${key}`;
  const more = await succeed(account, `backup --to s3://safe/karmada ${same} --keep 1 --yes`);
  expect(more.stdout).toContain(`deleted older backup s3://safe/${name}`);
  expect(more.stdout.match(/deleted older backup/g)).toHaveLength(1);
});

it('is refused where nobody here has a key, and nothing is changed', async () => {
  const { account, key } = withKeys();
  account.state.files['/home/you/other.txt'] = await generateIdentity();
  await succeed(account, `backup --to ${file} --encrypt-to ${recipient} --encrypt-to ${key}`);
  const faults = [{ call: 'aws kms:Decrypt *', kind: 'fail', code: 'AccessDeniedException', times: -1 }] as const;
  for (const words of [`backup verify ${file}`, `restore ${file} --yes --confirm karmada`, `recover ${file} --yes`]) {
    const stderr = await refused(account, `${words} --identity other.txt`, { faults });
    expect(stderr).toContain('backup-encrypted');
    expect(stderr).toContain(
      `is encrypted for 2 recipients, and none of their keys is available: 1 age key, KMS key ${key}`,
    );
    expect(stderr).toContain('AccessDeniedException');
    expect(stderr).toContain('--identity FILE');
    expect(stderr).toContain(`kms:Decrypt with ${key}`);
  }
  expect((await succeed(account, 'status -o json')).stdout).toContain('"ready": true');
  Object.assign(account.state.kmsKeys?.[key] ?? {}, { state: 'Disabled' });
  expect(await refused(account, `backup verify ${file}`)).toContain('the key is disabled (DisabledException)');
});

it.each([
  ['a KMS key is disabled', 'Disabled', 'kms-key-unusable'],
  ['a KMS key is about to be deleted', 'PendingDeletion', 'kms-key-unusable'],
] as const)('nothing is backed up or left where %s', async (_, state, code) => {
  const { account, key } = withKeys();
  Object.assign(account.state.kmsKeys?.[key] ?? {}, { state });
  expect(await refused(account, `backup --encrypt-to ${key}`)).toContain(code);
});

it('nothing is backed up or left where KMS denies it, and etcd is not read for it', async () => {
  const { account, key } = withKeys();
  const fault = { call: 'aws kms:Encrypt *', kind: 'fail', code: 'AccessDeniedException', times: -1 } as const;
  const { code, stderr, calls } = await cli(account, `backup --encrypt-to ${key}`, { faults: [fault] });
  expect(code).toBe(4);
  expect(stderr).toContain('access-denied');
  expect(calls.some(({ key: each }) => each.includes('maintenance/snapshot'))).toBe(false);
  expect(backupsOf(account)).toEqual([]);
});

it('names what is no recipient, and repeats no secret', async () => {
  const { account } = withKeys();
  expect(await refused(account, 'backup --encrypt-to alias/backups')).toContain('invalid-value');
  const typed = await refused(account, `backup --encrypt-to ${identity}`);
  expect(typed).toContain('got an identity, which is secret');
  expect(await refused(account, `backup verify ${file} --identity ${identity}`)).toContain('which is secret');
  expect(await refused(account, `backup --to /home/you/a.tar --encrypt-to ${recipient}`)).toContain(
    'use --to /home/you/a.tar.age',
  );
  expect(await refused(account, 'backup --to /home/you/a.tar.age')).toContain('encrypt it: --encrypt-to RECIPIENT');
  for (const [path, text] of Object.entries(account.state.files))
    if (path !== identityFile) expect(text.includes(identity), path).toBe(false);
  expect(typed).not.toContain(identity);
});

it('nothing that everybody can read is written, and what a kill leaves is deleted', async () => {
  const { account, key } = withKeys();
  const secrets = secretTexts(account);
  const { code } = await runWithFiles(account, `backup --encrypt-to ${recipient} --encrypt-to ${key}`, {
    killAt: ({ operation, path }) => operation === 'moveIfFree' && path.endsWith('.age'),
  });
  expect(code).toBe('killed');
  const halves = backupsOf(account);
  expect(halves.map((path) => path.replace(/^.*Z/, '')).sort()).toEqual(['.tar.age.db.part', '.tar.age.part']);
  for (const path of halves) {
    const text = account.state.files[path] ?? '';
    expect(text.length).toBeGreaterThan(10_000);
    expect(text.startsWith('age-encryption.org/v1\n')).toBe(path.endsWith('.tar.age.part'));
    for (const secret of [...secrets, 'syncMode']) expect(text.includes(secret), path).toBe(false);
  }
  await account.clock.sleep(60_000);
  const { stdout, stderr } = await succeed(account, `backup --encrypt-to ${recipient}`);
  expect(backupsOf(account)).toEqual([expect.stringMatching(/Z\.tar\.age$/)]);
  const told = Object.entries(account.state.files).filter(([path]) => /\/logs\/|\.jsonl$/.test(path));
  for (const [path, text] of [...told, ['stdout', stdout], ['stderr', stderr]] as const)
    for (const secret of secrets) expect(text.includes(secret), path).toBe(false);
});

it('what is not what was encrypted is no backup', async () => {
  const { account } = withKeys();
  const faults = [{ call: 'file write *.tar.age.part', kind: 'no-effect', skip: 1 }] as const;
  expect(await refused(account, `backup --encrypt-to ${recipient}`, { faults })).toContain(
    'does not match what was written',
  );
});

it('older ones of this fleet are deleted without a key, and nobody else’s', async () => {
  const { account } = withKeys();
  const { files } = account.state;
  const words = `backup --encrypt-to ${recipient}`;
  await succeed(account, words);
  const [oldest = ''] = backupsOf(account);
  const text = files[oldest] ?? '';
  const id = fleetId(account);
  const kept = {
    // Of another fleet of this name, of another account, of nobody known, and what a person has named.
    [`${folder}/karmada-20250101T000000Z.tar.age`]: text.replace(id, '0'.repeat(id.length)),
    [`${folder}/karmada-20250102T000000Z.tar.age`]: text.replace(' 111122223333 ', ' 999922223333 '),
    [`${folder}/karmada-20250103T000000Z.tar.age`]: text.replace(/-> karmada-eks\/backup .*\n\n/, ''),
    [`${folder}/before-migration.tar.age`]: text,
  };
  for (const [path, foreign] of Object.entries(kept)) {
    files[path] = foreign;
    if (path.includes('-2025')) expect(foreign).not.toBe(text);
  }
  for (let time = 0; time < 2; time += 1) {
    await account.clock.sleep(60_000);
    if (time === 0) await succeed(account, 'backup');
  }
  const { stdout } = await succeed(account, `${words} --keep 2 --yes`);
  expect(stdout.match(/deleted older backup .*/g)).toEqual([`deleted older backup ${oldest}`]);
  expect(backupsOf(account)).toHaveLength(Object.keys(kept).length + 2);
  for (const [path, foreign] of Object.entries(kept)) expect(files[path]).toBe(foreign);
});

it('is restored, and asks KMS only before Karmada is stopped', async () => {
  const { account, key } = withKeys();
  await applyTo(account, 'karmada-apiserver', shopObjects(['one', 'two']));
  await succeed(account, `backup --to ${file} --encrypt-to ${key}`);
  const before = inMembers(account);
  await movedOn(account);
  const words = `restore ${file} --yes --confirm karmada --encrypt-to ${recipient}`;
  const { calls } = await succeed(account, words);
  const keys = calls.map(({ key: each }) => each);
  expect(keys.filter((each) => each === 'aws kms:Decrypt us-west-2')).toHaveLength(1);
  expect(inMembers(account)).toEqual(expect.arrayContaining([...before]));
  expect(backupsOf(account)).toEqual([expect.stringMatching(/Z\.tar\.age$/)]);
});

it('comes before a fleet is deleted, and stops that where it cannot be', async () => {
  const { account, key } = withKeys();
  const fault = { call: 'aws kms:Encrypt *', kind: 'fail', code: 'AccessDeniedException', times: -1 } as const;
  const { code, stderr } = await cli(account, `${down} --encrypt-to ${key}`, { faults: [fault] });
  expect(code).toBe(4);
  expect(stderr).toContain('access-denied');
  expect((await succeed(account, 'status -o json')).stdout).toContain('"ready": true');
  const { stdout } = await succeed(account, `${down} --encrypt-to ${key}`);
  const [path = ''] = backupsOf(account);
  expect(stdout.trimEnd().split('\n').at(-1)).toContain(`${path} (`);
  expect(path).toMatch(/\.tar\.age$/);
  expect((await succeed(account, `backup verify ${path}`)).stdout).toContain('matches its checksums');
});
