/** Watches an account while the program runs on it: its canaries, and what is lost of all that works or holds data. */
import type { Destruction } from '../../src/engine/destruction.js';
import type { RunEvent } from '../../src/engine/events.js';
import type { Account } from '../../src/rehearsal/account.js';
import { isAgreed, lost } from './losses.js';
import { type Planted, plant, unplant } from './plant.js';
import { countOf, touchedCanaries } from './untouched.js';
import { keyOf, type ValuableKind, type Valuables, valuablesOf } from './valuables.js';

/** Of one account: several runs may go on at once. */
interface Watch {
  readonly planted: Planted;
  readonly before: Valuables;
  readonly agreed: Destruction[];
  runs: number;
}

const watches = new WeakMap<Account, Watch>();

/** What was audited in this process, for the line that a test file ends with. */
export const audited = { runs: 0, canaries: 0, losses: 0, agreed: 0 };

/** The kinds whose loss is an error unless it was agreed to. */
export const guarded: readonly ValuableKind[] = [
  'EKS cluster',
  'nodes',
  'Karmada control plane',
  'object in Karmada',
  'volume',
  'claim',
  'workload',
  'namespace',
];

/**
 * Runs something with the canaries planted; it passes on the events of the run.
 * @throws an error that names every canary that was touched, and every loss that nobody agreed to
 */
export async function watched<T>(
  account: Account,
  run: (onEvent: (event: RunEvent) => void) => Promise<T>,
): Promise<T> {
  const watch = watches.get(account) ?? begun(account);
  watches.set(account, watch);
  watch.runs += 1;
  try {
    return await run((event) => {
      if (event.type === 'run-started') watch.agreed.push(...event.agreed);
    });
  } finally {
    watch.runs -= 1;
    const wrong = audit(account, watch);
    if (watch.runs === 0) {
      unplant(account, watch.planted);
      watches.delete(account);
    }
    refuse(wrong);
  }
}

function begun(account: Account): Watch {
  const before = valuablesOf(account);
  return { planted: plant(account), before, agreed: [], runs: 0 };
}

function audit(account: Account, { planted, before, agreed }: Watch): readonly string[] {
  const losses = lost(before, valuablesOf(account));
  const unagreed = losses.filter((each) => !isAgreed(each, agreed));
  audited.runs += 1;
  audited.canaries += countOf(planted);
  audited.losses += losses.length;
  audited.agreed += losses.length - unagreed.length;
  return [
    ...touchedCanaries(account, planted),
    ...unagreed
      .filter(({ kind }) => guarded.includes(kind))
      .map((each) => `${keyOf(each)} was lost, and nobody agreed to that`),
  ];
}

function refuse(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(`the audit of the run found:\n${wrong.join('\n')}`);
}
