/** Completion values that must be looked up: fleets, their members, VPCs. */

import type { Session } from '../commands/shared/session.js';
import { defaults } from '../fleet/defaults.js';
import { describeMember, type Fleet, type Member, withFormer } from '../fleet/fleet.js';
import { resolveFleet } from '../fleet/resolve.js';
import { rawSuggestion } from '../options/request.js';
import type { OptionsOf } from '../options/table.js';
import { readRecord } from '../ownership/fleet-record.js';
import { knownFleets } from '../state/known-fleets.js';
import type { SearchedArgument } from './command-table.js';

/** A value with a few words on it. */
export interface Suggestion {
  readonly value: string;
  readonly about: string;
}

/** Nobody waits longer than this for a key that was pressed; in ms. */
const patienceMs = 2_000;

type Named = OptionsOf<'fleet' | 'region'>;
type Search = (session: Session, typed: Named) => Promise<readonly Suggestion[]>;

/** Flags, without their dashes, and arguments whose values must be looked up. */
export type Searched = 'fleet' | 'confirm' | 'member' | 'vpc' | SearchedArgument;

const searches: Readonly<Record<Searched, Search>> = {
  fleet: fleets,
  confirm: fleets,
  member: membersAsFlags,
  vpc: vpcs,
  members: memberNames,
  'push-members': async (session, typed) => pushNames(await recorded(session, typed)),
};

/** What a search finds within two seconds; a search that fails finds nothing, for a shell has no place for an error. */
export async function searchFor(what: Searched, session: Session, typed: Named): Promise<readonly Suggestion[]> {
  const found = new AbortController();
  const given = searches[what](session, typed).catch(() => []);
  const late = session.clients.world.clock.sleep(patienceMs, found.signal).then(() => []);
  const offers = await Promise.race([given, late]);
  found.abort();
  return offers;
}

async function fleets({ clients }: Session): Promise<readonly Suggestion[]> {
  const known = await knownFleets(clients.world);
  return known.map(({ name, region }) => ({ value: name, about: region }));
}

/** The members of the fleet that is named, as they begin: `name=…`. */
async function membersAsFlags(session: Session, typed: Named): Promise<readonly Suggestion[]> {
  const known = (await recorded(session, typed)).flatMap((fleet) => fleet.members);
  return known.map((member) => ({ value: `name=${member.name}`, about: aboutMember(member) }));
}

/** Former members too: their clusters may be there. */
async function memberNames(session: Session, typed: Named): Promise<readonly Suggestion[]> {
  const known = (await recorded(session, typed)).flatMap((fleet) => withFormer(fleet).members);
  return known.map((member) => ({ value: member.name, about: aboutMember(member) }));
}

function pushNames(known: readonly Fleet[]): readonly Suggestion[] {
  const push = known.flatMap(({ members }) => members.filter(({ mode }) => mode === 'push'));
  return push.map((member) => ({ value: member.name, about: aboutMember(member) }));
}

function aboutMember(member: Member): string {
  return `${member.mode}, ${describeMember(member)}`;
}

/** The fleets of the name that was typed which this machine knows. */
async function recorded({ clients }: Session, typed: Named): Promise<readonly Fleet[]> {
  const { files } = clients.world;
  const name = typed.fleet ?? defaults.fleet;
  const known = (await knownFleets(clients.world)).filter((each) => each.name === name);
  const records = await Promise.all(known.map(({ paths }) => readRecord(files, paths)));
  return records.flatMap((record) => (record === undefined ? [] : [resolveFleet(record.request)]));
}

/** By name; by id where there is no name, or it would not tell one from another, or a shell would take it apart. */
async function vpcs({ clients }: Session, typed: Named): Promise<readonly Suggestion[]> {
  const { vars } = clients.world.environment;
  const region = typed.region ?? rawSuggestion(vars)['region'];
  if (region === undefined) return [];
  const found = (await clients.ec2({ region, account: undefined }).vpcs()).map(
    ({ VpcId = '', CidrBlock = '', Tags = [] }) => ({
      id: VpcId,
      cidr: CidrBlock,
      name: Tags.find(({ Key }) => Key === 'Name')?.Value ?? '',
    }),
  );
  return found.map(({ id, cidr, name }) => {
    const isPlain = /^[\w.+=@/-]+$/.test(name) && found.filter((other) => other.name === name).length === 1;
    return isPlain ? { value: name, about: `${id} ${cidr}` } : { value: id, about: `${name} ${cidr}`.trim() };
  });
}
