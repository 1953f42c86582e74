/** Looks for every secret that was in play in everything that a run wrote. */
import type { Account } from '../../src/rehearsal/account.js';
import { secrets } from '../commands/support-bundle/secrets.js';

/** Files that hold secrets because they are for that, each for its user alone. */
const keptFor =
  /\/\.kube\/config[^/]*$|\/laptop\.yaml$|\/others\.yaml$|\/kubeconfigs\/[^/]+\.json$|\/tokens\/[^/]+$|\/backups\/[^/]+$/;

/** Shorter values are words, and are found anywhere. */
const leastLength = 12;

/** The values of all Secrets in all clusters, as they are and in base64, and what tells who the user is. */
export function secretsInPlay(account: Account): readonly string[] {
  const objects = Object.values(account.state.apis).flatMap((api) => Object.entries(api.objects));
  const values = objects.flatMap(([key, object]) => (key.startsWith('secrets/') ? secretValues(object) : []));
  const ofFiles = Object.entries(account.state.files).flatMap(([path, text]) =>
    keptFor.test(path) ? credentialsIn(text) : [],
  );
  return [...new Set([...values, ...ofFiles, ...secrets.map(({ secret }) => secret)])];
}

function secretValues(object: object): readonly string[] {
  const { data = {}, stringData = {} } = object as Readonly<Record<'data' | 'stringData', Record<string, string>>>;
  const isSecret = ([name, value]: [string, string]): boolean =>
    !/\.crt$|^namespace$|-id$|^usage-|^description$|^expiration$|^auth-extra-groups$/.test(name) &&
    value.length >= leastLength;
  const encoded = Object.entries(data).filter(isSecret);
  const plain = Object.entries(stringData).filter(isSecret);
  const decoded = encoded.map(([, value]) => Buffer.from(value, 'base64').toString());
  return [...encoded.map(([, value]) => value), ...plain.map(([, value]) => value), ...decoded].filter(
    (value) => value.length >= leastLength,
  );
}

function credentialsIn(text: string): readonly string[] {
  const found = [...text.matchAll(/"(?:token|client-key-data)":\s*"([^"]{12,})"/g)];
  return found.flatMap(([, value]) => (value === undefined ? [] : [value]));
}

/** What `init` writes while it runs: keys that are in no Secret yet. */
const isOfInit = (path: string): boolean => path.includes('/init/');

/** Files with a private key as text, which are for nothing; a backup is for its user. */
export function keysLeft(account: Account): readonly string[] {
  const files = Object.entries(account.state.files).filter(([path]) => !/\/backups\/[^/]+\.tar$/.test(path));
  return files.flatMap(([path, text]) => (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? [path] : []));
}

/** Where a secret stands that must not: `stdout`, `stderr`, or the path of a file. */
export function leaks(
  account: Account,
  inPlay: readonly string[],
  printed: { readonly stdout: string; readonly stderr: string },
): readonly string[] {
  const files = Object.entries(account.state.files).filter(([path]) => !keptFor.test(path) && !isOfInit(path));
  const texts = [...files, ['stdout', printed.stdout] as const, ['stderr', printed.stderr] as const];
  return texts.flatMap(([where, text]) =>
    inPlay.filter((secret) => text.includes(secret)).map((secret) => `${where}: ${secret.slice(0, 60)}`),
  );
}
