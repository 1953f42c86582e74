/** Makes the cases of the fault matrix out of the calls that an undisturbed run makes. */
import type { FaultKind, RecordedCall } from '../../src/rehearsal/faults.js';
import { allSecrets } from '../commands/support-bundle/secrets.js';
import type { Trial } from './tried.js';

/** One disturbance of one run. */
export interface Case {
  readonly call: string;
  readonly kind: FaultKind;
  /** So many calls of this key pass first. */
  readonly skip: number;
  /** Only this call, or from it on all of this key. */
  readonly lasting: boolean;
  /** The virtual moment of the call in the undisturbed run. */
  readonly at: number;
}

const execKinds: readonly FaultKind[] = ['fail', 'hang', 'throttle', 'expired', 'die-half-way', 'no-effect', 'garbage'];
const awsKinds: readonly FaultKind[] = ['fail', 'hang', 'throttle', 'expired'];
const writeKinds: readonly FaultKind[] = ['fail', 'hang', 'die-half-way', 'no-effect'];

/** What may happen to a call, by how its key begins; the first that fits. */
const kinds: readonly (readonly [RegExp, readonly FaultKind[]])[] = [
  [/^exec /, execKinds],
  [/^aws /, awsKinds],
  [/^http |^file read /, ['fail', 'hang', 'garbage']],
  [/^file (write|append|remove) /, writeKinds],
  [/^file (lock|list|facts) /, ['fail', 'hang']],
  [/^file tool-write /, ['fail']],
];

function kindsFor(call: string): readonly FaultKind[] {
  return kinds.find(([pattern]) => pattern.test(call))?.[1] ?? [];
}

/** Two places in a run are one when the same line of the program makes them: the logs of commands, short-lived files. */
function placeOf(key: string): string {
  return key
    .replace(/\/logs\/\d{4}-\d\d-\d\dT\d+-\d+-.*/, '/logs/*-*')
    .replace(/\/tokens\/.*/, '/tokens/*')
    .replace(/ token delete \w+$/, ' token delete *');
}

/** At which times a call is disturbed that is made so often: the first, the last, one between, and three of eight or more. */
function timesOf(count: number): readonly number[] {
  const between = count < 8 ? [2 / 4] : [1 / 4, 2 / 4, 3 / 4];
  return [...new Set([0, ...between.map((part) => Math.floor((count - 1) * part)), count - 1])];
}

/**
 * Every call at its first time, its last, and some between, with everything that may happen to such a call; and every program
 * and service that from its first call on always fails or always hangs.
 */
export function casesFor(calls: readonly RecordedCall[]): readonly Case[] {
  const places = new Map<string, RecordedCall[]>();
  for (const call of calls) {
    const place = placeOf(call.key);
    places.set(place, [...(places.get(place) ?? []), call]);
  }
  const ends = new Set<number>();
  return [...places].flatMap(([call, times]) => {
    const once = timesOf(times.length).flatMap((skip) =>
      kindsFor(call).map((kind) => ({ call, kind, skip, lasting: false, at: times[skip]?.at ?? 0 })),
    );
    const lasting = (['fail', 'hang'] as const).map((kind) => ({ call, kind, skip: 0, lasting: true, at: 0 }));
    return [...once, ...(call.startsWith('file ') || times.length === 1 ? [] : lasting)].filter(isNew);
  });

  /** Credentials that end at one moment end for all calls of that moment. */
  function isNew({ kind, at }: Case): boolean {
    if (kind !== 'expired') return true;
    if (ends.has(at)) return false;
    ends.add(at);
    return true;
  }
}

/** What is tried of it; programs that fail or talk nonsense tell every secret there is. */
export function trialOf(each: Case): Trial {
  const { call, kind, skip, lasting, at } = each;
  const isFile = call.startsWith('file ');
  const loud = call.startsWith('exec ') && (kind === 'fail' || kind === 'garbage');
  const message = loud ? { message: `Error: it failed on purpose\n${allSecrets}` } : {};
  return {
    options:
      kind === 'expired'
        ? { credentialsExpireAt: at }
        : { faults: [{ call, kind, skip, times: lasting ? -1 : 1, ...message }] },
    // A refusal for the rate of calls is waited for.
    mustPass: kind === 'throttle' && call.startsWith('aws ') && !lasting,
    // A file is written by the process itself: half a write is its death.
    mustDie: isFile && kind === 'die-half-way',
    mayBeOver: isFile && kind === 'die-half-way',
    mayLeaveTokens: isFile,
    mayLeaveKeys: isFile && kind === 'die-half-way',
    toString: () => caseName(each),
  };
}

/** As it stands in the list of failures. */
function caseName({ call, kind, skip, lasting }: Case): string {
  return `${kind}${lasting ? ' for ever' : ''}: ${call}${skip === 0 ? '' : ` (the ${skip + 1}. time)`}`;
}
