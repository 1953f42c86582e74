/** Finds canaries that were changed or are gone. */
import { isDeepStrictEqual } from 'node:util';
import type { Account } from '../../src/rehearsal/account.js';
import type { AccountState, ApiState, KubeObjectState, RegionState } from '../../src/rehearsal/state.js';
import { keyOf, lists, type Planted } from './plant.js';

/** What happened to each that is not as it was, one line each. */
export function touchedCanaries({ state }: Account, { accounts, files, objects }: Planted): readonly string[] {
  return [
    ...accounts.flatMap((planted) => inAccount(planted, state)),
    ...Object.entries(files).flatMap(([path, text]) => compared(`file ${path}`, text, state.files[path])),
    ...objects.flatMap(({ api, wanted }) => (isLeft(state, api) ? inApi(api.key, wanted, api.objects) : [])),
  ];
}

/** How many there are. */
export function countOf({ accounts, files, objects }: Planted): number {
  const regions = accounts.flatMap((planted) => Object.values(planted.regions));
  const counts = [
    ...regions.map(({ clusters }) => Object.keys(clusters).length),
    ...regions.flatMap((region) => lists.map((list) => region[list]?.length ?? 0)),
    ...accounts.map(({ roles, oidcProviders }) => roles.length + oidcProviders.length),
    ...accounts.flatMap(({ apis }) => Object.values(apis).map((api) => Object.keys(api.objects).length)),
    ...objects.map(({ wanted }) => Object.keys(wanted).length),
    Object.keys(files).length,
  ];
  return counts.reduce((sum, each) => sum + each, 0);
}

function inAccount(planted: AccountState, state: AccountState): readonly string[] {
  const { roles, roleParts = {}, oidcProviders, oidcTags = {} } = planted;
  const role = (name: string): unknown => (state.roles.includes(name) ? (state.roleParts?.[name] ?? {}) : undefined);
  const provider = (arn: string): unknown => (state.oidcProviders.includes(arn) ? state.oidcTags?.[arn] : undefined);
  return [
    ...Object.entries(planted.regions).flatMap(([name, region]) => inRegion(name, region, state.regions[name])),
    ...roles.flatMap((name) => compared(`role ${name}`, roleParts[name] ?? {}, role(name))),
    ...oidcProviders.flatMap((arn) => compared(`oidc-provider ${arn}`, oidcTags[arn] ?? {}, provider(arn))),
    ...Object.entries(planted.apis).flatMap(([key, { objects }]) =>
      inApi(key, objects, state.apis[key]?.objects ?? {}),
    ),
  ];
}

/** A cluster that is gone took what was in it along: whether it may be gone is asked elsewhere. */
function isLeft(state: AccountState, api: ApiState): boolean {
  return state.apis[api.key] === api;
}

function inRegion(name: string, planted: RegionState, here: RegionState | undefined): readonly string[] {
  const ofLists = lists.flatMap((list) => {
    const there = new Map((here?.[list] ?? []).map((item) => [keyOf(item), item]));
    return (planted[list] ?? []).flatMap((item) =>
      compared(`${name} ${list} ${keyOf(item)}`, item, there.get(keyOf(item))),
    );
  });
  const ofClusters = Object.entries(planted.clusters).flatMap(([cluster, wanted]) =>
    compared(`${name} cluster ${cluster}`, wanted, here?.clusters[cluster]),
  );
  return [...ofLists, ...ofClusters];
}

function inApi(
  api: string,
  wanted: Readonly<Record<string, KubeObjectState>>,
  there: Readonly<Record<string, KubeObjectState>>,
): readonly string[] {
  return Object.entries(wanted).flatMap(([key, object]) => {
    return compared(`${api} ${key}`, object, seen(there[key]));
  });
}

/** What kubectl shows: not the notes that the simulated controllers keep, which is all that time alone changes. */
function seen(object: KubeObjectState | undefined): object | undefined {
  if (object === undefined) return undefined;
  const { rehearsal: _, ...shown } = object;
  return shown;
}

function compared(what: string, wanted: object | string, found: unknown): readonly string[] {
  // Texts are compared first: that is much quicker, and nearly always enough.
  if (JSON.stringify(wanted) === JSON.stringify(found) || isDeepStrictEqual(wanted, found)) return [];
  return [found === undefined ? `${what} is gone` : `${what} was changed`];
}
