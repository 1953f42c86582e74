/**
 * Has a new Karmada take over the CAs, keys and certificates of a former one: what the former one has signed goes on being good, and who
 * trusted it trusts the new one. Only the certificate of its API is another: it has new names, too. Pure.
 */
import type { KubeSecret } from '../tools/kubectl/objects.js';
import { decoded } from './certificate.js';
import { certificatesIn, dueLeaves, keptIn, mainSecret, withCertificate } from './kept.js';
import { renewedLeaves, secretWith } from './renewal.js';
import { notRenewable, type Renew } from './sign.js';

/** The data of the Secrets that `init` made for the former Karmada, by their names; values are base64. */
export type FormerSecrets = Readonly<Record<string, { readonly data: Readonly<Record<string, string>> }>>;

/**
 * The Secrets to be written, `karmada-cert` first: those of the new Karmada with what the former one had in them. What has ended, or
 * ends soon, is signed anew.
 * @param names of the new Karmada API, which its certificate gets
 * @param fresh of the new Karmada; those that the former one did not have stay as they are
 * @throws Problem `certificates-not-renewable` where a certificate, a CA or its key is missing
 */
export function takenOver(
  fresh: readonly KubeSecret[],
  former: FormerSecrets,
  { names, ...sign }: { readonly renew: Renew; readonly now: number; readonly names: readonly string[] },
): readonly KubeSecret[] {
  const secrets = fresh.flatMap((each) => {
    const before = former[each.metadata.name];
    return before === undefined ? [] : [{ ...each, data: { ...before.data } }];
  });
  const [kept, current] = [keptIn(secrets), keptIn(fresh)?.main.get('apiserver')];
  if (kept === undefined) throw notRenewable(`there is no Secret ${mainSecret}`);
  // A run that died after this one was signed has done so for the same names.
  const isSigned =
    current?.certificate.key === kept.main.get('apiserver')?.certificate.key &&
    names.every((name) => current?.certificate.isFor(name));
  const due = new Set([...dueLeaves(kept, sign.now), 'apiserver' as const]);
  const pems = new Map(renewedLeaves(kept, [...due], { ...sign, names, validity: undefined }));
  if (isSigned && current !== undefined) pems.set('apiserver', current.pem);
  const written = secrets.map((each) => secretWith(kept, each, pems) ?? each);
  return [...written.filter(isMain), ...written.filter((each) => !isMain(each))];
}

function isMain({ metadata }: KubeSecret): boolean {
  return metadata.name === mainSecret;
}

/** The names of those that have other keys than a former Karmada had; certificates of the same keys may be newer. */
export function notTakenOver(fresh: readonly KubeSecret[], former: FormerSecrets): readonly string[] {
  return fresh.flatMap(({ metadata: { name }, data = {} }) => {
    const before = Object.entries(former[name]?.data ?? {});
    return before.every(([entry, value]) => keysIn(data[entry]) === keysIn(value)) ? [] : [name];
  });
}

/** A text without its certificates. */
function keysIn(base64 = ''): string {
  const text = decoded(base64);
  return certificatesIn(text).reduce((rest, pem) => withCertificate(rest, pem, ''), text);
}
