/** The logins of a Docker configuration file that nodes need to pull images, and nothing else of it. */
import { z } from 'zod';
import { Problem } from '../errors/problem.js';
import { jsonAs } from './json-text.js';

/** What a kubelet reads (kubernetes 1.34, pkg/credentialprovider/config.go): no token of an identity, no helper. */
const login = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
});

const configuration = z.looseObject({
  auths: z.record(z.string(), login).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

/** The key that holds them in a Secret of type `kubernetes.io/dockerconfigjson`. */
export const dockerConfigKey = '.dockerconfigjson';

/**
 * The part of the text that logs into one of these hosts, as a Docker configuration; secret. The same text for the same logins.
 * @throws Problem `invalid-value`, which shows nothing of the text but names of registries
 */
export function loginsFor(text: string, hosts: readonly string[], file: string): string {
  const found = jsonAs(configuration, text);
  const next = [
    `write it with: docker --config FOLDER login ${hosts[0] ?? ''}`,
    'or by hand: {"auths":{"HOST":{"username":"…","password":"…"}}}',
  ];
  if (found === undefined)
    throw new Problem('invalid-value', {
      what: `--image-pull-secret: ${file} is not a Docker configuration in JSON`,
      next,
    });
  const { auths = {}, credsStore, credHelpers = {} } = found;
  const complete = Object.entries(auths).filter(([, entry]) => isComplete(entry));
  const wanted = complete.filter(([key]) => hosts.some((host) => isFor(key, host)));
  if (wanted.length > 0) {
    const kept = wanted.map(([key, { auth, username, password }]) => [key, { auth, username, password }] as const);
    return JSON.stringify({ auths: Object.fromEntries(kept.toSorted(([one], [other]) => (one < other ? -1 : 1))) });
  }
  const store = credsStore ?? Object.values(credHelpers)[0];
  const others = complete.map(([key]) => hostIn(key));
  throw new Problem('invalid-value', {
    what: `--image-pull-secret: ${file} has no login for ${hosts.join(' or ')}`,
    why:
      store !== undefined
        ? `its logins are in the credential store ${store}, not in the file`
        : others.length > 0
          ? `it has logins for ${others.join(', ')}`
          : 'it has none that nodes can use: a user and a password',
    next,
  });
}

function isComplete({ auth = '', username = '', password = '' }: z.infer<typeof login>): boolean {
  return (username !== '' && password !== '') || /^[^:]+:./.test(Buffer.from(auth, 'base64').toString());
}

/** Docker Hub is known by several names (kubernetes 1.34, pkg/credentialprovider/keyring.go). */
const dockerHub: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** `*` stands for one part of a name, or some of it. */
function isFor(key: string, host: string): boolean {
  const own = hostIn(key);
  if (dockerHub.includes(host)) return dockerHub.includes(own);
  const pattern = own.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^.:]*')}$`).test(host);
}

function hostIn(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}
