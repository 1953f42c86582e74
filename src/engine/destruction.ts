/** What a step would destroy that works or holds data: declared and agreed to before a run, and checked again. */
import { Problem } from '../errors/problem.js';

/** The flags that agree to a destruction if nobody can be asked. `--yes` alone agrees to none of them. */
export type DestructiveFlag =
  /** With the fleet's name: everything that `down` lists. */
  | '--confirm'
  | '--delete-cluster'
  | '--move-workloads'
  | '--reconcile'
  | '--reinstall-karmada'
  | '--remove-leftovers'
  | '--remove-volumes'
  | '--remove-workloads'
  | '--replace-addons'
  | '--replace-etcd-member'
  | '--replace-nodes';

/** One thing that exists and would be lost, replaced or interrupted. */
export interface Destruction {
  readonly how: 'delete' | 'replace' | 'interrupt';
  /** e.g. `EKS cluster`, `Karmada control plane`, `volume`, `workload`. */
  readonly kind: string;
  /** Unique in its kind within a run, e.g. `demo-parent in us-west-2`. */
  readonly name: string;
  /** What is in it, one line each, e.g. `members: one, two`; something new in here is not agreed to. */
  readonly holds: readonly string[];
  /** What of it runs at this moment, e.g. `3 replicas running`: shown like `holds`, but may change without a new consent. */
  readonly now?: string;
  /** Whose it is and how that is known, e.g. `this fleet (tag and stack)`. */
  readonly evidence: string;
  readonly flag: DestructiveFlag;
}

/** e.g. `delete EKS cluster demo-parent in us-west-2`. */
export function describeDestruction({ how, kind, name }: Destruction): string {
  return `${how} ${kind} ${name}`;
}

/** The first of many lines, and how many there are besides. */
export function shortList(lines: readonly string[], most = 6): string {
  const more = lines.length - most;
  return [...lines.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** What is in it and what of it runs, one line each. */
export function contentOf({ holds, now }: Destruction): readonly string[] {
  return now === undefined ? holds : [now, ...holds];
}

/** What of `found` is in none of `agreed`: other things, and things that hold more than was shown. */
function notAgreed(found: readonly Destruction[], agreed: readonly Destruction[]): readonly Destruction[] {
  const shown = new Map(agreed.map((each) => [describeDestruction(each), new Set(each.holds)]));
  return found.filter((each) => {
    const holds = shown.get(describeDestruction(each));
    return holds === undefined || each.holds.some((line) => !holds.has(line));
  });
}

/** @throws Problem `destruction-not-agreed` listing what was found without consent */
export function refuseUnagreed(title: string, found: readonly Destruction[], agreed: readonly Destruction[]): void {
  const refused = notAgreed(found, agreed);
  if (refused.length === 0) return;
  throw new Problem('destruction-not-agreed', {
    what: `${title}: stopped before a loss that was not agreed to in this run`,
    why: refused.map((each) => [describeDestruction(each), ...contentOf(each)].join(', ')).join('; '),
    next: ['run the same command again; it shows what would be lost, and asks'],
  });
}
