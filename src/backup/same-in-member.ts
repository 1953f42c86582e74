/** Whether an object in a member is as a Work wants it: what Karmada would write again without changing anything. */
import { z } from 'zod';

const record = z.record(z.string(), z.unknown());

/** What Karmada and kubectl note for themselves, which changes nothing that runs. */
const bookkeeping = /(^|\.)karmada\.io\/|^kubectl\.kubernetes\.io\/last-applied-configuration$/;

/** Everything that the manifest sets is so in the member; what the member has besides was set by its own Kubernetes. */
export function isSameInMember(manifest: object, found: object): boolean {
  const { metadata, status: _, apiVersion: _version, kind: _kind, ...wanted } = manifest as Record<string, unknown>;
  const there = found as Record<string, unknown>;
  const marks = (of: unknown): Record<string, unknown> => {
    const parsed = record.safeParse(of).data ?? {};
    return { labels: noted(parsed['labels']), annotations: noted(parsed['annotations']) };
  };
  return includes(there, wanted) && includes(marks(there['metadata']), marks(metadata));
}

function noted(map: unknown): Record<string, unknown> {
  const all = record.safeParse(map).data ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => !bookkeeping.test(name)));
}

function includes(found: unknown, wanted: unknown): boolean {
  if (isNothing(wanted)) return true;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return false;
    return wanted.every((each, index) => includes(found[index], each));
  }
  if (typeof wanted !== 'object') return found === wanted;
  if (typeof found !== 'object' || found === null) return Object.values(wanted as object).every(isNothing);
  return Object.entries(wanted as object).every(([name, each]) =>
    includes((found as Record<string, unknown>)[name], each),
  );
}

/** What a template sets to nothing is left out by the member. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
