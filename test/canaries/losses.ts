/** Finds what was lost in a run, and whether that was shown and agreed to. */
import type { Destruction } from '../../src/engine/destruction.js';
import { keyOf, type Valuable, type ValuableKind, type Valuables } from './valuables.js';

/** What is there no more, but for what went with something else that is there no more. */
export function lost(before: Valuables, after: Valuables): readonly Valuable[] {
  const gone = [...before.values()].filter((each) => !after.has(keyOf(each)));
  const keys = new Set(gone.map(keyOf));
  return gone.filter(({ within }) => within === undefined || !keys.has(within));
}

type Covers = (declared: Destruction, lost: Valuable) => boolean;

const sameName: Covers = (declared, { name }) => declared.name === name;

/** Where it is may be named otherwise, so only what stands before ` in ` has to be the same. */
const sameThing: Covers = (declared, { name }) => declared.name.split(' in ')[0] === name.split(' in ')[0];

const ofParent: Covers = (declared, { name }) => declared.name.endsWith(` in ${name.split(' in ')[0]}`);

/** The kinds of declared destructions that a loss may be covered by, each with how. */
const coveredBy: Readonly<Record<ValuableKind, Readonly<Record<string, Covers>>>> = {
  'EKS cluster': { 'EKS cluster': sameName },
  // They go with their cluster, and before it.
  nodes: { nodes: sameName, 'EKS cluster': sameName },
  'Karmada control plane': {
    'Karmada control plane': ofParent,
    // It is known by all of etcd's claims; what is in it stays.
    'etcd member': ofParent,
  },
  volume: { volume: sameThing },
  claim: { claim: sameThing },
  workload: { workload: sameThing },
  namespace: { namespace: sameThing },
  // What a backup does not know is named one by one.
  'object in Karmada': { 'Karmada’s data': ({ holds }, { name }) => holds.includes(name) },
};

export function isAgreed(each: Valuable, agreed: readonly Destruction[]): boolean {
  return agreed.some((declared) => coveredBy[each.kind][declared.kind]?.(declared, each) === true);
}
