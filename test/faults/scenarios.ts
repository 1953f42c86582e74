/** The runs that the fault matrix disturbs: `up`, `join`, `unjoin` and `down`, with members of every kind. */
import { expect } from 'vitest';
import { addTrustedRole, regionKey } from '../../src/rehearsal/account/other-accounts.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { newMachine, readyStatus, region, succeed } from '../lifecycle/fleet.js';
import { joinable, karmadaIn, resourcesOfOthers, withContexts } from '../lifecycle/joinable.js';
import { before as beforeLeftovers, goneFleet } from '../lifecycle/leftover-fleet.js';
import { plantAll } from '../lifecycle/leftover-things.js';
import { expectNoTrace, laptopKubeconfig, withLaptop } from '../lifecycle/unjoined.js';
import { addPlainCluster, plainKubeconfig } from '../rehearsal/plain-clusters.js';
import { resourceIds } from '../rehearsal/resources.js';

/** A run, from what it starts and where it has to come. */
export interface Scenario {
  readonly words: string;
  /** An account of its own at each call, always the same. */
  readonly account: () => Promise<Account>;
  readonly vars: { readonly vars: Readonly<Record<string, string>> };
  /** What the same command says once it has reached all: a run that is killed in its last moment has nothing to go on with. */
  readonly overSays?: string;
  /** Expects that the run has reached what it is for. */
  readonly expectDone: (account: Account) => Promise<void>;
  /** Expects that a `down` afterwards left the account as it was before there was a fleet. */
  readonly expectGone: (account: Account) => Promise<void>;
}

const before = resourceIds(mixedMachine());
const adopted = ['adopted', 'laptop'];
const membersLeft = 'no member of the fleet is named';
let made: string | undefined;

/** A cluster that exists and one that is not in EKS. */
function mixedMachine(): Account {
  const account = newMachine();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'others' });
  addExistingCluster(account, {
    region,
    name: 'adopted',
    vpcId: vpc.id,
    subnetIds: privateSubnets.map(({ id }) => id),
  });
  const api = addPlainCluster(account, { name: 'laptop', server: 'https://192.0.2.7:6443', provider: 'kind' });
  account.state.files[laptopKubeconfig] = plainKubeconfig(api, 'laptop');
  return account;
}

const up = [
  `up --region ${region} --vpc main --yes`,
  '--member name=own',
  '--member name=adopted,existing=true,mode=pull',
  '--member name=laptop,context=laptop',
].join(' ');

async function mixedFleet(): Promise<Account> {
  if (made === undefined) {
    const account = mixedMachine();
    await succeed(account, up, withLaptop);
    made = snapshot(account);
  }
  return restore(made);
}

async function expectNothingOfTheFleet(account: Account): Promise<void> {
  expectResources(account, before);
  expectNoTrace(account, adopted);
}

/** What is left and what is gone, rather than two long lists. */
function expectResources(account: Account, wanted: readonly string[]): void {
  const there = resourceIds(account);
  const left = there.filter((id) => !wanted.includes(id));
  const gone = wanted.filter((id) => !there.includes(id));
  expect(left.join(), 'left').toBe('');
  expect(gone.join(), 'gone').toBe('');
}

async function expectMembers(account: Account, names: readonly string[]): Promise<void> {
  const { members } = (await readyStatus(account, ` --fleet karmada --region ${region}`)) as {
    members: readonly { name: string }[];
  };
  expect(members.map(({ name }) => name).sort()).toEqual([...names].sort());
}

const other = '444455556666';
const joinThere = `join --member name=there,vpc=theirs,account=${other},role=fleets --yes --fleet karmada --region ${region}`;

/** Another account with a VPC, which a role leads to. */
function withOther(account: Account): Account {
  addTrustedRole(account, { account: other, role: 'fleets' });
  addVpc(account, { region: regionKey(other, region), name: 'theirs' });
  return account;
}

const beforeThere = resourceIds(withOther(mixedMachine()));

async function expectNothingThere(account: Account): Promise<void> {
  expectResources(account, beforeThere);
  expectNoTrace(account, adopted);
}

let madeBeside: string | undefined;
let madeInTwo: string | undefined;

/** The same fleet, where there is another account. */
async function fleetBeside(): Promise<Account> {
  if (madeBeside === undefined) {
    const account = withOther(mixedMachine());
    await succeed(account, up, withLaptop);
    madeBeside = snapshot(account);
  }
  return restore(madeBeside);
}

async function fleetInTwo(): Promise<Account> {
  if (madeInTwo === undefined) {
    const account = await fleetBeside();
    await succeed(account, joinThere, withLaptop);
    madeInTwo = snapshot(account);
  }
  return restore(madeInTwo);
}

const inOwnVpc = `up --region ${region} --create-vpc --yes --member name=own,mode=pull`;
const beforeOwnVpc = resourceIds(newMachine());

/** By what is done. */
export const scenarios: Readonly<
  Record<
    | 'up'
    | 'up in its own VPC'
    | 'down of its own VPC'
    | 'join'
    | 'unjoin'
    | 'unjoin and delete'
    | 'join in another account'
    | 'unjoin and delete in another account'
    | 'down in another account'
    | 'down'
    | 'down with leftovers',
    Scenario
  >
> = {
  up: {
    words: up,
    account: async () => mixedMachine(),
    vars: withLaptop,
    expectDone: (account) => expectMembers(account, ['own', 'adopted', 'laptop']),
    expectGone: expectNothingOfTheFleet,
  },
  'up in its own VPC': {
    words: inOwnVpc,
    account: async () => newMachine(),
    vars: { vars: {} },
    expectDone: (account) => expectMembers(account, ['own']),
    expectGone: async (account) => expectResources(account, beforeOwnVpc),
  },
  'down of its own VPC': {
    words: 'down --yes --confirm karmada',
    overSays: 'there is no terminal to ask for it: region',
    account: async () => {
      const account = newMachine();
      await succeed(account, inOwnVpc);
      return account;
    },
    vars: { vars: {} },
    expectDone: async (account) => expectResources(account, beforeOwnVpc),
    expectGone: async (account) => expectResources(account, beforeOwnVpc),
  },
  join: {
    words: `join --cluster shop --context kind-edge --member name=far,vpc=main,mode=pull --yes --fleet karmada --region ${region}`,
    account: joinable,
    vars: { vars: { KUBECONFIG: withContexts.vars?.['KUBECONFIG'] ?? '' } },
    expectDone: (account) => expectMembers(account, ['one', 'two', 'shop', 'kind-edge', 'far']),
    expectGone: async (account) => {
      expectResources(account, await resourcesOfOthers());
      expect(karmadaIn(account)).toEqual([]);
    },
  },
  unjoin: {
    words: 'unjoin own adopted laptop --yes',
    overSays: membersLeft,
    account: mixedFleet,
    vars: withLaptop,
    expectDone: async (account) => {
      await expectMembers(account, []);
      expectNoTrace(account, adopted);
    },
    expectGone: expectNothingOfTheFleet,
  },
  'unjoin and delete': {
    words: 'unjoin own --delete-cluster --yes',
    overSays: membersLeft,
    account: mixedFleet,
    vars: withLaptop,
    expectDone: async (account) => {
      await expectMembers(account, adopted);
      expect(resourceIds(account).filter((id) => /\bown\b/.test(id))).toEqual([]);
    },
    expectGone: expectNothingOfTheFleet,
  },
  'join in another account': {
    words: joinThere,
    account: fleetBeside,
    vars: withLaptop,
    expectDone: (account) => expectMembers(account, ['own', 'there', ...adopted]),
    expectGone: expectNothingThere,
  },
  'unjoin and delete in another account': {
    words: 'unjoin there --delete-cluster --yes',
    overSays: membersLeft,
    account: fleetInTwo,
    vars: withLaptop,
    expectDone: async (account) => {
      await expectMembers(account, ['own', ...adopted]);
      expect(resourceIds(account).filter((id) => /\bthere\b/.test(id))).toEqual([]);
    },
    expectGone: expectNothingThere,
  },
  'down in another account': {
    words: 'down --yes --confirm karmada',
    overSays: 'there is no terminal to ask for it: region',
    account: fleetInTwo,
    vars: withLaptop,
    expectDone: expectNothingThere,
    expectGone: expectNothingThere,
  },
  down: {
    words: 'down --yes --confirm karmada',
    // Where its fleet is, this machine no longer knows.
    overSays: 'there is no terminal to ask for it: region',
    account: mixedFleet,
    vars: withLaptop,
    expectDone: expectNothingOfTheFleet,
    expectGone: expectNothingOfTheFleet,
  },
  'down with leftovers': {
    words: `down --yes --confirm karmada --fleet karmada --region ${region} --remove-leftovers`,
    overSays: `no fleet karmada in ${region}`,
    account: async () => {
      const account = await goneFleet();
      plantAll(account);
      return account;
    },
    vars: { vars: {} },
    expectDone: async (account) => expectResources(account, beforeLeftovers),
    expectGone: async (account) => expectResources(account, beforeLeftovers),
  },
};
