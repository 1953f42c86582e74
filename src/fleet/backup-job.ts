/** The CronJob that backs Karmada up, and what belongs to it: their names, and the role with which it calls AWS. */
import type { FleetCluster } from './fleet.js';
import { karmadaNamespace } from './names.js';
import { shortRoleName } from './role-name.js';
import { type Images, imageIn } from './settings/images.js';

/** CronJob, service account, Role and RoleBinding have this name. */
export const backupJob = { name: 'karmada-eks-backup', namespace: karmadaNamespace } as const;

const node = 'node:22-bookworm-slim';

/**
 * Any image with Node.js 20 or newer in PATH will do. It is a tag of Docker's official images that gets their fixes, from the fleet's own
 * registry, or as Amazon copies them into its public one: that needs no account, and limits pulls less than Docker Hub.
 */
export function backupImageOf(images: Images): string {
  return imageIn(images, node) ?? `public.ecr.aws/docker/library/${node}`;
}

/** Exact, so that a policy can name it. */
export function backupRoleName({ cluster, region }: Pick<FleetCluster, 'cluster' | 'region'>): string {
  return shortRoleName(`eksctl-${cluster}-${region}-backup`);
}

/** The name that eksctl gives the stack of a service account's role (0.230.0, pkg/cfn/manager/iam.go). */
export function backupRoleStack(cluster: string): string {
  return `eksctl-${cluster}-addon-iamserviceaccount-${backupJob.namespace}-${backupJob.name}`;
}
