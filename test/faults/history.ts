/** Lives of a fleet as plain data: what people and machines do to it, one thing after another, and how each is done. */
import fc from 'fast-check';
import type { Account } from '../../src/rehearsal/account.js';
import { putDatabase, putShop } from '../canaries/users.js';
import type { RunOptions } from '../lifecycle/cli.js';
import { region, smallUp } from '../lifecycle/fleet.js';

/** The program is run. */
export interface Run {
  readonly words: string;
  /** On the second machine. */
  readonly elsewhere: boolean;
  /** With the credentials of another account. */
  readonly otherAccount: boolean;
  /** kill -9: at this event, or after so many minutes. */
  readonly kill: { readonly killAt: number } | { readonly killAfterMs: number } | undefined;
}

/** Something else happens to the account or to a machine. */
export type Event = keyof typeof byHand;

export type Happening = Run | Event;

const named = ` --fleet karmada --region ${region}`;
const parent = 'karmada-parent';

const up = smallUp;
const down = `down --yes --confirm karmada${named}`;

/** What people run, and how often. */
const words = fc.oneof(
  { weight: 6, arbitrary: fc.constant(up) },
  { weight: 4, arbitrary: fc.constantFrom(down, `${down} --remove-leftovers`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(`join --cluster shop --yes${named}`, `join --context kind-edge --yes${named}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      `unjoin one --yes${named}`,
      `unjoin two --delete-cluster --yes${named}`,
      `unjoin shop --yes${named}`,
      `unjoin kind-edge --force --yes${named}`,
    ),
  },
);

const kill = fc.option(
  fc.oneof(
    fc.integer({ min: 1, max: 120 }).map((killAt) => ({ killAt })),
    fc.integer({ min: 0, max: 40 * 60_000 }).map((killAfterMs) => ({ killAfterMs })),
  ),
  { nil: undefined },
);

const run: fc.Arbitrary<Run> = fc.record({
  words,
  elsewhere: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  otherAccount: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  kill,
});

/** What people do without the program, and what befalls a fleet. */
export const byHand = {
  'an hour passes': async (account: Account) => await account.clock.sleep(3_600_000),
  'a shop is put into Karmada': (account: Account) => putShop(account, `karmada/${region}/${parent}`),
  'a database is put into the parent': (account: Account) => putDatabase(account, `eks/${region}/${parent}`),
  'the mark that Karmada is installed is lost': (account: Account) => delete mark(account)?.metadata.annotations,
  'the description in the parent is lost': (account: Account) =>
    delete account.state.apis[`eks/${region}/${parent}`]?.objects['configmaps/karmada-system/karmada-eks'],
  'the record of this machine is lost': (account: Account) => forget(account, (path) => path.endsWith('/fleet.json')),
  'this machine is a new one': (account: Account) => forget(account, (path) => path.includes('/karmada-eks/')),
  'the nodes of the parent are called unhealthy': (account: Account) => degrade(account, parent),
  'the nodes of a member are called unhealthy': (account: Account) => degrade(account, 'one'),
  'an add-on of the parent is called unhealthy': (account: Account) => {
    const addon = account.state.regions[region]?.clusters[parent]?.addons['coredns'];
    if (addon?.status === 'ACTIVE') Object.assign(addon, { status: 'DEGRADED', issues: [unhealthy] });
  },
  'a foreign cluster gets the tag of the fleet': (account: Account) => {
    const tags = account.state.regions[region]?.clusters['shop']?.tags;
    if (tags !== undefined) Object.assign(tags, fleetTags(account));
  },
  'a foreign volume gets the tag of the fleet': (account: Account) => {
    for (const { sizeGiB, tags } of account.region(region).volumes) {
      if (sizeGiB === foreignGib) Object.assign(tags, fleetTags(account));
    }
  },
} as const;

/** By this size the foreign volume is known that may get the fleet's tag. */
export const foreignGib = 777;

const unhealthy = {
  code: 'AsgInstanceLaunchFailures',
  message: 'You have requested more vCPU capacity than your limit',
};

function degrade(account: Account, cluster: string): void {
  const group = Object.values(account.state.regions[region]?.clusters[cluster]?.nodeGroups ?? {})[0];
  if (group?.status === 'ACTIVE') Object.assign(group, { status: 'DEGRADED', issues: [unhealthy] });
}

function mark(account: Account) {
  return account.state.apis[`eks/${region}/${parent}`]?.objects['configmaps/karmada-system/karmada-eks'];
}

/** Whatever the parent carries that says whose it is. */
function fleetTags(account: Account): Readonly<Record<string, string>> {
  const tags = account.state.regions[region]?.clusters[parent]?.tags ?? {};
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith('karmada-eks/')));
}

/** Files under the home of the first machine. */
function forget(account: Account, isGone: (path: string) => boolean): void {
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith('/home/you/') && isGone(path)) delete account.state.files[path];
  }
}

const event = fc.constantFrom(...(Object.keys(byHand) as Event[]));

/** One to seven happenings; what people run is half of them. */
export const histories: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: run as fc.Arbitrary<Happening> }, { weight: 2, arbitrary: event }),
  { minLength: 1, maxLength: 7 },
);

/** How a run is started. */
export function optionsOf({ elsewhere, kill }: Run, vars: Readonly<Record<string, string>>): RunOptions {
  return { vars, ...(elsewhere ? { host: 'other' } : {}), ...kill };
}

export const ends = { up, down };
