/** The EBS CSI driver that a fleet adds to a parent that was there before: its add-on, its role, and the stack of that. */
import type { FleetCluster } from './fleet.js';
import { shortRoleName } from './role-name.js';

export const ebsAddon = 'aws-ebs-csi-driver';

/** Exact, so that a policy can name it. */
export function ebsRoleName({ cluster, region }: Pick<FleetCluster, 'cluster' | 'region'>): string {
  return shortRoleName(`eksctl-${cluster}-${region}-ebs-csi`);
}

/** The name that eksctl gives the stack of a service account's role (0.230.0, pkg/cfn/manager/iam.go). */
export function ebsRoleStack(cluster: string): string {
  return `eksctl-${cluster}-addon-iamserviceaccount-kube-system-ebs-csi-controller-sa`;
}

/** Whether the driver runs with the role that a fleet made for it. */
export function runsWithRole(
  addon: { readonly serviceAccountRoleArn?: string | undefined } | undefined,
  cluster: Pick<FleetCluster, 'cluster' | 'region'>,
): boolean {
  return addon?.serviceAccountRoleArn?.endsWith(`role/${ebsRoleName(cluster)}`) === true;
}
