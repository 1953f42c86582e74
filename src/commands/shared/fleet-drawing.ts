/** Formats a fleet's status as a drawing and tables. */
import { wordsToLetIn } from '../../access/own-address.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { partitionOf } from '../../fleet/settings/account-role.js';
import { backupLine } from '../../status/backup-status.js';
import { type ClusterStatus, placeOfCluster } from '../../status/cluster-status.js';
import type { EtcdHealth } from '../../status/etcd-health.js';
import { isOff, whatLacks } from '../../status/failover-state.js';
import type { FleetStatus } from '../../status/fleet-status.js';
import { unhealthy } from '../../status/karmada-health.js';
import type { MemberStatus } from '../../status/member-status.js';
import type { Table, Topology, TopologyPart } from '../../ui/ui.js';
import { totalCost } from '../review/cost-table.js';

type Place = Pick<FleetStatus, 'fleet' | 'region'>;

function commandOf({ fleet, region }: Place, words: string): string {
  return fleetCommand(words, { name: fleet, parent: { region } });
}

export function drawingOf(found: FleetStatus): Topology {
  return {
    title: `fleet ${found.fleet} in ${found.region}: ${found.ready ? 'Ready' : 'not Ready'}`,
    api: apiPart(found),
    controlPlane: controlPlanePart(found),
    members: found.members.map((member) => memberPart(member, found.clusters)),
    notes: [
      ...workNote(found),
      ...toolNote(found),
      ...failoverNote(found),
      ...backupNote(found),
      ...certificateNote(found),
      costNote(found),
    ],
    warnings: [
      ...found.warnings,
      ...failoverWarnings(found),
      ...silencedNotes(found),
      ...abandonedWork(found),
      ...formerNotes(found),
    ],
  };
}

function workNote({ work }: FleetStatus): readonly string[] {
  return work?.alive ? [`${work.who} has been working on it since ${work.since}`] : [];
}

function toolNote({ kubectlKarmada }: FleetStatus): readonly string[] {
  return kubectlKarmada === undefined ? [] : [`kubectl-karmada ${kubectlKarmada} on this machine`];
}

/** Not of what was requested: nodes may have been added or taken away since. */
function costNote({ cost }: FleetStatus): string {
  const missing = cost.unknown.length === 0 ? '' : `; not known: ${cost.unknown.join(', ')}`;
  return `what is there costs ${totalCost(cost)}${missing}`;
}

function failoverNote({ failover, ...found }: FleetStatus): readonly string[] {
  if (failover === undefined) return [];
  if (isOff(failover))
    return [
      `failover is off: when a member is lost, nothing moves; to turn it on: ${commandOf(found, 'up --failover')}`,
    ];
  return [`failover is on: workloads move away from a member that is silent for ${failover.after ?? '30s'}`];
}

function backupNote({ backups }: FleetStatus): readonly string[] {
  return backups === undefined ? [] : [backupLine(backups)];
}

function silencedNotes({ members, ...found }: FleetStatus): readonly string[] {
  const silent = members.filter(({ silencedAt }) => silencedAt !== undefined);
  return silent.map(
    ({ name, silencedAt }) =>
      `a demo made ${name} silent at ${silencedAt}; to bring it back: ${commandOf(found, 'demo --remove')}`,
  );
}

/** Half of it does nothing. */
function failoverWarnings({ failover, ...found }: FleetStatus): readonly string[] {
  if (failover === undefined || isOff(failover)) return [];
  const lacks = whatLacks(failover);
  return lacks.length === 0
    ? []
    : [`failover is not complete: ${lacks.join(', ')}; to repair it: ${commandOf(found, 'up --failover')}`];
}

function abandonedWork({ work }: FleetStatus): readonly string[] {
  if (work === undefined || work.alive) return [];
  return [`${work.who} started working on it at ${work.since} and died; the next run resumes from there`];
}

/** What is no longer in the configuration, but there and to be paid. */
function formerNotes({ members, clusters, controlPlane, ...found }: FleetStatus): readonly string[] {
  const serving = members.filter(({ standing }) => standing === 'former').map(({ name }) => name);
  const there = clusters.filter(({ role, status }) => role === 'former' && status !== 'absent');
  const left = there.filter(({ member }) => !serving.includes(member ?? ''));
  return [
    ...serving.map((name) => {
      const cluster = there.find(({ member }) => member === name);
      const which = cluster === undefined ? '--context CONTEXT' : `--cluster ${clusterOption(cluster)}`;
      const keep = commandOf(found, `join ${which} --name ${name}`);
      const out = commandOf(found, `unjoin ${name}`);
      return `${name} is no longer in the configuration but is still a member that Karmada schedules to; to keep it: ${keep}; to remove it: ${out}`;
    }),
    ...left.map(({ name, member, ...place }) =>
      controlPlane.answers
        ? `EKS cluster ${name} in ${placeOfCluster(place)} is no longer a member but still incurs cost; to delete it: ${commandOf(found, `unjoin ${member ?? name} --delete-cluster`)}`
        : `EKS cluster ${name} in ${placeOfCluster(place)} is no longer in the configuration but still incurs cost; while Karmada does not respond, it is unknown whether it is still a member`,
    ),
  ];
}

/** What `join` takes it by. */
function clusterOption({ name, region, account }: ClusterStatus): string {
  return account === undefined
    ? `${region}/${name}`
    : `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name} --role ROLE`;
}

/** Why the fleet is not Ready, one line each; empty when it is. */
export function reasonsOf(found: FleetStatus): readonly string[] {
  if (found.ready) return [];
  const { clusters, members, controlPlane, restoring } = found;
  const notActive = clusters.filter(({ status, role }) => status !== 'ACTIVE' && role !== 'former');
  return [
    ...notActive.map((each) => `EKS cluster ${each.name} in ${placeOfCluster(each)} is ${each.status}`),
    ...(restoring === undefined ? [] : [`the restore of ${restoring.file} is unfinished`]),
    ...unhealthy(controlPlane.components),
    ...(controlPlane.answers ? [] : ['the Karmada API does not respond']),
    ...members
      .filter(({ ready, standing }) => !ready && standing !== 'former')
      .map(({ name, why }) => `${name}: ${why ?? 'not Ready'}`),
  ];
}

/** The members as `--json` has them in a line of their own. */
export function memberRows({ members }: FleetStatus): readonly Readonly<Record<string, string>>[] {
  return members.map(({ name, mode, region, kubernetesVersion, ready, why }) => ({
    member: name,
    mode,
    region: region ?? '',
    version: kubernetesVersion ?? '',
    ready: ready ? 'True' : 'False',
    why: why ?? '',
  }));
}

/** What `-o wide` adds: every cluster with its support, and every component of Karmada. */
export function wideTables({ clusters, controlPlane }: FleetStatus): readonly Table[] {
  return [
    {
      name: 'clusters',
      columns: ['cluster', 'role', 'region', 'status', 'version', 'nodes', 'policy', 'standardUntil', 'extendedUntil'],
      headings: { standardUntil: 'standard until', extendedUntil: 'extended until' },
      rows: clusters.map(({ name, role, status, kubernetesVersion, nodes, nodesReady, support, ...place }) => [
        name,
        role,
        placeOfCluster(place),
        status,
        kubernetesVersion ?? '',
        nodes === undefined ? '' : `${nodesReady}/${nodes}`,
        support?.policy ?? '',
        dayOf(support?.endOfStandard) ?? '',
        dayOf(support?.endOfExtended) ?? '',
      ]),
    },
    {
      name: 'components',
      columns: ['component', 'ready', 'why'],
      rows: controlPlane.components.map(({ name, ready, wanted, why }) => [name, `${ready}/${wanted}`, why ?? '']),
    },
    ...(controlPlane.etcd === undefined ? [] : [etcdTable(controlPlane.etcd)]),
  ];
}

function etcdTable({ members }: EtcdHealth): Table {
  return {
    name: 'etcd',
    columns: ['etcd', 'state', 'node', 'zone'],
    rows: members.map(({ name, responds, isLeader, node, zone }) => [
      name,
      responds ? (isLeader ? 'leader' : 'follower') : 'does not respond',
      node ?? '',
      zone ?? '',
    ]),
  };
}

function apiPart(found: FleetStatus): TopologyPart {
  const { server, answers, sourceRanges, thisMachine } = found.controlPlane;
  if (server === undefined) return { name: 'Karmada API', ready: false, facts: [], why: ['no load balancer'] };
  return {
    name: 'Karmada API',
    ready: answers,
    facts: [
      server,
      `open to ${sourceRanges.join(', ') || 'nobody'}`,
      ...(thisMachine?.letIn ? [`this machine is ${thisMachine.address}`] : []),
    ],
    why: [...(answers ? [] : ['does not respond']), ...shutOut(found)],
  };
}

/** The usual reason why it does not respond. */
function shutOut({ controlPlane: { thisMachine, allow }, ...found }: FleetStatus): readonly string[] {
  if (thisMachine === undefined || thisMachine.letIn) return [];
  const { address } = thisMachine;
  return [`this machine, ${address}, is not let in; to let it in: ${commandOf(found, wordsToLetIn(allow, address))}`];
}

function controlPlanePart({ clusters, controlPlane }: FleetStatus): TopologyPart {
  const parent = clusters.find(({ role }) => role === 'parent');
  const { components, versions } = controlPlane;
  const wrong = unhealthy(components);
  const isWhole = components.length > 0 && wrong.length === 0;
  return {
    name: parent?.name ?? 'no parent',
    ready: parent?.status === 'ACTIVE' && isWhole,
    facts: [
      'control plane',
      ...(versions.length === 0 ? [] : [`Karmada ${versions.join(', ')}`]),
      ...clusterFacts(parent),
      ...(isWhole ? [`all ${components.length} components ready`] : []),
    ],
    why: [...(parent?.why === undefined ? [] : [parent.why]), ...wrong],
  };
}

function memberPart(member: MemberStatus, clusters: readonly ClusterStatus[]): Topology['members'][number] {
  const cluster = clusters.find(({ member: name }) => name === member.name);
  const own = clusterFacts(cluster);
  return {
    name: member.name,
    mode: member.mode === 'pull' ? 'pull' : 'push',
    ready: member.ready,
    facts: [
      member.ready ? 'Ready' : 'not Ready',
      ...(own.length > 0 ? own : [member.region].flatMap((region) => region ?? [])),
      ...(member.agentVersion === undefined ? [] : [`agent ${member.agentVersion}`]),
    ],
    why: [member.why, cluster?.why].flatMap((why) => why ?? []),
  };
}

/** Region, state when it is not the usual one, version and nodes. */
function clusterFacts(cluster: ClusterStatus | undefined): readonly string[] {
  if (cluster === undefined) return [];
  const { status, kubernetesVersion, nodes, nodesReady } = cluster;
  return [
    placeOfCluster(cluster),
    ...(status === 'ACTIVE' ? [] : [status === 'absent' ? 'no EKS cluster' : status]),
    ...(kubernetesVersion === undefined ? [] : [kubernetesVersion]),
    ...(nodes === undefined ? [] : [`${nodesReady}/${nodes} nodes`]),
  ];
}

function certificateNote({ controlPlane }: FleetStatus): readonly string[] {
  const end = dayOf(controlPlane.certificatesEnd);
  if (end === undefined) return [];
  return [`certificates expire on ${end}, the CA on ${dayOf(controlPlane.caEnds) ?? 'an unknown day'}`];
}

function dayOf(iso: string | undefined): string | undefined {
  return iso?.slice(0, 10);
}
