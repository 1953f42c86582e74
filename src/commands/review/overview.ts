/** A plan in short: what somebody has to know to agree to it, on one screen. */
import { shortList } from '../../engine/destruction.js';
import type { PlannedStep } from '../../engine/plan.js';
import { counted } from '../../errors/counted.js';
import { karmadaPort } from '../../fleet/defaults.js';
import { clustersOf, type Fleet } from '../../fleet/fleet.js';
import { patchPaths } from '../../fleet/settings/config-patch.js';
import { tagWords } from '../../fleet/settings/tags.js';
import { volumeKeyOf } from '../../fleet/settings/volume-keys.js';
import { everyone, rangesOf } from '../../model/api-access.js';
import type { FleetCost } from '../../model/cost.js';
import type { Facts } from '../../model/facts.js';
import { mergeableContexts } from '../../steps/kubeconfig/merge-kubeconfig.js';
import type { Overview } from '../../ui/ui.js';
import { foldAlike } from './alike.js';
import { costLines } from './cost-table.js';
import { clusterLines, createdIn, isCreated } from './overview-clusters.js';
import { expectedTime } from './plan-table.js';

/** What a plan is about. */
export interface Outlined {
  /** With the members that the plan is about. */
  readonly fleet: Fleet;
  readonly account: string;
  readonly facts: Facts;
  readonly planned: readonly PlannedStep[];
  readonly perGroup: number;
  /** Whether the user's current context becomes that of the Karmada API. */
  readonly switchContext: boolean;
  /** Undefined where nothing is created that costs. */
  readonly cost: FleetCost | undefined;
  /** Where the cost is not that of a whole fleet. */
  readonly costLabel?: string;
}

export function overviewOf(plan: Outlined): Omit<Overview, 'tables'> {
  const { fleet, account, planned, perGroup } = plan;
  const parts = [
    { label: 'VPC', lines: vpcLines(plan) },
    { label: 'clusters', lines: clusterLines(plan) },
    { label: 'Karmada', lines: karmadaLines(plan) },
    { label: 'Karmada API', lines: apiLines(plan) },
    { label: 'EKS APIs', lines: endpointLines(plan) },
    { label: 'EKS admins', lines: adminLines(plan) },
    { label: 'EKS logs', lines: logLines(plan) },
    { label: 'volumes', lines: keyLines(plan) },
    { label: 'tags', lines: tagLines(plan) },
    { label: 'patch', lines: patchLines(plan) },
    { label: 'kubeconfig', lines: kubeconfigLines(plan) },
    { label: 'changes', lines: otherChanges(plan) },
    { label: 'time', lines: [`about ${expectedTime(planned, perGroup)}`] },
    { label: plan.costLabel ?? 'cost', lines: plan.cost === undefined ? [] : costLines(plan.cost) },
  ];
  const title = `Fleet ${fleet.name} in ${fleet.parent.region}, AWS account ${account}`;
  return { title, parts: parts.filter(({ lines }) => lines.length > 0) };
}

function isAbsent({ planned }: Pick<Outlined, 'planned'>, id: string): boolean {
  return planned.some(({ step, state }) => step.id === id && state === 'absent');
}

function changesOf({ planned }: Outlined, id: string): readonly string[] {
  return planned.find(({ step }) => step.id === id)?.changes ?? [];
}

/** Where it is made from nothing. */
function vpcLines(plan: Outlined): readonly string[] {
  if (!isAbsent(plan, 'create-vpc')) return [];
  const [what = '', ...parts] = changesOf(plan, 'create-vpc');
  return [what.replace(/^VPC /, ''), ...parts];
}

function karmadaLines(plan: Outlined): readonly string[] {
  if (!isAbsent(plan, 'init-karmada')) return [];
  return [
    changesOf(plan, 'init-karmada')
      .join('; ')
      .replace(/^Karmada /, ''),
  ];
}

/** Who may reach the load balancer, and why. */
function apiLines(plan: Outlined): readonly string[] {
  if (!isAbsent(plan, 'expose-api')) return [];
  const { fleet, facts } = plan;
  const ranges = rangesOf(facts.access);
  const pulls = [...facts.access.members.values()].filter(({ length }) => length > 0).length;
  const whose = [
    ...(fleet.allow.length > 0 ? [] : [fleet.internal ? 'the VPC' : 'this machine']),
    ...(pulls > 0 ? [counted(pulls, 'pull member')] : []),
  ];
  const why = ranges.includes(everyone) || whose.length === 0 ? '' : ` (${whose.join(', ')})`;
  const balancer = fleet.internal ? 'internal load balancer' : 'load balancer';
  const name = fleet.apiName === undefined ? '' : `, as ${fleet.apiName}`;
  return [`open to ${ranges.join(', ')}${why}; ${balancer}, port ${karmadaPort.loadBalancer}${name}`];
}

/** Of new clusters; those of others stay as they are. */
function endpointLines(plan: Outlined): readonly string[] {
  const { publicAccess, privateEndpoints, privateAccess } = plan.fleet;
  if (!isCreated(plan)) return [];
  if (privateEndpoints) return [`private only, open to ${['their VPCs', ...privateAccess].join(', ')}`];
  if (publicAccess.length > 0) return [`open to ${publicAccess.join(', ')}, and to the fleet’s nodes and Karmada`];
  return ['public, AWS credentials needed; to limit: --public-access-cidr'];
}

/** Of new clusters; an access entry that an existing one lacks is a change of its own. */
function adminLines(plan: Outlined): readonly string[] {
  const { admins, members } = plan.fleet;
  const isElsewhere = members.some((member) => member.kind === 'eks' && member.account !== undefined);
  const but = isElsewhere ? '; not in other accounts' : '';
  return isCreated(plan) ? admins.map((arn) => `${arn}, in addition to whoever creates them${but}`) : [];
}

function logLines(plan: Outlined): readonly string[] {
  const { controlPlaneLogs: logs } = plan.fleet;
  return isCreated(plan) && logs.length > 0 ? [`${logs.join(', ')} to CloudWatch, which charges per GB`] : [];
}

/** Which key encrypts the volumes of which new clusters. */
function keyLines(plan: Outlined): readonly string[] {
  const keyed = createdIn(plan).map((each) => ({ cluster: each.cluster, key: volumeKeyOf(plan.fleet, each) }));
  const keys = [...new Set(keyed.flatMap(({ key }) => key ?? []))];
  return keys.map((key) => {
    const clusters = keyed.filter((each) => each.key === key).map(({ cluster }) => cluster);
    return `of ${shortList(clusters)}: encrypted with ${key}`;
  });
}

/** On what is created, besides the fleet's marks. */
function tagLines(plan: Outlined): readonly string[] {
  const words = tagWords(plan.fleet.tags);
  return isCreated(plan) && words.length > 0 ? [words.join(', ')] : [];
}

/** Of new ClusterConfigs, without values. */
function patchLines(plan: Outlined): readonly string[] {
  if (!isCreated(plan)) return [];
  const all = plan.fleet.clusterConfigPatch;
  const own = clustersOf(plan.fleet).flatMap(({ cluster, clusterConfigPatch: patch }) =>
    patch === undefined ? [] : [`of ${cluster}: ${patchPaths(patch).join(', ')}`],
  );
  return [...(all === undefined ? [] : [patchPaths(all).join(', ')]), ...own];
}

function kubeconfigLines({ fleet, planned, switchContext }: Outlined): readonly string[] {
  const merge = planned.find(({ step, state }) => step.id === 'merge-kubeconfig' && state !== 'ready');
  if (merge === undefined) return [];
  const contexts = mergeableContexts({ fleet });
  // No context has a blank in its name, but a path may.
  const [, ...where] = (merge.changes[0] ?? '').split(' in ');
  const current = switchContext ? `${contexts[0]} becomes the current one` : 'the current one stays';
  return [`${counted(contexts.length, 'context')} in ${where.join(' in ')}; ${current}`];
}

/** Steps that the other lines tell of, where what they are about is made from nothing. */
const toldOfKarmada = [
  'control-plane/parent',
  'nodes/parent',
  'write-kubeconfig/parent',
  'create-cluster/parent',
  'record-fleet',
  'name-api',
  'add-storage-class',
  'expose-api',
  'init-karmada',
  'harden-karmada',
  'publish-api',
];
const toldOfMembers = ['create-cluster', 'write-kubeconfig', 'join-member', 'register-member'];

/** Everything else that is to do, in the words of the steps. */
function otherChanges(plan: Outlined): readonly string[] {
  const { planned, fleet } = plan;
  const others = planned.filter((each) => each.state !== 'ready' && each.step.perRun !== true && !isTold(plan, each));
  const items = others.map(({ step: { scope, title }, changes }) => ({
    scope,
    rows: [[changes.length === 0 ? title : `${title}: ${changes.join('; ')}`]],
  }));
  return foldAlike(items, fleet).map(({ scopes, rows }) => {
    const text = rows.flat().join('; ');
    return scopes.length === 1 ? text : `${text} (${shortList(scopes)})`;
  });
}

function isTold(plan: Outlined, { step: { id, scope }, state }: PlannedStep): boolean {
  if (id === 'merge-kubeconfig') return true;
  if (state !== 'absent') return false;
  if (id === 'create-vpc') return true;
  if (toldOfKarmada.includes(id)) return isAbsent(plan, 'init-karmada');
  const [kind = ''] = id.split('/');
  if (kind === 'redirect-agent') return isAbsent(plan, `register-member/${scope}`);
  return toldOfMembers.includes(kind) && (isAbsent(plan, `create-cluster/${scope}`) || kind.endsWith('-member'));
}
