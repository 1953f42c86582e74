/** Makes a simulated account, and writes it to text and back. */
import type { Clock } from '../world/clock.js';
import type { ProcessId } from '../world/processes.js';
import { defaultZones } from './account/arns.js';
import { CompressedClock, VirtualClock } from './clock.js';
import type { Simulation } from './simulation.js';
import type { AccountState, RegionState } from './state.js';

/** A lock as its holder has it. */
export interface RehearsedLock {
  /** Since when nothing was heard of its holder, in ms since the epoch; undefined while it lives and is awake. */
  readonly silentSince: () => number | undefined;
  /** Tells its holder, as soon as that is awake, that another has it. */
  readonly lose: () => void;
}

/** An account with the clock that turns it and the locks that its processes hold. */
export interface Account extends Simulation {
  readonly clock: Clock;
  /** Locked paths, each with its holder. */
  readonly locks: Map<string, RehearsedLock>;
  /** A number for the next process. */
  readonly nextPid: () => number;
  /** Every process since the account was opened; what ran before that has ended. */
  readonly processes: { readonly id: ProcessId; readonly alive: () => boolean }[];
}

export interface AccountOptions {
  /** Virtual time at the start, in ms since the epoch; 2026-11-22T12:00:00Z when not given. */
  readonly now?: number;
  /** When given, time advances on its own, this many times faster than real time; otherwise it jumps (tests). */
  readonly speed?: number;
  readonly accountId?: string;
  readonly callerArn?: string;
}

/** An empty account: regions come into being, with three zones and no VPC, when they are first used. */
export function newAccount(options: AccountOptions = {}): Account {
  const accountId = options.accountId ?? '111122223333';
  return accountOver(emptyState(options, accountId), options.speed);
}

/**
 * Another account whose credentials are used on the same machines: files, locks, time and the clusters outside of AWS that are there
 * now are one, the rest is its own. A snapshot of it is no part of one of the first.
 */
export function neighbourOf(first: Account, accountId: string): Account {
  const { files, apis } = first.state;
  const plain = Object.fromEntries(Object.entries(apis).filter(([, { kind }]) => kind === 'plain'));
  const state = { ...emptyState({ now: first.now() }, accountId), files, apis: plain };
  const { clock, locks, nextPid, now } = first;
  return { ...accountOver(state, undefined), clock, locks, nextPid, now };
}

function emptyState(options: Pick<AccountOptions, 'now' | 'callerArn'>, accountId: string): AccountState {
  return {
    now: options.now ?? Date.parse('2026-11-22T12:00:00Z'),
    nextId: 1,
    accountId,
    callerArn: options.callerArn ?? `arn:aws:iam::${accountId}:user/you`,
    regions: {},
    apis: {},
    files: {},
    roles: [],
    oidcProviders: [],
    conditions: [],
  };
}

/** The account as text. */
export function snapshot(simulation: Simulation): string {
  return JSON.stringify(simulation.state);
}

/** An account from the text of a snapshot, going on at the moment at which that was taken. */
export function restore(text: string, speed?: number): Account {
  return accountOver(JSON.parse(text) as AccountState, speed);
}

function accountOver(state: AccountState, speed: number | undefined): Account {
  let pid = 0;
  const clock = speed === undefined ? new VirtualClock(state) : new CompressedClock(state, speed);
  return {
    state,
    clock,
    locks: new Map(),
    listeners: new Map(),
    nextPid: () => ++pid,
    processes: [],
    now: () => clock.now(),
    id: (prefix) => `${prefix}-${(state.nextId++).toString(16).padStart(17, '0')}`,
    region: (name) => {
      state.regions[name] ??= emptyRegion(name);
      return state.regions[name];
    },
  };
}

function emptyRegion(name: string): RegionState {
  return {
    vpcs: [],
    subnets: [],
    routeTables: [],
    natGateways: [],
    availabilityZones: defaultZones(name),
    clusters: {},
    stacks: [],
    instances: [],
    networkInterfaces: [],
    loadBalancers: [],
    volumes: [],
    securityGroups: [],
    logGroups: [],
  };
}
