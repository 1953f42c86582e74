/** Puts the canaries into an account, and takes them out again, so that a test sees its account as it made it. */
import { type Account, newAccount, snapshot } from '../../src/rehearsal/account.js';
import { forgetIndex, touch } from '../../src/rehearsal/kube/api-server/object-index.js';
import type { AccountState, ApiState, KubeObjectState, RegionState } from '../../src/rehearsal/state.js';
import { foreignAws, type SharedPlace } from './foreign-aws.js';
import { foreignFiles } from './foreign-files.js';
import { foreignObjects } from './foreign-objects.js';
import { markPlace } from './look-alikes.js';

/** What was planted, in the form in which it must still be there. */
export interface Planted {
  /** Accounts that have nothing else: clusters, roles, whole APIs. */
  readonly accounts: readonly AccountState[];
  readonly files: Readonly<Record<string, string>>;
  /** Objects in APIs that were there already. */
  readonly objects: readonly { readonly api: ApiState; readonly wanted: Readonly<Record<string, KubeObjectState>> }[];
}

/** The lists of a region whose items are found by an id, a name, or an ARN. */
export const lists = [
  'vpcs',
  'subnets',
  'routeTables',
  'natGateways',
  'stacks',
  'instances',
  'networkInterfaces',
  'loadBalancers',
  'targetGroups',
  'volumes',
  'securityGroups',
  'logGroups',
] as const;

/** By what an item of a list is known. */
export function keyOf(item: { readonly id?: string; readonly name?: string }): string {
  return item.id ?? item.name ?? '';
}

/** Far from the ids that the account gives itself. */
const firstId = 0xca0_0000;

/** Somebody else's things were there long before. */
const longAgo = Date.parse('2025-11-22T12:00:00Z');

/** A planted account as text, from which a copy is made quickly, and as what must still be there after a run. */
interface Template {
  readonly text: string;
  readonly wanted: AccountState;
}

/** Built once for each place: a plant must cost next to nothing. */
const templates = new Map<string, Template>();

/** Every region with a network, every cluster and every Karmada that has members gets its canaries. */
export function plant(account: Account): Planted {
  const { state } = account;
  const found = templatesFor(account);
  const objects = plantObjects(state);
  for (const { text } of found) {
    const copy = JSON.parse(text) as AccountState;
    for (const [name, region] of Object.entries(copy.regions)) addRegion(account.region(name), region);
    state.roles.push(...copy.roles);
    state.oidcProviders.push(...copy.oidcProviders);
    state.roleParts = { ...state.roleParts, ...copy.roleParts };
    state.oidcTags = { ...state.oidcTags, ...copy.oidcTags };
    Object.assign(state.apis, copy.apis);
  }
  Object.assign(state.files, foreignFiles);
  return { accounts: found.map(({ wanted }) => wanted), objects, files: foreignFiles };
}

/** Takes out what is still there. */
export function unplant({ state }: Account, { accounts, files, objects }: Planted): void {
  for (const planted of accounts) {
    for (const [name, region] of Object.entries(planted.regions)) removeRegion(state.regions[name], region);
    for (const key of Object.keys(planted.apis)) delete state.apis[key];
    for (const role of planted.roles) delete state.roleParts?.[role];
    for (const arn of planted.oidcProviders) delete state.oidcTags?.[arn];
  }
  const roles = new Set(accounts.flatMap((each) => each.roles));
  const providers = new Set(accounts.flatMap((each) => each.oidcProviders));
  state.roles = state.roles.filter((role) => !roles.has(role));
  state.oidcProviders = state.oidcProviders.filter((arn) => !providers.has(arn));
  for (const key of Object.keys(files)) delete state.files[key];
  for (const { api, wanted } of objects) forget(api, Object.keys(wanted));
}

function forget(api: ApiState, keys: readonly string[]): void {
  for (const key of keys) delete api.objects[key];
  forgetIndex(api.objects);
  touch(api);
}

/** The fleet's mark as AWS has it, so that what resembles it resembles it whatever it is made of. */
function markIn(state: AccountState): string {
  for (const { clusters, stacks } of Object.values(state.regions)) {
    for (const { tags } of [...Object.values(clusters), ...stacks]) {
      const mark = tags['karmada-eks/fleet'];
      if (mark !== undefined) return mark;
    }
  }
  return 'karmada.us-west-2';
}

function templatesFor({ state }: Account): readonly Template[] {
  const mark = markIn(state);
  return Object.entries(state.regions).flatMap(([name, { vpcs, subnets }]) => {
    const subnet = subnets[0];
    if (vpcs.length === 0 || subnet === undefined) return [];
    const place = { vpcId: subnet.vpcId, subnetId: subnet.id, zone: subnet.zone };
    const key = JSON.stringify([state.accountId, name, place, mark]);
    const template = templates.get(key) ?? templateOf(state.accountId, name, place, mark);
    templates.set(key, template);
    return [template];
  });
}

function templateOf(accountId: string, region: string, place: SharedPlace, mark: string): Template {
  const scratch = newAccount({ accountId, now: longAgo });
  scratch.state.nextId = firstId;
  foreignAws(scratch, region, place);
  const text = snapshot(scratch).replaceAll(markPlace, JSON.stringify(mark).slice(1, -1));
  return { text, wanted: JSON.parse(text) as AccountState };
}

function addRegion(here: RegionState, planted: RegionState): void {
  for (const list of lists) {
    const more: object[] = planted[list] ?? [];
    const there: object[] = here[list] ?? [];
    there.push(...more);
    Object.assign(here, { [list]: there });
  }
  Object.assign(here.clusters, planted.clusters);
}

function removeRegion(here: RegionState | undefined, planted: RegionState): void {
  if (here === undefined) return;
  for (const list of lists) {
    const ours = new Set((planted[list] ?? []).map(keyOf));
    const there: readonly { readonly id?: string; readonly name?: string }[] = here[list] ?? [];
    Object.assign(here, { [list]: there.filter((item) => !ours.has(keyOf(item))) });
  }
  for (const name of Object.keys(planted.clusters)) delete here.clusters[name];
}

const foreignTexts = {
  parent: JSON.stringify(foreignObjects.parent),
  member: JSON.stringify(foreignObjects.member),
  karmada: JSON.stringify(foreignObjects.karmada),
};

/** Into what is there already, but for a Karmada that has no member yet: `up` may still be making that. */
function plantObjects(state: AccountState): Planted['objects'] {
  const inUse = Object.values(state.apis).filter(
    ({ kind, objects }) => kind !== 'karmada' || Object.keys(objects).some((key) => key.startsWith('clusters//')),
  );
  return inUse.map((api) => {
    const place = placeOf(api);
    Object.assign(api.objects, JSON.parse(foreignTexts[place]));
    forgetIndex(api.objects);
    touch(api);
    return { api, wanted: foreignObjects[place] };
  });
}

/** A claim keeps the simulated controllers busy: one is planted only where there are others. */
function placeOf({ kind, objects }: ApiState): keyof typeof foreignObjects {
  if (kind === 'karmada') return kind;
  return Object.keys(objects).some((key) => key.startsWith('persistentvolumeclaims/')) ? 'parent' : 'member';
}
