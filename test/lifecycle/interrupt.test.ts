/** Ctrl-C once lets end what runs, twice stops it; both end with 130, say how to go on, and lose nothing. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { resourceIds } from '../rehearsal/resources.js';
import { inThisRun, passAll, upTo } from './cases.js';
import { cli, type Ended, type Interruptions, type RunOptions } from './cli.js';
import { down, expectGone, newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';
import { joinable, karmadaIn, resourcesOfOthers, withContexts } from './joinable.js';
import { expectNoTrace, mixedFleet, withLaptop } from './unjoined.js';

const limit = { timeout: 900_000 };

/** A verb that changes a fleet, and what is right when it has been carried out. */
interface Verb {
  readonly words: string;
  readonly options: RunOptions;
  /** Where it starts; each call answers a new account in the same state. */
  readonly machine: () => Promise<Account>;
  /** Carries out what is left, and looks at the outcome. */
  readonly finish: (account: Account) => Promise<void>;
}

const verbs: Readonly<Record<string, Verb>> = {
  up: {
    words: smallUp,
    options: {},
    machine: async () => newMachine(),
    finish: async (account) => {
      await succeed(account, smallUp);
      await readyStatus(account);
    },
  },
  join: {
    words: `join --cluster shop --context kind-edge --member name=new,vpc=main,mode=pull --yes --region ${region}`,
    options: withContexts,
    machine: joinable,
    finish: async (account) => {
      await succeed(account, verbs['join']?.words ?? '', withContexts);
      await readyStatus(account);
      await succeed(account, down, withContexts);
      expect(resourceIds(account)).toEqual(await resourcesOfOthers());
      expect(karmadaIn(account)).toEqual([]);
    },
  },
  unjoin: {
    words: 'unjoin own own-pull adopted-pull laptop --yes',
    options: withLaptop,
    machine: keeping(mixedFleet),
    finish: async (account) => {
      const again = await cli(account, verbs['unjoin']?.words ?? '', withLaptop);
      // When the parent knows that they left, nobody knows their names any more.
      if (again.code !== 0) expect(again.stderr).toContain('no member of the fleet is named');
      expectNoTrace(account, ['own', 'own-pull', 'adopted-pull', 'laptop']);
    },
  },
  down: {
    words: down,
    options: {},
    machine: keeping(async () => {
      const account = newMachine();
      await succeed(account, smallUp);
      return account;
    }),
    finish: async (account) => {
      await succeed(account, down);
      expectGone(account, resourceIds(newMachine()));
    },
  },
};

describe.each(inThisRun(Object.entries(verbs)))('%s', (name, verb) => {
  let events: readonly number[];

  beforeAll(async () => {
    const undisturbed = await succeed(await verb.machine(), verb.words, verb.options);
    // At the last two, the last step's end and the run's, nothing is left to be interrupted.
    events = upTo(undisturbed.events.length - 2);
  }, 120_000);

  it('lets end what runs at the first Ctrl-C, at every event', limit, async () => {
    await passAll(`${name} drained at event`, 5, events, async (drainAt) => {
      const { account, stopped } = await interrupted(verb, { drainAt });
      if (stopped.code === 0) return expectNothingLeft(stopped);
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toContain('stopping: letting running steps finish; press Ctrl-C again to abort them');
      expect(stopped.stderr).toMatch(/interrupted in .*not started/);
      expect(stopped.stderr).toContain('to continue: run the same command again; completed steps are not repeated');
      expect(stopped.events.filter(({ type }) => type === 'step-failed')).toEqual([]);
      await verb.finish(account);
    });
  });

  it('stops what runs at the second, at every event', limit, async () => {
    await passAll(`${name} stopped at event`, 5, events, async (drainAt) => {
      const { account, stopped } = await interrupted(verb, { drainAt, stopAt: drainAt + 1 });
      if (stopped.code === 0) return expectNothingLeft(stopped);
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toContain('aborting; run the same command again to continue');
      await verb.finish(account);
    });
  });
});

it('stops at once, not when the step would have ended', async () => {
  const account = newMachine();
  const undisturbed = await succeed(newMachine(), smallUp);
  const started = undisturbed.events.findIndex(({ type }) => type === 'step-progress') + 1;
  const stopped = await cli(account, smallUp, { drainAt: started, stopAt: started });
  expect(stopped.code).toBe(130);
  const [first, last] = [stopped.events.at(0), stopped.events.at(-1)];
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(60_000);
  expect(stopped.stderr).toMatch(/✖ create EKS cluster \S+ in us-west-2 was stopped/);
  expect(stopped.stderr).toContain('code: interrupted');
});

async function interrupted(
  { machine, words, options }: Verb,
  how: Interruptions,
): Promise<{ readonly account: Account; readonly stopped: Ended }> {
  const account = await machine();
  return { account, stopped: await cli(account, words, { ...options, ...how }) };
}

/** Too late: every step had been started, and has ended well. */
function expectNothingLeft({ events }: Ended): void {
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', report: { ok: true, notStarted: [] } });
}

/** Makes it once, and answers copies. */
function keeping(make: () => Promise<Account>): () => Promise<Account> {
  let made: Promise<string> | undefined;
  return async () => {
    made ??= make().then(snapshot);
    return restore(await made);
  };
}
