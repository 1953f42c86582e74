/**
 * Who owns a resource: the only function that decides it, from evidence that is data. Everything that deletes something
 * relies on it.
 */

/** The time in which a cluster of the fleet was there, and what proves that the fleet made it. Times in ms since the epoch. */
export interface Lifetime {
  readonly cluster: string;
  /** Undefined: not known. */
  readonly since: number | undefined;
  /** When this fleet deleted it; undefined: it did not. */
  readonly until?: number | undefined;
  /** eksctl's own stack of the cluster with the fleet's tag, or this machine's record of having made it. */
  readonly by: 'stack' | 'record';
}

/** What is known of a thing. */
export interface Evidence {
  /** Value of the fleet's tag on it; undefined: it carries none. */
  readonly tag: string | undefined;
  /** The clusters that it belongs to by what AWS, Kubernetes or eksctl wrote on it; of a cluster its own name. */
  readonly clusters: readonly string[];
  /** That the marks of these clusters are as good as the fleet's tag, for nobody puts the fleet's tag on such a thing. */
  readonly marked: boolean;
  readonly createdAt: Date | undefined;
  /** The record or the description has it among what was there before the fleet. */
  readonly existed: boolean;
  /** Its cluster is there, and is not the fleet's: what belongs to that one is not either. */
  readonly clusterIsOthers: boolean;
  /** Any other proof that the fleet made it, e.g. `its Service`. */
  readonly proof?: string;
}

/** The answer, with its reason for people, e.g. `this fleet (tag and stack)`, `perhaps this fleet (tag only)`, `not ours: existed before`. */
export interface Verdict {
  readonly whose: 'ours' | 'perhaps' | 'not ours';
  readonly evidence: string;
}

/** Clocks of this machine and of AWS may differ by so much, in ms. */
const slackMs = 5 * 60_000;

/**
 * Ours by two witnesses: a mark, and a proof that the fleet made it. One alone is "perhaps", and is never deleted unasked. A
 * veto is stronger than any witness: another fleet's tag, that it existed before, that its cluster is somebody else's, and that
 * it is older or younger than every cluster of the fleet that had this name.
 */
export function judge(fleetId: string, lives: readonly Lifetime[], found: Evidence): Verdict {
  const { tag, clusters, marked, createdAt } = found;
  if (tag !== undefined && tag !== fleetId) return notOurs(`tag of fleet ${tag}`);
  if (found.existed) return notOurs('existed before');
  if (found.clusterIsOthers) return notOurs('its cluster does not belong to this fleet');
  const named = clusters.map((cluster) => lives.filter((life) => life.cluster === cluster));
  const untimely = named.find((own) => own.length > 0 && !own.some((life) => isWithin(life, createdAt)));
  if (untimely !== undefined) return notOurs(whenOf(untimely, createdAt));
  const isNamed = clusters.length > 0 && named.every((own) => own.length > 0);
  const marks = [
    ...(tag === undefined ? [] : ['tag']),
    ...(marked && isNamed ? [`cluster ${clusters.join(', ')}`] : []),
  ];
  const proven = isNamed ? named.flat().filter((life) => isWithin(life, createdAt)) : [];
  const proofs = [
    ...(['stack', 'record'] as const).filter((by) => proven.some((life) => life.by === by)),
    ...(found.proof === undefined ? [] : [found.proof]),
  ];
  const witnesses = [...marks, ...proofs];
  if (witnesses.length === 0) return notOurs('no mark of this fleet');
  if (marks.length === 0 || proofs.length === 0)
    return { whose: 'perhaps', evidence: `perhaps this fleet (${listed(witnesses)} only)` };
  return { whose: 'ours', evidence: `this fleet (${listed(witnesses)})` };
}

function notOurs(why: string): Verdict {
  return { whose: 'not ours', evidence: `not ours: ${why}` };
}

function isWithin({ since, until }: Lifetime, createdAt: Date | undefined): boolean {
  if (createdAt === undefined) return true;
  const at = createdAt.getTime();
  return (since === undefined || at + slackMs >= since) && (until === undefined || at - slackMs <= until);
}

function whenOf(lives: readonly Lifetime[], createdAt: Date | undefined): string {
  const [{ cluster } = { cluster: '' }] = lives;
  const at = createdAt?.getTime() ?? 0;
  const isOlder = lives.every(({ since }) => since !== undefined && at + slackMs < since);
  return isOlder
    ? `older than this fleet’s cluster ${cluster}`
    : `younger than the end of this fleet’s cluster ${cluster}`;
}

/** e.g. `tag`, `tag and stack`, `tag, stack and record`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
