/** Who owns an object in a cluster: gathers the evidence for `judge`. */
import { fleetTag } from '../fleet/names.js';
import { judge, type Verdict } from './ownership.js';

/** What is read of an object. */
interface Labelled {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
}

/** What is known of a thing next to its mark. */
export interface Proof {
  /** That the fleet made it, for people, e.g. `what was applied`; undefined: nothing proves it. */
  readonly proof: string | undefined;
  /** It was noted that it was there before the fleet. */
  readonly existed?: boolean;
}

/** `kubectl apply` keeps here what it was given (kubectl, apply/patcher.go): `kubectl label` leaves it alone. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * By the fleet's label, and kubectl's annotation that it was applied with it; in a cluster that the fleet created also
 * by that, because all of it is deleted. `inOwnCluster`: the fleet created the object's cluster.
 */
export function objectVerdict(fleetId: string, found: Labelled, inOwnCluster: boolean): Verdict {
  const proof = wasApplied(fleetId, found) ? 'what was applied' : inOwnCluster ? 'its cluster' : undefined;
  return configMapVerdict(fleetId, found.metadata.labels?.[fleetTag], { proof });
}

/** `mark`: the id of a fleet that is on the thing, or next to it. */
export function configMapVerdict(
  fleetId: string,
  mark: string | undefined,
  { proof, existed = false }: Proof,
): Verdict {
  const evidence = { tag: mark, clusters: [], marked: false, createdAt: undefined, existed, clusterIsOthers: false };
  return judge(fleetId, [], proof === undefined ? evidence : { ...evidence, proof });
}

function wasApplied(fleetId: string, { metadata: { annotations = {} } }: Labelled): boolean {
  try {
    const applied = JSON.parse(annotations[lastApplied] ?? '{}') as Partial<Labelled> | null;
    return applied?.metadata?.labels?.[fleetTag] === fleetId;
  } catch {
    return false;
  }
}
