/** Calls that fail on purpose: which, how often, and in what way. */

/** What happens to a call that a fault hits. */
export type FaultKind =
  /** The tool ends with status 1, AWS answers an error (`code`), the file operation rejects (the disk is full). */
  | 'fail'
  /** AWS refuses for the rate, with the service's own error name. */
  | 'throttle'
  /** The service's own error for expired credentials. */
  | 'expired'
  /** No answer until the caller's time limit or cancellation, with files until the port's. */
  | 'hang'
  /**
   * The tool is killed when half its time is over (or after `afterMs`), the process itself in the middle of a write or of a
   * removal; what was done until then stays.
   */
  | 'die-half-way'
  /** The tool ends with status 0, the write or removal without an error, and nothing was done. */
  | 'no-effect'
  /** The tool prints nonsense and ends with status 0; nonsense is read from the file. */
  | 'garbage';

/** One fault. */
export interface Fault {
  /**
   * The calls it hits, with `*` for any text; several are counted together. Keys: `exec <tool> <words> <cluster or context>
   * <Kind/name of objects>`, `aws <service>:<Operation> <region>`, `file <operation> <path>`, `http <url>`. What a tool
   * writes is the operation `tool-write`; it can only fail.
   */
  readonly call: string | readonly string[];
  readonly kind: FaultKind;
  /** How many calls it hits; 1 when not given, -1 for ever. */
  readonly times?: number;
  /** How many matching calls pass unharmed first. */
  readonly skip?: number;
  readonly message?: string;
  /** Name of the AWS error for `fail`. */
  readonly code?: string;
  /** For `die-half-way`: how long the tool lives in virtual ms; half its own duration when not given. */
  readonly afterMs?: number;
}

/** A call that was made, with the virtual moment at which it was. */
export interface RecordedCall {
  readonly key: string;
  readonly at: number;
}

/** The faults of one process, counted down as they hit, and the journal of its calls. */
export class FaultPlan {
  readonly calls: RecordedCall[] = [];
  readonly #pending: { fault: Fault; skip: number; left: number }[];

  constructor(faults: readonly Fault[]) {
    this.#pending = faults.map((fault) => ({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 }));
  }

  /** Records a call and answers the fault that hits it, if one does. */
  take(key: string, at: number): Fault | undefined {
    this.calls.push({ key, at });
    for (const pending of this.#pending) {
      if (pending.left === 0 || !hits(pending.fault, key)) continue;
      if (pending.skip > 0) {
        pending.skip -= 1;
        continue;
      }
      if (pending.left > 0) pending.left -= 1;
      return pending.fault;
    }
    return undefined;
  }
}

function hits({ call }: Fault, key: string): boolean {
  return [call].flat().some((glob) => globMatches(key, glob));
}

function globMatches(text: string, glob: string): boolean {
  const source = glob.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 's').test(text);
}
