/** Whether an object in a member stays as it is when Karmada writes what a Work wants in its place. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

const record = z.record(z.string(), z.unknown());

/** What Karmada and kubectl note for themselves, which changes nothing that runs. */
const bookkeeping = /(^|\.)karmada\.io\/|^kubectl\.kubernetes\.io\/last-applied-configuration$/;

/**
 * Karmada replaces the object, and keeps labels and annotations that it does not know (karmada 1.18.2, pkg/util/objectwatcher).
 * @param manifest what the Work wants
 * @param found the object in the member
 * @param replaced what the member's API would make of the manifest in its place
 */
export function isSameInMember(manifest: object, found: object, replaced: object): boolean {
  return (
    isDeepStrictEqual(content(found), content(replaced)) &&
    (['labels', 'annotations'] as const).every((map) => includes(notes(found, map), notes(manifest, map)))
  );
}

function content(object: object): object {
  const { metadata: _, status: _status, ...rest } = object as Record<string, unknown>;
  return rest;
}

function notes(object: object, map: 'labels' | 'annotations'): Readonly<Record<string, unknown>> {
  const metadata = record.safeParse((object as Record<string, unknown>)['metadata']).data ?? {};
  const all = record.safeParse(metadata[map]).data ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => !bookkeeping.test(name)));
}

function includes(found: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([name, value]) => found[name] === value);
}

/** What Karmada takes from the member before it writes (karmada 1.18.2, pkg/resourceinterpreter/default/native/retain.go). */
export function retaining(manifest: object, found: object): object {
  const [wanted, there] = [manifest, found].map((each) => each as Record<string, unknown>);
  const spec = { ...record.safeParse(wanted?.['spec']).data };
  const specThere = record.safeParse(there?.['spec']).data ?? {};
  if (wanted?.['kind'] === 'PersistentVolumeClaim' && specThere['volumeName'] !== undefined)
    return { ...manifest, spec: { ...spec, volumeName: specThere['volumeName'] } };
  return manifest;
}
