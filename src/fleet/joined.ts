/** Adds members to a fleet: compares the request with the existing members. */

import { Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import { describeMember, type Fleet, type Member, withFormer } from './fleet.js';
import { fleetCommand } from './fleet-command.js';
import { isSameCluster, memberRequest, requestOf, resolveFleet } from './resolve.js';
import type { MemberRequest } from './schema.js';
import { accountRequest } from './settings/account-role.js';

/** More would not fit into the fleet's description (see schema.ts). */
const most = 100;

export interface Joined {
  readonly fleet: Fleet;
  /** The requested members, including those that the fleet already has. */
  readonly joining: readonly Member[];
}

/** Former members become members again. @throws Problem `invalid-value` for clashing names, clusters and modes */
export function withJoining(fleet: Fleet, requests: readonly MemberRequest[]): Joined {
  const others = withFormer(fleet).members;
  const asked = requests.flatMap((request) => completed(fleet, others, request));
  const clashing = [
    ...asked.flatMap((member) => clashesWithin(asked, member)),
    ...asked.flatMap((member) => clashes(fleet, member)),
  ];
  refuse(clashing, 'invalid-value', 'these clusters cannot join');
  const isAsked = (old: Member): boolean => asked.some((member) => isSameCluster(member, old));
  const kept = fleet.members.filter((old) => !isAsked(old));
  const former = others.filter((old) => !fleet.members.includes(old) && !isAsked(old));
  const members = [
    ...fleet.members.map((old) => asked.find((member) => isSameCluster(member, old)) ?? old),
    ...asked.filter((member) => !fleet.members.some((old) => isSameCluster(member, old))),
  ];
  if (kept.length + asked.length > most) throw tooMany(kept.length + asked.length);
  const joined = resolveFleet({ ...requestOf({ ...fleet, members, former }) });
  return { fleet: joined, joining: joined.members.filter(isAsked) };
}

/** Unspecified fields of a cluster that the fleet knows keep their values. */
function completed(fleet: Fleet, others: readonly Member[], request: MemberRequest): readonly Member[] {
  const resolve = (member: MemberRequest): readonly Member[] =>
    resolveFleet({ ...requestOf({ ...fleet, former: [] }), members: [member] }).members;
  return resolve(request).flatMap((member) => {
    const known = others.find((old) => isSameCluster(old, member));
    return known === undefined ? [member] : resolve({ ...memberRequest(known), ...request });
  });
}

function clashesWithin(asked: readonly Member[], member: Member): readonly Problem[] {
  const before = asked.slice(0, asked.indexOf(member));
  const twin = before.find((other) => isSameCluster(other, member));
  if (twin !== undefined) return [wrong(`${describeMember(member)} is listed twice`, ['list it once'])];
  const namesake = before.find(({ name }) => name === member.name);
  return namesake === undefined ? [] : [sameName(member, `so would ${describeMember(namesake)}`)];
}

function clashes(fleet: Fleet, member: Member): readonly Problem[] {
  const now = fleet.members.find((old) => isSameCluster(old, member));
  if (now !== undefined && now.name !== member.name) {
    return [
      wrong(`${describeMember(member)} is already a member, named ${now.name}`, [
        `keep it as it is, or remove it first: ${fleetCommand(`unjoin ${now.name}`, fleet)}`,
      ]),
    ];
  }
  if (now !== undefined && now.mode !== member.mode) {
    return [
      wrong(`${now.name} is already a ${now.mode} member`, [
        `keep it as it is, or remove it first: ${fleetCommand(`unjoin ${now.name}`, fleet)}`,
      ]),
    ];
  }
  const namesake = withFormer(fleet).members.find((old) => old.name === member.name && !isSameCluster(old, member));
  if (namesake === undefined) return [];
  const is = fleet.members.includes(namesake) ? 'is' : 'was';
  return [sameName(member, `${describeMember(namesake)} ${is} member ${namesake.name}`)];
}

function sameName(member: Member, why: string): Problem {
  return new Problem('invalid-value', {
    what: `${describeMember(member)} would be named ${member.name}, but that name is taken`,
    why,
    next: [
      'join it separately under another name: --name NAME',
      `or describe it: --member name=NAME,${fieldsOf(member)}`,
    ],
  });
}

function fieldsOf(member: Member): string {
  if (member.kind === 'context') return `context=${member.context}`;
  const { cluster, region, existing, account } = member;
  const fields = { cluster, region, ...(existing && { existing }), ...accountRequest(account) };
  return Object.entries(fields)
    .map(([field, value]) => `${field}=${value}`)
    .join(',');
}

function tooMany(count: number): Problem {
  return wrong(`the fleet would have ${count} members; the maximum is ${most}`, ['create another fleet: --fleet NAME']);
}

function wrong(what: string, next: readonly string[]): Problem {
  return new Problem('invalid-value', { what, next });
}
