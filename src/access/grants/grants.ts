/** Who of the people has access to Karmada: a grant is the binding of one certificate's group to a role, and ends with the certificate. */

import type { Clients } from '../../clients/clients.js';
import { fleetTag } from '../../fleet/names.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { type RoleBinding, roleBinding } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';

/** Kubernetes' own roles for people, from the least to the most (kubernetes, RBAC, user-facing roles). */
export const accessRoles = ['view', 'edit', 'admin'] as const;

export type AccessRole = (typeof accessRoles)[number];

/** What somebody is granted, and for how long. */
export interface WantedGrant {
  readonly person: string;
  readonly role: AccessRole;
  /** Undefined: in all of them, and to what has none. */
  readonly namespace: string | undefined;
}

/** A grant as Karmada has it. */
export interface Grant {
  /** Of its binding. */
  readonly name: string;
  readonly person: string;
  readonly role: string;
  readonly namespace: string | undefined;
  /** When its certificate ends, in ms since the epoch. */
  readonly until: number;
}

const personKey = 'karmada-eks/person';
const untilKey = 'karmada-eks/until';

/**
 * The binding of a grant. Its subject is a group that only this certificate has: whoever is granted something again does not make a
 * certificate good that was revoked.
 */
export function bindingOf(grant: WantedGrant & Pick<Grant, 'until'>, id: string, fleetId: string): object {
  const { person, role, namespace, until } = grant;
  const group = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${group}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: {
      name: bindingName(person, id),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [fleetTag]: fleetId },
      annotations: { [personKey]: person, [untilKey]: new Date(until).toISOString() },
    },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: group, kind: 'Group', name: groupOf(id) }],
  };
}

export function bindingName(person: string, id: string): string {
  return `karmada-eks:${person}:${id}`;
}

/** The group of one certificate. */
export function groupOf(id: string): string {
  return `karmada-eks:${id}`;
}

/** e.g. `namespace shop`; undefined: `all namespaces`. */
export function scopeText(namespace: string | undefined): string {
  return namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
}

/** How kubectl knows the binding of a grant. */
export function refOfGrant({ name, namespace }: Pick<Grant, 'name' | 'namespace'>) {
  return namespace === undefined ? { kind: 'clusterrolebindings', name } : { kind: 'rolebindings', name, namespace };
}

/** The bindings of Karmada: grants of the fleet, the one that lasts longest last, and those that others made. */
export interface Bindings {
  /** Those that have ended too. */
  readonly grants: readonly Grant[];
  readonly others: readonly RoleBinding[];
}

export async function readBindings(
  { kubectl }: Clients,
  karmada: KubeAccess,
  fleetId: string,
  call: Call,
): Promise<Bindings> {
  const ref = { kind: 'clusterrolebindings,rolebindings', allNamespaces: true };
  const found = await kubectl.list(karmada, ref, roleBinding, call);
  const isOurs = ({ metadata }: RoleBinding): boolean => metadata.labels?.[fleetTag] === fleetId;
  const grants = found.filter(isOurs).flatMap(grantIn);
  return {
    grants: grants.sort((one, other) => one.until - other.until),
    others: found.filter((each) => !isOurs(each)),
  };
}

function grantIn({ metadata: { name, namespace, annotations }, roleRef }: RoleBinding): readonly Grant[] {
  const person = annotations?.[personKey];
  const until = Date.parse(annotations?.[untilKey] ?? '');
  return person === undefined || Number.isNaN(until) ? [] : [{ name, person, role: roleRef.name, namespace, until }];
}

/** e.g. `ClusterRoleBinding ops`, `RoleBinding shop/ops`. */
export function bindingText({ kind, metadata: { name, namespace } }: RoleBinding): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
