/** `clusters`: the members as Karmada sees them, like `kubectl get clusters` with what that leaves out. */

import { membersOf } from '../../access/member-list.js';
import { ExitCode } from '../../errors/exit-codes.js';
import type { OptionsOf } from '../../options/table.js';
import {
  driftLine,
  installedVersions,
  toolVersion,
  type VersionDrift,
  versionDrift,
} from '../../status/karmada-versions.js';
import { agentVersions, type MemberStatus, memberStatuses, withAgents } from '../../status/member-status.js';
import type { Table } from '../../ui/ui.js';
import { shutOutOr } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { type OpenFleet, withFleet } from '../shared/with-fleet.js';

type ClustersOptions = RequestOptions & OptionsOf<'clustersOutput'>;

type Format = ClustersOptions['clustersOutput'];

export async function clusters(session: Session, options: ClustersOptions): Promise<number> {
  const format = options.clustersOutput;
  const read = (opened: OpenFleet): Promise<MembersRead> => readMembers(opened, format);
  return await withFleet(session, options, { readOnly: true }, read, async (_, { members, drift }) => {
    if (format === 'json') session.ui.showDocument('json', members);
    else session.ui.showTable(tableOf(members, format, session.clients.world.clock.now()));
    for (const each of drift) session.ui.note(driftLine(each));
    return ExitCode.ok;
  });
}

interface MembersRead {
  readonly members: readonly MemberStatus[];
  readonly drift: readonly VersionDrift[];
}

/** Karmada and its parent alone, but for `-o wide`: a member that does not respond must not delay the list. */
async function readMembers({ session, fleet, call, access }: OpenFleet, format: Format): Promise<MembersRead> {
  const { clients } = session;
  const asked = format === 'wide' ? fleet.members.filter(({ mode }) => mode === 'pull') : [];
  const { karmada, apis, loadBalancer } = await access({ ...fleet, members: asked, former: [] });
  const parent = apis.get('parent');
  if (karmada === undefined || parent === undefined) throw await shutOutOr(session, fleet, loadBalancer);
  const [installed, tool, known] = await Promise.all([
    installedVersions(clients, parent, call),
    toolVersion(clients, call),
    membersOf(clients, karmada, call),
  ]);
  const members = await withAgents(clients, memberStatuses(fleet, known), apis, call);
  return { members, drift: versionDrift({ installed, tool, agents: agentVersions(members) }) };
}

function tableOf(members: readonly MemberStatus[], format: Format, now: number): Table {
  const isWide = format === 'wide';
  return {
    name: 'members',
    columns: [
      ...[
        'name',
        'version',
        'mode',
        'ready',
        'age',
        'region',
        ...(isWide ? ['zones', 'provider', 'standing', 'agent'] : []),
      ],
      ...['taints', 'reason'],
    ],
    headings: { standing: 'membership' },
    rows: members.map((member) => [
      member.name,
      member.kubernetesVersion ?? '',
      member.mode === 'pull' ? 'Pull' : 'Push',
      member.ready ? 'True' : 'False',
      ageOf(member.since, now),
      member.region ?? '',
      ...(isWide ? [member.zones.join(','), member.provider ?? '', member.standing, member.agentVersion ?? ''] : []),
      member.taints.join(','),
      member.why ?? '',
    ]),
  };
}

/** In the largest whole unit, as kubectl formats it: `45s`, `12m`, `5h`, `3d`. */
function ageOf(since: string | undefined, now: number): string {
  if (since === undefined) return '';
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}
