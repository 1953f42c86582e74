/** What opens encrypted backups: identities from files, KMS with the caller's credentials, and what this run sealed itself. */
import { resolve } from 'node:path';
import type { Identity } from 'age-encryption';
import { makeKms } from '../../aws/kms.js';
import { type Caller, readCaller } from '../../aws/sts.js';
import { Problem } from '../../errors/problem.js';
import type { World } from '../../world/world.js';
import { kmsIdentity } from './kms-stanza.js';
import { isSecret } from './recipients.js';

/** One of them, tried on a file; whatever it could not do although the file is meant for it, it tells. A function, so that no text of it is printed by chance. */
export type Key = (tell: (refused: Problem) => void) => string | Identity;
/** In the order in which they are tried. */
export type Keys = readonly Key[];

/** Of a person: the identities in these files first, then KMS. @throws Problem `invalid-value` */
export async function personalKeys(
  world: Pick<World, 'files' | 'environment' | 'aws'>,
  identityFiles: readonly string[],
): Promise<Keys> {
  return [...(await fileKeys(world, identityFiles)), kmsKey(world)];
}

/** The identities in these files alone. @throws Problem `invalid-value` */
export async function fileKeys(
  { files, environment }: Pick<World, 'files' | 'environment'>,
  identityFiles: readonly string[],
): Promise<Keys> {
  const found: string[] = [];
  for (const file of identityFiles) {
    if (isSecret(file)) throw secretTyped;
    const path = resolve(environment.workingDir, file);
    const size = await files.size(path);
    if (size === undefined) throw unusable(path, 'does not exist');
    if (size > longest) throw unusable(path, 'is too large for an identity file');
    found.push(...(await identitiesIn((await files.read(path)) ?? '', path)));
  }
  return found.map((identity) => () => identity);
}

/** What KMS has unwrapped is kept for this run: a restore reads its backup several times, also after Karmada was stopped. */
function kmsKey({ aws, environment }: Pick<World, 'aws' | 'environment'>): Key {
  const { AWS_REGION, AWS_DEFAULT_REGION } = environment.vars;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  let known: Caller | undefined;
  const caller = async (ofKey: string): Promise<Caller> => {
    known ??= await readCaller(aws, region ?? ofKey);
    return known;
  };
  const opener = { kms: makeKms(aws), caller, region, unwrapped: new Map<string, Uint8Array>() };
  return (tell) => kmsIdentity(opener, tell);
}

/** In bytes; each identity has 74. */
const longest = 1_000_000;

/** As `age -i` reads them; nothing of a line is ever told but its number. */
async function identitiesIn(text: string, path: string): Promise<readonly string[]> {
  if (/^(?:age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/.test(text))
    throw unusable(path, 'is encrypted itself, e.g. with a passphrase', [
      `decrypt it for this run: age -d -o NEWFILE ${path}; and delete NEWFILE afterwards`,
    ]);
  if (text.startsWith('-----BEGIN')) throw unusable(path, 'is a key of another kind, e.g. of SSH');
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const identities = lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
  const { identityToRecipient } = await import('age-encryption');
  for (const { line, number } of identities) {
    if (line.startsWith('AGE-PLUGIN-')) throw unusable(path, `has an identity of a plugin in line ${number}`);
    if (!(await identityToRecipient(line).then(isTrue, isFalse)))
      throw unusable(path, `has no valid age identity in line ${number}`);
  }
  if (identities.length === 0) throw unusable(path, 'has no identities in it');
  return identities.map(({ line }) => line);
}

const isTrue = (): boolean => true;
const isFalse = (): boolean => false;

function unusable(path: string, why: string, next: readonly string[] = []): Problem {
  return new Problem('invalid-value', {
    what: `--identity: ${path} ${why}`,
    next: [...next, 'use a file of lines that begin with AGE-SECRET-KEY-1, as age-keygen writes it'],
  });
}

const secretTyped = new Problem('invalid-value', {
  what: '--identity: expected a file, got an identity, which is secret and is not repeated here',
  next: ['write it into a file that only you can read', 'if others can see what you typed, create a new identity'],
});
