/** `clusters`: the members as Karmada knows them, as `kubectl get clusters` lists them, with what that leaves out. */

import { accessFleet } from '../../access/fleet-access.js';
import { membersOf } from '../../access/member-list.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import type { Fleet } from '../../fleet/fleet.js';
import { formatOf } from '../../options/option-values.js';
import type { Parsed } from '../../options/run-options.js';
import { findFleet } from '../../state/find-fleet.js';
import { type MemberStatus, memberStatuses } from '../../status/member-status.js';
import type { Table } from '../../ui/ui.js';
import type { Session } from '../session.js';
import { resolveFleetRef } from '../shared/resolve-request.js';

const formats = ['text', 'wide', 'json'] as const;
type Format = (typeof formats)[number];

export async function clusters(session: Session, parsed: Parsed): Promise<number> {
  const format = formatOf(parsed, formats);
  session.stopQuietly();
  const { clients, ui } = session;
  const ref = await resolveFleetRef(session, parsed);
  const call = { signal: session.drain, say: ui.note };
  const fleet = await findFleet(clients, ref, call);
  // Only Karmada is asked: a member that does not answer must not keep the list waiting.
  const controlPlane = { ...fleet, members: [], former: [] };
  const { karmada } = await accessFleet(clients, controlPlane, ref.paths, call);
  if (karmada === undefined) throw silent(fleet);
  const members = memberStatuses(fleet, await membersOf(clients, karmada, call));
  if (format === 'json') ui.showDocument('json', members);
  else ui.showTable(tableOf(members, format, clients.world.clock.now()));
  return ExitCode.ok;
}

function tableOf(members: readonly MemberStatus[], format: Format, now: number): Table {
  const isWide = format === 'wide';
  return {
    name: 'members',
    columns: [
      ...['name', 'version', 'mode', 'ready', 'age', 'region', ...(isWide ? ['zones', 'provider', 'standing'] : [])],
      ...['taints', 'reason'],
    ],
    rows: members.map((member) => [
      member.name,
      member.kubernetesVersion ?? '',
      member.mode === 'pull' ? 'Pull' : 'Push',
      member.ready ? 'True' : 'False',
      ageOf(member.since, now),
      member.region ?? '',
      ...(isWide ? [member.zones.join(','), member.provider ?? '', member.standing] : []),
      member.taints.join(','),
      member.why ?? '',
    ]),
  };
}

/** In the largest whole unit, as kubectl says it: `45s`, `12m`, `5h`, `3d`. */
function ageOf(since: string | undefined, now: number): string {
  if (since === undefined) return '';
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

function silent({ name }: Fleet): Problem {
  return new Problem('karmada-unhealthy', {
    what: `the Karmada API of fleet ${name} does not answer`,
    next: ['see what is wrong: karmada-eks status', 'or make the fleet whole: karmada-eks up'],
  });
}
