/** The clusters of a plan, in a few lines: how many are created, where, for what; and those that join as they are. */
import { shortList } from '../../engine/destruction.js';
import type { PlannedStep } from '../../engine/plan.js';
import { counted } from '../../errors/counted.js';
import { clustersOf, describeMember, type Fleet, type FleetMemberCluster, type Member } from '../../fleet/fleet.js';
import { nodeWords } from '../../fleet/settings/node-form.js';
import { clusterKey, type Facts, networkOf } from '../../model/facts.js';
import { zonesOfNodes } from '../../preflight/network/node-zones.js';
import { placeName } from '../../world/place.js';

interface Placed {
  readonly fleet: Fleet;
  readonly facts: Facts;
  readonly planned: readonly PlannedStep[];
}

export function clusterLines(plan: Placed): readonly string[] {
  const { fleet, facts, planned } = plan;
  const created = createdIn(plan);
  const places = [...new Set(created.map((cluster) => placeOf(plan, cluster)))];
  const forms = [...new Set(created.map((cluster) => nodeWords(fleet, cluster)))];
  const namesWith = (form: string): string =>
    shortList(created.filter((each) => nodeWords(fleet, each) === form).map(({ cluster }) => cluster));
  const ready = fleet.members.filter(({ name }) => isReady(planned, name));
  return [
    ...(created.length === 0
      ? []
      : [
          `${counted(created.length, 'new EKS cluster')}${created.length === 1 ? '' : ', each'} with ${counted(fleet.nodes, 'node')}${forms.length === 1 ? ` ${forms[0]}` : ''}, Kubernetes ${facts.kubernetesVersion}`,
          ...(forms.length === 1 ? [] : forms.map((form) => `nodes of ${namesWith(form)}: ${form}`)),
        ]),
    ...places.flatMap((place) => [
      `in ${place}:`,
      `  ${rolesOf(
        fleet,
        created.filter((each) => placeOf(plan, each) === place),
      )}`,
    ]),
    ...existingParent(plan),
    ...joiningAsTheyAre(plan),
    ...(ready.length === 0 ? [] : [`members already: ${shortList(ready.map(({ name }) => name))}`]),
  ];
}

/** Whether any cluster is created from nothing. */
export function isCreated(plan: Pick<Placed, 'fleet' | 'planned'>): boolean {
  return createdIn(plan).length > 0;
}

/** Those that are created from nothing. */
export function createdIn({ fleet, planned }: Pick<Placed, 'fleet' | 'planned'>): readonly FleetMemberCluster[] {
  const absent = new Set(planned.filter(({ state }) => state === 'absent').map(({ step }) => step.id));
  return clustersOf(fleet).filter(({ scope }) => absent.has(`create-cluster/${scope}`));
}

/** e.g. `us-west-2, private subnets of VPC main in 3 zones`. */
function placeOf({ fleet, facts }: Placed, cluster: FleetMemberCluster): string {
  const network = networkOf(facts, cluster);
  const { vpcId, vpcName, nodesArePrivate } = network;
  const zones = counted(zonesOfNodes(fleet, cluster, network, []).length, 'zone');
  const vpc = vpcName === '' || vpcName === vpcId ? vpcId : `VPC ${vpcName}`;
  return `${placeName(cluster)}, ${nodesArePrivate ? 'private' : 'public'} subnets of ${vpc} in ${zones}`;
}

/** e.g. `parent demo-parent; push members one, two`. */
function rolesOf({ members }: Fleet, clusters: readonly FleetMemberCluster[]): string {
  const scopes = new Set(clusters.map(({ scope }) => scope));
  const parent = clusters.find(({ role }) => role === 'parent');
  const modes = (['push', 'pull'] as const).flatMap((mode) => {
    const named = members.filter((member) => member.mode === mode && scopes.has(member.name)).map(nameOf);
    return named.length === 0 ? [] : [`${mode} ${named.length === 1 ? 'member' : 'members'} ${shortList(named)}`];
  });
  return [...(parent === undefined ? [] : [`parent ${parent.cluster}`]), ...modes].join('; ');
}

function nameOf(member: Member): string {
  return member.kind === 'eks' && member.cluster !== member.name ? `${member.name} (${member.cluster})` : member.name;
}

function existingParent({ fleet: { parent }, facts, planned }: Placed): readonly string[] {
  const installs = planned.some(({ step, state }) => step.id === 'init-karmada' && state !== 'ready');
  const exists = facts.ownership.get(clusterKey(parent)) !== 'absent';
  return installs && exists
    ? [`parent: EKS cluster ${parent.cluster} in ${parent.region}, ${foundWords(planned, 'parent')}`]
    : [];
}

/** What was found of a cluster that is not created from nothing. */
function foundWords(planned: readonly PlannedStep[], scope: string): string {
  const isHalfMade = planned.some(({ step, state }) => step.id === `create-cluster/${scope}` && state === 'partial');
  return isHalfMade ? 'which is not finished' : 'which exists';
}

/** Those whose cluster exists, but is no member yet. */
function joiningAsTheyAre(plan: Placed): readonly string[] {
  const { fleet, facts, planned } = plan;
  const created = new Set(createdIn(plan).map(({ scope }) => scope));
  return fleet.members
    .filter(({ name }) => !created.has(name) && joinOf(planned, name)?.state === 'absent')
    .map(
      (member) =>
        `${member.mode} member ${member.name}: ${describeMember(member)}, ${foundWords(planned, member.name)}${how(facts, member)}`,
    );
}

/** Nobody need call a pull member, whose agent calls Karmada. */
function how({ closedEndpoints }: Facts, member: Member): string {
  const closed = member.kind === 'eks' && member.existing && closedEndpoints?.get(clusterKey(member));
  if (!closed) return '';
  return member.mode === 'pull'
    ? `; ${closed}, and its agent calls Karmada`
    : `; ${closed}, Karmada too must be let in`;
}

function isReady(planned: readonly PlannedStep[], name: string): boolean {
  return joinOf(planned, name)?.state === 'ready';
}

function joinOf(planned: readonly PlannedStep[], name: string): PlannedStep | undefined {
  return planned.find(({ step: { id } }) => id === `join-member/${name}` || id === `register-member/${name}`);
}
