/** Makes the cases of the fault matrix out of the calls that an undisturbed run makes. */
import type { Fault, FaultKind, RecordedCall } from '../../src/rehearsal/faults.js';
import { allSecrets } from '../support/secrets.js';

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

/** What may happen to a call, by what it calls. */
function kindsFor(call: string): readonly FaultKind[] {
  if (call.startsWith('exec ')) return execKinds;
  if (call.startsWith('aws ')) return awsKinds;
  return call.startsWith('http ') ? ['fail', 'hang', 'garbage'] : ['fail'];
}

/** Two places in a run are one when they differ in time and number alone: names of logs and of short-lived files. */
function placeOf(key: string): string {
  return key
    .replace(/\/logs\/\d{4}-\d\d-\d\dT\d+-\d+-/, '/logs/*-')
    .replace(/\/tokens\/.*/, '/tokens/*')
    .replace(/ token delete \w+$/, ' token delete *');
}

/**
 * Every call at its first time and, where it is made again, at its last, with everything that may happen to such a call; and
 * every program and service that from its first call on always fails or always hangs.
 */
export function casesFor(calls: readonly RecordedCall[]): readonly Case[] {
  const places = new Map<string, RecordedCall[]>();
  for (const call of calls) {
    const place = placeOf(call.key);
    places.set(place, [...(places.get(place) ?? []), call]);
  }
  const ends = new Set<number>();
  return [...places].flatMap(([call, times]) => {
    const skips = times.length === 1 ? [0] : [0, times.length - 1];
    const once = skips.flatMap((skip) =>
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

/** What the process has to be given; programs that fail or talk nonsense tell every secret there is. */
export function disturbance({ call, kind, skip, lasting, at }: Case): {
  readonly faults?: readonly Fault[];
  readonly credentialsExpireAt?: number;
} {
  if (kind === 'expired') return { credentialsExpireAt: at };
  const loud = call.startsWith('exec ') && (kind === 'fail' || kind === 'garbage');
  const message = loud ? { message: `Error: it failed on purpose\n${allSecrets}` } : {};
  return { faults: [{ call, kind, skip, times: lasting ? -1 : 1, ...message }] };
}

/** As it stands in the list of failures. */
export function caseName({ call, kind, skip, lasting }: Case): string {
  return `${kind}${lasting ? ' for ever' : ''}: ${call}${skip === 0 ? '' : ` (the ${skip + 1}. time)`}`;
}

/** Every n-th case, so that so many are left; another part with each seed. */
export function sampleOf(cases: readonly Case[], count: number, seed: number): readonly Case[] {
  const step = Math.max(1, Math.ceil(cases.length / count));
  return cases.filter((_, index) => index % step === seed % step);
}
