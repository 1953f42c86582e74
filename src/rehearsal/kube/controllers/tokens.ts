/** The tokens of service accounts: made in Secrets of their type, and gone with the account (kubernetes 1.34, pkg/controller/serviceaccount/tokens_controller.go). */
import { createHash } from 'node:crypto';
import { mapAt, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { dropObject, findObject, listObjects } from '../api-server/store.js';
import { base64 } from '../karmada/pki.js';
import { elapsed, type Tick } from '../tick.js';

const accountKey = 'kubernetes.io/service-account.name';

/** How long the controller takes [est]. */
const makingMs = 500;

/** In the form of a token of a service account: a JWT, whose signature proves nothing here. @param id tells it from others */
export function tokenFor(id: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: 'rehearsed' })}.${part({ iss: 'kubernetes/serviceaccount', sub: id })}`;
  return `${signed}.${createHash('sha256').update(signed).digest('base64url')}`;
}

export function settleTokens(tick: Tick, api: ApiState): void {
  for (const secret of listObjects(api, 'secrets')) {
    if (textAt(secret, 'type') !== 'kubernetes.io/service-account-token') continue;
    const hasAccount = accountOf(api, secret) !== undefined;
    const isEmpty = textAt(secret, 'data', 'token') === '';
    // One that join wrote has its token from the beginning.
    if (elapsed(tick, secret, 'madeSince', hasAccount && isEmpty, makingMs))
      secret['data'] = {
        ...mapAt(secret, 'data'),
        token: base64(tokenFor(`${secret.metadata.name} ${secret.metadata['uid']}`)),
      };
    if (elapsed(tick, secret, 'orphanedSince', !hasAccount, makingMs)) dropObject(api, 'secrets', secret);
  }
}

/** Whom an API takes somebody with this token for; undefined: nobody. @param token base64 */
export function bearerOf(api: ApiState, token: string): string | undefined {
  const found = listObjects(api, 'secrets').find(
    (secret) =>
      textAt(secret, 'type') === 'kubernetes.io/service-account-token' &&
      textAt(secret, 'data', 'token') === token &&
      accountOf(api, secret) !== undefined,
  );
  return found && `system:serviceaccount:${found.metadata.namespace}:${found.metadata.annotations?.[accountKey]}`;
}

function accountOf(api: ApiState, { metadata }: KubeObjectState): KubeObjectState | undefined {
  return findObject(api, 'serviceaccounts', metadata.namespace ?? '', metadata.annotations?.[accountKey] ?? '');
}
