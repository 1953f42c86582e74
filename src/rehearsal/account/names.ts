/** What a DNS name leads to: through the records of hosted zones, and those that are elsewhere. */
import type { AccountState, Moment, ZoneState } from '../state.js';

/** A host name or an address, after every record on the way; a name that nobody knows is its own end. */
export function leadsTo(state: AccountState, name: string, at: Moment): string {
  const wanted = name.toLowerCase();
  const next = nextOf(state, wanted, at);
  return next === undefined ? wanted : leadsTo(state, next, at);
}

function nextOf(state: AccountState, name: string, at: Moment): string | undefined {
  const zones = Object.values(state.zones ?? {}).filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`));
  // This machine is in no VPC, unless no public zone could answer it.
  const asked = zones.some(({ vpcs }) => vpcs === undefined) ? zones.filter(({ vpcs }) => vpcs === undefined) : zones;
  const nearest = [...asked].sort((one, other) => other.name.length - one.name.length)[0];
  return (nearest && inZone(nearest, name, at)) ?? state.otherNames?.[name];
}

function inZone({ records }: ZoneState, name: string, at: Moment): string | undefined {
  const found = records.find(
    (each) => each.name === name && ['A', 'CNAME'].includes(each.type) && (each.servedAt ?? 0) <= at,
  );
  return found?.alias?.target ?? found?.values?.[0];
}
