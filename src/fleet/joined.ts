/** A fleet with further members: what was asked for is compared with what it has. */
import { Problem } from '../errors/problem.js';
import { refuse } from '../errors/refuse.js';
import { describeMember, type Fleet, type Member, withFormer } from './fleet.js';
import { isSameCluster, memberRequest, requestOf, resolveFleet } from './resolve.js';
import type { MemberRequest } from './schema.js';

/** More would not fit into a fleet's description (see schema.ts). */
const most = 100;

/** What a fleet becomes. */
export interface Joined {
  readonly fleet: Fleet;
  /** Those that were asked for, also where the fleet has them already. */
  readonly joining: readonly Member[];
}

/**
 * The fleet with these members among its own; a former member is one again.
 * @throws Problem `invalid-value` with every clash of names, clusters and modes.
 */
export function withJoining(fleet: Fleet, requests: readonly MemberRequest[]): Joined {
  const others = withFormer(fleet).members;
  const asked = requests.flatMap((request) => completed(fleet, others, request));
  const clashing = [
    ...asked.flatMap((member) => clashesWithin(asked, member)),
    ...asked.flatMap((member) => clashes(fleet, member)),
  ];
  refuse(clashing, 'invalid-value', 'these cannot join');
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

/** What is not said of a cluster that the fleet knows stays as it is. */
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
  if (twin !== undefined) return [wrong(`${describeMember(member)} is asked for twice`, ['name it once'])];
  const namesake = before.find(({ name }) => name === member.name);
  return namesake === undefined ? [] : [sameName(member, `so would ${describeMember(namesake)}`)];
}

function clashes(fleet: Fleet, member: Member): readonly Problem[] {
  const now = fleet.members.find((old) => isSameCluster(old, member));
  if (now !== undefined && now.name !== member.name) {
    return [
      wrong(`${describeMember(member)} is a member already, by the name of ${now.name}`, [
        `leave it, or take it out first: karmada-eks unjoin ${now.name}`,
      ]),
    ];
  }
  if (now !== undefined && now.mode !== member.mode) {
    return [
      wrong(`${now.name} is a ${now.mode} member already`, [
        `leave it, or take it out first: karmada-eks unjoin ${now.name}`,
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
    what: `${describeMember(member)} would be member ${member.name}, a name that is taken`,
    why,
    next: [
      'join it by itself under another name: --name NAME',
      `or describe it: --member name=NAME,${fieldsOf(member)}`,
    ],
  });
}

function fieldsOf(member: Member): string {
  if (member.kind === 'context') return `context=${member.context}`;
  return `cluster=${member.cluster},region=${member.region}${member.existing ? ',existing=true' : ''}`;
}

function tooMany(count: number): Problem {
  return wrong(`that makes ${count} members; a fleet has at most ${most}`, ['make another fleet: --fleet NAME']);
}

function wrong(what: string, next: readonly string[]): Problem {
  return new Problem('invalid-value', { what, next });
}
