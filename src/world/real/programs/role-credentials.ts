/**
 * Gives programs the credentials of a role, anew as often as they ask: a session lasts an hour, and eksctl may take longer. They ask
 * on this machine, as those in a container do (AWS SDKs and Tools Reference, "Container credential provider"), so that nothing is
 * written, and nothing that would let a session be taken is in a command line.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { devNull } from 'node:os';
import type { RolePlace } from '../../place.js';
import type { AssumedCredentials } from '../assumed-role.js';
import type { RoleVariables } from './exec.js';

/** Takes a new session of the role. */
type Assume = (place: RolePlace) => Promise<AssumedCredentials>;

/**
 * What an SDK would take credentials from instead, and eksctl's cache of credentials, which has no place for a role (0.230.0,
 * pkg/credentials, `NewFileCacheV2` by the profile's name).
 */
const otherCredentials = [
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_DEFAULT_PROFILE',
  'AWS_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'AWS_SECURITY_TOKEN',
  'AWS_SESSION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'EKSCTL_ENABLE_CREDENTIAL_CACHE',
];

/** Files with profiles, whose credentials would come first, are not read, and the machine's own role is never taken in place of this one. */
const noOthers = {
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};

interface Giver {
  readonly port: number;
  /** By the tokens that open them. */
  readonly roles: Map<string, RolePlace>;
}

/** The server starts with the first role, and ends with this process. */
export function roleVariables(assume: Assume): RoleVariables {
  let giver: Promise<Giver> | undefined;
  const tokens = new Map<string, string>();
  return async (place, vars) => {
    giver ??= startGiver(assume);
    const { port, roles } = await giver;
    const key = JSON.stringify(place);
    const token = tokens.get(key) ?? randomBytes(32).toString('base64url');
    tokens.set(key, token);
    roles.set(token, place);
    return {
      ...Object.fromEntries(Object.entries(vars).filter(([name]) => !otherCredentials.includes(name))),
      ...noOthers,
      // Of all hosts, SDKs take credentials without TLS from this one (aws-sdk-go-v2, config, `isAllowedHost`), and without a proxy.
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
    };
  };
}

async function startGiver(assume: Assume): Promise<Giver> {
  const roles = new Map<string, RolePlace>();
  const server: Server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const place = roleFor(roles, request.headers.authorization ?? '');
    if (place === undefined) {
      answer(403, { code: 'AccessDenied', message: 'unknown token' });
      return;
    }
    assume(place).then(
      ({ accessKeyId, secretAccessKey, sessionToken, expiration }) => {
        const Expiration = expiration.toISOString().replace(/\.\d+Z$/, 'Z');
        answer(200, { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, Expiration });
      },
      // In the words of STS.
      (thrown: unknown) => {
        const { name, message } = thrown instanceof Error ? thrown : { name: 'Failed', message: '' };
        answer(400, { code: name, message });
      },
    );
  });
  server.unref();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return { port, roles };
}

function roleFor(roles: ReadonlyMap<string, RolePlace>, given: string): RolePlace | undefined {
  const presented = Buffer.from(given);
  const isMeant = (token: Buffer): boolean => token.length === presented.length && timingSafeEqual(token, presented);
  for (const [token, place] of roles) if (isMeant(Buffer.from(token))) return place;
  return undefined;
}
