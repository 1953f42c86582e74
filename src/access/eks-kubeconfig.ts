/** The kubeconfig of an EKS cluster, built from EKS's description of it. */
import type { Cluster } from '../aws/eks.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { eksUserOf, kubeconfigText } from '../tools/kubectl/kubeconfig.js';
import type { AwsPlace } from '../world/place.js';
import type { World } from '../world/world.js';

/**
 * The text of the kubeconfig, or undefined while EKS does not yet name an endpoint. Credentials without a profile, such as those of a
 * session in variables, leave the profile that it has: kubectl in another shell has none of them.
 */
export async function eksKubeconfig(
  { environment, files }: Pick<World, 'environment' | 'files'>,
  { kubeconfig, context }: KubeAccess,
  { region, account }: AwsPlace,
  cluster: Cluster,
): Promise<string | undefined> {
  const caData = cluster.certificateAuthority?.data;
  if (cluster.name === undefined || cluster.endpoint === undefined || caData === undefined) return undefined;
  const profile = environment.vars['AWS_PROFILE'] || eksUserOf((await files.read(kubeconfig)) ?? '')?.profile;
  return kubeconfigText({
    context,
    server: cluster.endpoint,
    caData,
    user: { kind: 'eks', cluster: cluster.name, region, account, profile },
  });
}

/** Keeps the kubeconfig by which a cluster is reached, written only where it differs; nothing where there is no text for it. */
export async function keepKubeconfig(
  { files }: Pick<World, 'files'>,
  access: KubeAccess,
  text: string | undefined,
): Promise<KubeAccess | undefined> {
  if (text === undefined) return undefined;
  if ((await files.read(access.kubeconfig)) !== text) await files.write(access.kubeconfig, text);
  return access;
}

/** Whether the API of a cluster serves: also while EKS updates it (EKS user guide, "Update existing cluster to new Kubernetes version"). */
export function isServing(cluster: Pick<Cluster, 'status'> | undefined): boolean {
  return cluster?.status === 'ACTIVE' || cluster?.status === 'UPDATING';
}
