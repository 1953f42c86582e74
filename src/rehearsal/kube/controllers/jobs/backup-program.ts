/**
 * What the program of a scheduled backup does, seen from outside: an object in S3, written with the role of its service account, or the
 * line with which it ends. What is in the object is encrypted for others: only its head can be read (C2SP, age.md).
 */
import { createHash } from 'node:crypto';
import { makerOf } from '../../../account/role-parts.js';
import { at, isJson, listAt, mapAt, textAt } from '../../../json.js';
import type { ApiState, BucketState, KubeObjectState } from '../../../state.js';
import { findObject, listObjects } from '../../api-server/store.js';
import type { Tick } from '../../tick.js';
import { isReady } from '../scheduling.js';

/** The line with which it fails; undefined: it has backed up. */
export function runBackup(tick: Tick, api: ApiState, pod: KubeObjectState): string | undefined {
  const settings = settingsOf(api, pod);
  if (settings === undefined) return 'internal: settings.json is missing, or of another version than the program';
  if (isHalfRestored(api))
    return 'restore-unfinished: a restore is under way: etcd holds a mixture, of which no backup is taken';
  const members = listObjects(api, 'pods', 'karmada-system').filter(
    ({ metadata }) => metadata.labels?.['app'] === 'etcd',
  );
  if (!members.some(isReady)) return 'backup-failed: no member of Karmada’s etcd responds';
  const id = mapAt(settings, 'fleet')['id'];
  const named = findObject(api, 'configmaps', 'karmada-system', 'karmada-eks')?.metadata.labels?.['karmada-eks/fleet'];
  if (named !== id)
    return `backup-failed: the Karmada in this parent is not that of fleet ${id}, whose backups these are`;
  const [, owner = '', name = '', prefix = ''] = /^s3:\/\/(\d{12})@([^/]+)\/?(.*)$/.exec(textAt(settings, 'to')) ?? [];
  const { state } = tick.simulation;
  const bucket = state.buckets?.[name];
  const under = prefix === '' ? '' : `${prefix}/`;
  const fleet = mapAt(settings, 'fleet');
  const key = `${under}${fleet['name']}-${new Date(tick.at).toISOString().replace(/[-:]|\.\d+/g, '')}.tar.age`;
  const arn = `arn:aws:s3:::${name}/${key}`;
  const isAllowed = policiesOf(tick, api, pod).some((each) => allows(each, 's3:PutObject', arn));
  if (!isAllowed || bucket?.denies?.includes('s3:PutObject') || (bucket?.owner ?? state.accountId) !== owner)
    return `access-denied: writing s3://${name}/${key} failed (AccessDenied: Access Denied)`;
  if (bucket === undefined) return `bucket-missing: there is no bucket ${name}`;
  const bytes = sealed(tick, settings, fleet);
  const sha256 = createHash('sha256').update(bytes, 'latin1').digest('base64');
  bucket.objects[key] = { bytes, sha256, changedAt: tick.at, encryption: bucket.kmsKey ?? 'AES256' };
  const keep = at(settings, 'keep');
  if (typeof keep === 'number') deleteOlder(bucket, `${under}${fleet['name']}-`, fleet, keep);
  return undefined;
}

function isHalfRestored(api: ApiState): boolean {
  const described = findObject(api, 'configmaps', 'karmada-system', 'karmada-eks');
  const mark: unknown = JSON.parse(described?.metadata.annotations?.['karmada-eks/restoring'] ?? '{}');
  return at(mark, 'isBegun') === true && at(mark, 'isWritten') === false;
}

function settingsOf(api: ApiState, pod: KubeObjectState): unknown {
  const name = listAt(pod, 'spec', 'volumes')
    .map((volume) => textAt(volume, 'configMap', 'name'))
    .find((each) => each !== '');
  const program = findObject(api, 'configmaps', pod.metadata.namespace ?? '', name ?? '');
  const text = textAt(program, 'data', 'settings.json');
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** The inline policies of the role that the service account names: the web identity of a pod (EKS User Guide, IAM roles for service accounts). */
function policiesOf(tick: Tick, api: ApiState, pod: KubeObjectState): readonly unknown[] {
  const { namespace = '' } = pod.metadata;
  const account = findObject(api, 'serviceaccounts', namespace, textAt(pod, 'spec', 'serviceAccountName'));
  const role = account?.metadata.annotations?.['eks.amazonaws.com/role-arn']?.split('role/')[1] ?? '';
  const { simulation } = tick;
  if (account === undefined || !simulation.state.roles.includes(role)) return [];
  const makes = makerOf(simulation.state, role)?.makes;
  // STS refuses a token of another issuer than the role trusts.
  const issuers = Object.values(simulation.region(api.region).clusters).map(({ oidcIssuer }) => oidcIssuer);
  if (makes?.policy === undefined || !issuers.includes(`https://${makes.trusts}`)) return [];
  return listAt(makes.policy, 'Statement');
}

/** `*` and `?` as IAM takes them (IAM User Guide, policy elements: Resource). */
function allows(statement: unknown, action: string, arn: string): boolean {
  const matches = (pattern: unknown): boolean => {
    const text = String(pattern)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${text}$`).test(arn);
  };
  return (
    isJson(statement) && listAt(statement, 'Action').includes(action) && listAt(statement, 'Resource').some(matches)
  );
}

function sealed(tick: Tick, settings: unknown, fleet: Readonly<Record<string, string>>): string {
  const recipients = listAt(settings, 'encryptTo').map(String).toSorted();
  const sum = createHash('sha256').update(recipients.join('\n')).digest('hex');
  const { name, id, region, account, parent } = fleet;
  const madeAt = new Date(tick.at).toISOString();
  const body = Buffer.alloc(32, 1).toString('base64').replace('=', '');
  const stanzas = recipients.map((each) =>
    each.startsWith('arn:') ? `-> karmada-eks/aws-kms ${each} ${id}\n${body}` : `-> X25519 ${body}\n${body}`,
  );
  const label = `-> karmada-eks/backup ${[madeAt, name, id, region, account, parent, sum].join(' ')}\n`;
  return `age-encryption.org/v1\n${[label, ...stanzas].join('\n')}\n--- ${body}\n${'\x01'.repeat(4096)}`;
}

/** Those of this fleet and parent by their names and heads, beyond the newest. */
function deleteOlder(
  bucket: BucketState,
  start: string,
  { id, region, account, parent }: Readonly<Record<string, string>>,
  keep: number,
): void {
  const of = [id, region, account, parent].join(' ');
  const own = Object.entries(bucket.objects)
    .filter(
      ([key, { bytes }]) =>
        /^\d{8}T\d{6}Z\.tar\.age$/.test(key.slice(start.length)) &&
        key.startsWith(start) &&
        bytes.split('\n')[1]?.split(' ').slice(4, 8).join(' ') === of,
    )
    .map(([key]) => key)
    .sort();
  for (const key of own.slice(0, Math.max(0, own.length - keep))) delete bucket.objects[key];
}
