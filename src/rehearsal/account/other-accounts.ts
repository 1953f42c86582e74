/**
 * Other accounts of the simulated AWS, which roles lead to. Their regions are beside those of the first, under `<account>/<region>`, so that
 * everything that runs in clusters runs alike in all of them; what IAM has is each account's own.
 */
import { AwsError } from '../aws/answer.js';
import type { Simulation } from '../simulation.js';
import type { OtherAccountState } from '../state.js';

/** Key of a region of another account in the state. */
export function regionKey(accountId: string, region: string): string {
  return `${accountId}/${region}`;
}

/** The region's own name, whichever account it is of. */
export function nameOfRegion(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

/** The account that a region is of, by its key; undefined: the first one. */
export function accountOfRegion(key: string): string | undefined {
  return key.includes('/') ? key.slice(0, key.indexOf('/')) : undefined;
}

/** The key of a region as the account that is looked from has it; what is a key already stays so. */
export function keyOfRegion({ seenFrom }: Pick<Simulation, 'seenFrom'>, region: string): string {
  return seenFrom === undefined || region.includes('/') ? region : regionKey(seenFrom, region);
}

/** The same simulation with the IAM of the account that a region is of, by its key. */
export function withIamOf(simulation: Simulation, key: string): Simulation {
  const account = accountOfRegion(key);
  const own = account === undefined ? undefined : simulation.state.accounts?.[account];
  if (account === undefined || own === undefined) return simulation;
  return seenFrom(simulation, account, own, simulation.state.callerArn);
}

export interface TrustedRole {
  readonly account: string;
  readonly role: string;
  /** ARNs that it trusts, of identities or of an account's root; the first account when not given. */
  readonly principals?: readonly string[];
  readonly externalId?: string;
}

/** Makes a role in another account, and that account where it is not there yet. */
export function addTrustedRole(
  { state }: Pick<Simulation, 'state'>,
  { account, role, principals = [`arn:aws:iam::${state.accountId}:root`], externalId }: TrustedRole,
): void {
  state.accounts ??= {};
  const own = state.accounts[account] ?? { roles: [], oidcProviders: [], trusts: {} };
  state.accounts[account] = own;
  own.trusts[role] = { principals: [...principals], ...(externalId !== undefined && { externalId }) };
}

interface Assumed {
  readonly role: string;
  readonly externalId?: string | undefined;
  readonly session: string;
}

/** The account as its role sees it. Throws STS's error for one that does not trust the caller, is not there, or wants another external ID: it tells none apart. */
export function assume(simulation: Simulation, { role: arn, externalId, session }: Assumed): Simulation {
  const { state } = simulation;
  const [, account = '', role = ''] = /^arn:[\w-]+:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  const own = state.accounts?.[account];
  const trust = own?.trusts[role];
  const caller = state.callerArn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2');
  const isTrusted = trust?.principals.some((each) => each === caller || each.endsWith(`::${state.accountId}:root`));
  const isMeant = trust?.externalId === undefined || trust.externalId === externalId;
  if (own === undefined || isTrusted !== true || !isMeant) {
    const text = `User: ${state.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    throw new AwsError('AccessDenied', text, 403);
  }
  return seenFrom(simulation, account, own, `arn:aws:sts::${account}:assumed-role/${role}/${session}`);
}

/** The simulation with that account's own IAM; the rest is that of all accounts. */
function seenFrom(simulation: Simulation, accountId: string, own: OtherAccountState, callerArn: string): Simulation {
  const state = Object.create(simulation.state, {
    accountId: { value: accountId },
    callerArn: { value: callerArn },
    ...Object.fromEntries(
      ownKeys.map((key) => [
        key,
        { get: () => own[key], set: (value: never) => void Object.assign(own, { [key]: value }), enumerable: true },
      ]),
    ),
  }) as Simulation['state'];
  const region: Simulation['region'] = (name) => simulation.region(keyOfRegion({ seenFrom: accountId }, name));
  return { ...simulation, state, region, seenFrom: accountId, whole: simulation.whole ?? simulation };
}

const ownKeys = [
  'roles',
  'oidcProviders',
  'oidcTags',
  'iamCreated',
  'policies',
  'roleParts',
  'quotas',
  'disabledRegions',
] as const satisfies readonly (keyof OtherAccountState)[];
