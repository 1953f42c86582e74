/**
 * The tokens with which Karmada comes into a push member: two service accounts there, each with a Secret that holds a token without an
 * end, and a copy of each token in Karmada (karmada 1.18.2, pkg/util/credential.go). Those of a rotation have its id in their names.
 */
import { createHash } from 'node:crypto';
import type { Member } from '../../../fleet/fleet.js';
import { fleetTag } from '../../../fleet/names.js';
import type { KubeAccess } from '../../../tools/kubectl/commands.js';
import { type TokenSecret, tokenReview, tokenSecret } from '../../../tools/kubectl/objects.js';
import type { Call } from '../../../tools/run.js';
import { accessOf, type FleetContext, karmadaAccess } from '../../context.js';
import { credentialsNamespace as namespace } from '../member-namespaces.js';

/** On Secrets, and on their copies in Karmada: the rotation that made them; on pods: which copies they began with. */
export const rotationMark = 'karmada-eks/rotation';
const accountKey = 'kubernetes.io/service-account.name';
const tokenType = 'kubernetes.io/service-account-token';

/** A service account in the member, and the Secret in Karmada with a copy of its token. */
export interface Account {
  readonly account: string;
  readonly copy: string;
}

/** A member, and the id of its rotation: that of a run that died, or a new one. */
export interface Rotation {
  readonly member: Member;
  readonly rotation: string;
}

/** Its own, which may do all, and the one by which Karmada acts for users. */
export function accountsOf(member: string): readonly Account[] {
  return [
    { account: `karmada-${member}`, copy: member },
    { account: 'karmada-impersonator', copy: `${member}-impersonator` },
  ];
}

/** Every Secret of `join` or of a rotation with a token of the account, in the member, the oldest first. */
export async function tokensOf(
  { clients, paths }: Pick<FleetContext, 'clients' | 'paths'>,
  member: string,
  call: Call,
): Promise<readonly TokenSecret[]> {
  const names = accountsOf(member).map(({ account }) => account);
  const found = await clients.kubectl.list(accessOf(paths, member), { kind: 'secrets', namespace }, tokenSecret, call);
  return found
    .filter(({ type, metadata }) => type === tokenType && names.includes(metadata.annotations?.[accountKey] ?? ''))
    .filter((each) => rotationOf(each) !== undefined || each.metadata.name === accountOf(each))
    .sort((one, other) => madeAt(one) - madeAt(other));
}

function madeAt({ metadata }: TokenSecret): number {
  return Date.parse(metadata.creationTimestamp ?? '');
}

export function accountOf({ metadata }: TokenSecret): string | undefined {
  return metadata.annotations?.[accountKey];
}

/** The id of the rotation that made it; undefined: `join` did. */
export function rotationOf({ metadata }: TokenSecret): string | undefined {
  return metadata.labels?.[rotationMark];
}

/** The Secret of a rotation, which Kubernetes fills with a new token. Karmada's label keeps it from passing for somebody else's. */
export function newTokenSecret({ account }: Account, rotation: string, fleetId: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: refOfToken(account, rotation).name,
      namespace,
      labels: { 'karmada.io/system': 'true', [fleetTag]: fleetId, [rotationMark]: rotation },
      annotations: { [accountKey]: account },
    },
    type: tokenType,
  };
}

export function refOfToken(account: string, rotation: string) {
  return { kind: 'secrets', name: `${account}-${rotation}`, namespace };
}

/**
 * Which copies Karmada has now: every write gives another mark. A copy without the token of its rotation counts as `run`, an id of this run
 * alone, so that what began with it is restarted by a later one.
 */
export async function markOfCopies(
  { clients, paths }: Pick<FleetContext, 'clients' | 'paths'>,
  rotations: readonly Rotation[],
  run: string,
  call: Call,
): Promise<string> {
  const found = await clients.kubectl.list(karmadaAccess(paths), { kind: 'secrets', namespace }, tokenSecret, call);
  const versions = rotations.flatMap(({ member, rotation }) =>
    accountsOf(member.name).map(({ copy }) => {
      const own = found.find(({ metadata }) => metadata.name === copy);
      if (own === undefined || rotationOf(own) !== rotation) return [copy, run];
      return [copy, own.metadata.uid, own.metadata['resourceVersion']];
    }),
  );
  return createHash('sha256').update(JSON.stringify(versions.sort())).digest('hex').slice(0, 16);
}

/** Whether the member's API takes somebody with this token (base64) for the account. The token is in no argv. */
export async function isGood(
  { kubectl }: FleetContext['clients'],
  member: KubeAccess,
  { account, token }: { readonly account: string; readonly token: string },
  call: Call,
): Promise<boolean> {
  const review = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: Buffer.from(token, 'base64').toString() },
  };
  const status = (await kubectl.createNew(member, review, tokenReview, call))?.status;
  return status?.authenticated === true && status.user?.username === `system:serviceaccount:${namespace}:${account}`;
}
