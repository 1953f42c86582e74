/** The names of a fleet: what is allowed, and how names are derived. */

/** The name of a Cluster object in Karmada (karmada, pkg/apis/cluster/validation); EKS allows all of these too. */
export const memberNamePattern = /^[a-z0-9]([-a-z0-9]{0,46}[a-z0-9])?$/;

/**
 * Karmada stores the credentials for impersonating users of member NAME in Secret `NAME-impersonator`, where it would
 * also store the credentials of a member of that name (karmada 1.18.2, pkg/util/names,
 * GenerateImpersonationSecretName): deleting one would delete the other.
 */
export const notImpersonator = /^(?!.*-impersonator$)/;

export function isMemberName(name: string): boolean {
  return memberNamePattern.test(name) && notImpersonator.test(name);
}

/** A fleet's name becomes part of its clusters' names, so it is shorter and begins with a letter. */
export const fleetNamePattern = /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/;

/** The context and cluster of the Karmada API in kubeconfigs; `kubectl karmada init` uses the same. */
export const karmadaContext = 'karmada-apiserver';

/** The tag and label that mark what belongs to a fleet; the value is the fleet's id. */
export const fleetTag = 'karmada-eks/fleet';

/** The tag that names the fleet for people, and by which a machine without a record finds the fleet's id. */
export const nameTag = 'karmada-eks/name';
export const roleTag = 'karmada-eks/role';

/** All that the fleet creates in the parent for Karmada is here; `kubectl karmada` defaults to it. */
export const karmadaNamespace = 'karmada-system';

/** The Secret in Karmada's namespace with the logins for the registry of the images, in the parent and in pull members. */
export const pullSecretName = 'karmada-eks-images';

/** The demo Deployment and its policy in namespace `default`, which belong to the fleet. */
export const demoName = 'karmada-eks-demo';

/** A fleet's id: the value of a Kubernetes label and of a tag. */
export const fleetIdPattern = /^[0-9a-z][-.0-9a-z]{0,61}[0-9a-z]$/;

/** Where a fleet is: its account, of twelve digits, and the region of its parent. */
export interface FleetPlace {
  readonly account: string;
  readonly region: string;
}

/** `<random>.<account>.<region of the parent>`: no two fleets have the same id, whatever their names. */
export function fleetIdOf(random: string, { account, region }: FleetPlace): string {
  return `${random}.${account}.${region}`;
}

/** `<name>.<region of the parent>`: the id of a fleet created before ids were random, which keeps it. */
export function oldFleetIdOf(name: string, region: string): string {
  return `${name}.${region}`;
}

/** Whether a fleet with this name and place can have this id; one copied from elsewhere cannot. */
export function isIdIn(id: string | undefined, name: string, { account, region }: FleetPlace): id is string {
  if (id === undefined) return false;
  return id === oldFleetIdOf(name, region) || /^[0-9a-z]{12}\.(.*)$/.exec(id)?.[1] === `${account}.${region}`;
}

/** Whether a fleet of this account can have this id, wherever its parent is now: a recovery may have moved it. */
export function isIdOfAccount(id: string | undefined, account: string): boolean {
  return id !== undefined && /^[0-9a-z]{12}\.(\d+)\.[a-z0-9-]+$/.exec(id)?.[1] === account;
}

export function parentNameOf(fleet: string): string {
  return `${fleet}-parent`;
}

/** The default name of the n-th member (from 1). */
export function memberNameOf(fleet: string, n: number): string {
  return `${fleet}-member-${n}`;
}

/** On all that `init` makes in the parent (karmada 1.18.2, karmadactl/deinit/deinit.go). */
export const initLabel = 'karmada.io/bootstrapping';

/**
 * A DNS name of at least two labels, of which the last is no number, or `none`. At most 240 characters, so that the name of the record
 * that marks it as the fleet's fits into the 255 bytes of DNS (RFC 1035, 2.3.4).
 */
export const apiNamePattern =
  /^(none|(?=.{3,240}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/;
