/** The names of a fleet: what is allowed, and what is derived from what. */

/**
 * A member's name is the name of its Cluster object in Karmada: DNS-1123, at most 48 characters
 * (karmada, pkg/apis/cluster/validation). EKS allows all of these as cluster names too.
 */
export const memberNamePattern = /^[a-z0-9]([-a-z0-9]{0,46}[a-z0-9])?$/;

/** A fleet's name becomes part of its clusters' names, so it is shorter and begins with a letter. */
export const fleetNamePattern = /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/;

/** The context and cluster of the Karmada API in kubeconfigs; `kubectl karmada init` uses the same. */
export const karmadaContext = 'karmada-apiserver';

/** The tag, and label, that marks what belongs to a fleet; its value is the fleet's id. */
export const fleetTag = 'karmada-eks/fleet';
export const roleTag = 'karmada-eks/role';

/** Everything the fleet makes in the parent cluster for Karmada is in this namespace; `kubectl karmada` defaults to it. */
export const karmadaNamespace = 'karmada-system';

/** The Deployment of the demonstration and its policy, in namespace `default`: the fleet's own. */
export const demoName = 'karmada-eks-demo';

/** `<name>.<region of the parent>`: two fleets of one name in two regions of an account are two fleets. */
export function fleetIdOf(name: string, region: string): string {
  return `${name}.${region}`;
}

export function parentNameOf(fleet: string): string {
  return `${fleet}-parent`;
}

/** The name of the n-th member (from 1) that the user did not name. */
export function memberNameOf(fleet: string, n: number): string {
  return `${fleet}-member-${n}`;
}
