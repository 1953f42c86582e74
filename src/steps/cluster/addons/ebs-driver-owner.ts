/** Whose the EBS CSI driver of a parent that existed before the fleet is, and whose its role. */
import type { Addon } from '../../../aws/eks.js';
import { tagsIn } from '../../../aws/tags.js';
import { Problem } from '../../../errors/problem.js';
import { ebsAddon, ebsRoleStack, runsWithRole } from '../../../fleet/ebs-driver.js';
import type { FleetMemberCluster } from '../../../fleet/fleet.js';
import { fleetTag } from '../../../fleet/names.js';
import { clusterOfStack } from '../../../ownership/cluster-ownership.js';
import { judge, type Verdict } from '../../../ownership/ownership.js';
import type { FleetContext } from '../../context.js';
import { describeAddon } from './addon-health.js';

/** The driver that is there, and whose it and its role are. */
export interface Driver {
  readonly addon: Addon | undefined;
  readonly ofAddon: Verdict;
  readonly ofRole: Verdict;
  /** The stack that eksctl makes for the role of the driver's service account, whosever. */
  readonly hasRoleStack: boolean;
}

/** The mark is on the stack of the role. The proof is that eksctl made that for this cluster, and that the driver runs with this role. */
export async function readDriver(context: FleetContext, cluster: FleetMemberCluster): Promise<Driver> {
  const { cluster: name } = cluster;
  const [addon, stack] = await Promise.all([
    context.clients.eks(cluster).addon(name, ebsAddon),
    context.clients.cloudformation(cluster).stack(ebsRoleStack(name)),
  ]);
  const isItsStack = stack !== undefined && clusterOfStack(stack) === name;
  const runsWithIt = runsWithRole(addon, cluster);
  const tag = tagsIn(stack?.Tags)[fleetTag];
  const found = { tag, clusters: [], marked: false, createdAt: undefined, existed: false, clusterIsOthers: false };
  const judged = (isProven: boolean, proof: string): Verdict =>
    judge(context.fleet.id, [], isItsStack && isProven ? { ...found, proof } : found);
  return {
    addon,
    ofAddon: judged(runsWithIt, 'its role'),
    ofRole: judged(true, 'stack'),
    hasRoleStack: stack !== undefined,
  };
}

/** Undefined unless it is there and is not the fleet's. */
export function addonOfOthers({ addon, ofAddon }: Driver): Addon | undefined {
  return ofAddon.whose === 'ours' ? undefined : addon;
}

/** Somebody else's add-on that EKS could not make: eksctl would make it anew, with the fleet's role (0.230.0, pkg/actions/addon/create.go). */
export function failedOfOthers({ cluster, region }: FleetMemberCluster, driver: Driver): Problem | undefined {
  const addon = addonOfOthers(driver);
  if (addon?.status !== 'CREATE_FAILED') return undefined;
  return new Problem('addon-failed', {
    what: `add-on ${ebsAddon} of ${cluster} in ${region} could not be added, and is not this fleet’s to replace`,
    why: describeAddon({ name: ebsAddon, addon }),
    next: [
      `have its owner repair it, or remove it and keep what runs: eksctl delete addon --cluster=${cluster} --region=${region} --name=${ebsAddon} --preserve`,
      'run the same command again',
    ],
  });
}

/** Somebody else's role for the driver: eksctl makes no second one, and exits 0 (0.230.0, `SetExcludeExistingFilter`). */
export function roleOfOthers({ cluster, region }: FleetMemberCluster, driver: Driver): Problem | undefined {
  if (driver.addon !== undefined || !driver.hasRoleStack || driver.ofRole.whose === 'ours') return undefined;
  const where = `--cluster=${cluster} --region=${region}`;
  return new Problem('addon-failed', {
    what: `add-on ${ebsAddon} cannot be added to ${cluster} in ${region}`,
    why: `its service account has a role of somebody else, in stack ${ebsRoleStack(cluster)}`,
    next: [
      `have its owner add the driver with that role: eksctl create addon ${where} --name=${ebsAddon} --service-account-role-arn=<arn>`,
      `or remove the role if nothing uses it: eksctl delete iamserviceaccount ${where} --name=ebs-csi-controller-sa --namespace=kube-system`,
      'then run the same command again',
    ],
  });
}
