/** Kubeconfigs that the product writes: one context each, as JSON, which every client reads as YAML. */

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { AccountRole } from '../../world/place.js';

/** The part of a user with an exec plugin that shows whether it is one of ours. */
const execUserSchema = z.looseObject({
  exec: z.looseObject({
    args: z.array(z.string()),
    env: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullable(),
  }),
});

export interface KubeEndpoint {
  /** Name of the context, the cluster and (with the context's name) the user. */
  readonly context: string;
  readonly server: string;
  /** Base64 of the PEM of the CA. */
  readonly caData: string;
  readonly user: EksUser | CertificateUser;
}

/** Authenticates with a token that the AWS CLI generates from the current credentials. */
export interface EksUser {
  readonly kind: 'eks';
  readonly cluster: string;
  readonly region: string;
  /** The account that it is in, where that is not the credentials' own. */
  readonly account?: AccountRole | undefined;
  /** Stored in the kubeconfig so that it works in a shell that does not set it. */
  readonly profile: string | undefined;
}

/** Authenticates with a client certificate; both are base64-encoded PEM. The key is secret. */
export interface CertificateUser {
  readonly kind: 'certificate';
  /** Whose it is, where it is not the installer's. */
  readonly person?: string;
  readonly certificateData: string;
  readonly keyData: string;
}

/** The text of a kubeconfig with one context, which is also the current one. */
export function kubeconfigText(endpoint: KubeEndpoint): string {
  const { context, server, caData } = endpoint;
  const user = userName(endpoint);
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: context, cluster: { server, 'certificate-authority-data': caData } }],
      contexts: [{ name: context, context: { cluster: context, user } }],
      'current-context': context,
      users: [{ name: user, user: credentials(endpoint.user) }],
    },
    undefined,
    2,
  )}\n`;
}

const endpointSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({ server: z.string(), 'certificate-authority-data': z.string() }),
    }),
  ]),
});

/** The API in a text that `kubeconfigText` wrote. @throws Problem `file-failed` for another text */
export function endpointIn(text: string): Omit<KubeEndpoint, 'user'> {
  const [{ name, cluster }] = ownText(text, endpointSchema).clusters;
  return { context: name, server: cluster.server, caData: cluster['certificate-authority-data'] };
}

const named = { name: z.string() };
const body = z.looseObject({}).optional();

/** The parts of a fleet kubeconfig that are merged into others: one entry per section. */
const oneContextSchema = z.looseObject({
  clusters: z.array(z.looseObject({ ...named, cluster: body })),
  contexts: z.array(z.looseObject({ ...named, context: body })),
  users: z.array(z.looseObject({ ...named, user: body })),
});

type OneContext = z.infer<typeof oneContextSchema>;

/** @throws Problem `file-failed` for what `kubeconfigText` did not write, e.g. after a manual edit */
export function ownKubeconfig(text: string): OneContext {
  return ownText(text, oneContextSchema);
}

function ownText<T>(text: string, as: z.ZodType<T>): T {
  try {
    return as.parse(JSON.parse(text));
  } catch (cause) {
    throw new Problem('file-failed', {
      what: 'a kubeconfig in the fleet’s folder was modified',
      next: ['run the same command again; it is written again'],
      cause,
    });
  }
}

/**
 * Combines several kubeconfigs with one context each, all as JSON texts; the first context becomes the current one.
 * Clusters and users are named after their contexts.
 */
export function joinedKubeconfig(texts: readonly string[]): string {
  const parts = texts.map((text) => {
    const { clusters, contexts, users } = ownKubeconfig(text);
    const { name = '', context } = contexts[0] ?? {};
    return {
      name,
      cluster: { name, cluster: clusters[0]?.cluster },
      context: { name, context: { ...context, cluster: name, user: name } },
      user: { name, user: users[0]?.user ?? {} },
    };
  });
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: parts.map(({ cluster }) => cluster),
      contexts: parts.map(({ context }) => context),
      'current-context': parts[0]?.name ?? '',
      users: parts.map(({ user }) => user),
    },
    undefined,
    2,
  )}\n`;
}

/** The EKS user of a kubeconfig written by `kubeconfigText`; undefined for other users and any other text. */
export function eksUserOf(kubeconfig: string): EksUser | undefined {
  const user = userOf(kubeconfig);
  const { args = [], env } = user?.exec ?? {};
  const [cluster, region] = ['--cluster-name', '--region'].map((flag) => args[args.indexOf(flag) + 1]);
  if (cluster === undefined || region === undefined) return undefined;
  const variable = (name: string): string | undefined => env?.find((each) => each.name === name)?.value;
  const role = args.includes('--role-arn') ? args[args.indexOf('--role-arn') + 1] : undefined;
  const id = /^arn:[\w-]+:iam::(\d{12}):role\//.exec(role ?? '')?.[1];
  const session = variable(variables.session);
  const account = role !== undefined &&
    id !== undefined &&
    session !== undefined && { id, role, externalId: variable(variables.externalId), session };
  const found: EksUser = {
    kind: 'eks',
    cluster,
    region,
    ...(account && { account }),
    profile: variable('AWS_PROFILE'),
  };
  return isDeepStrictEqual(user, credentials(found)) ? found : undefined;
}

/** A fleet kubeconfig that authenticates with a token (secret) instead of its own user. */
export function kubeconfigWithToken(kubeconfig: string, token: string): string {
  const config = ownKubeconfig(kubeconfig);
  return JSON.stringify({ ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) });
}

function userOf(kubeconfig: string): z.infer<typeof execUserSchema> | undefined {
  try {
    return execUserSchema.safeParse((JSON.parse(kubeconfig) as Partial<OneContext> | null)?.users?.[0]?.user).data;
  } catch {
    return undefined;
  }
}

function userName({ context, user }: KubeEndpoint): string {
  if (user.kind === 'eks') return `${context}-aws`;
  return user.person ?? `${context}-admin`;
}

/** By them this program knows how to assume the role; the AWS CLI has no option for either (aws-cli 2.36, get_token.py). */
const variables = { externalId: 'KARMADA_EKS_EXTERNAL_ID', session: 'KARMADA_EKS_SESSION' } as const;

function variablesOf({ account, profile }: EksUser): readonly { readonly name: string; readonly value: string }[] {
  const values = [
    ['AWS_PROFILE', profile],
    [variables.externalId, account?.externalId],
    [variables.session, account?.session],
  ] as const;
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function credentials(user: EksUser | CertificateUser): object {
  if (user.kind === 'certificate') {
    return { 'client-certificate-data': user.certificateData, 'client-key-data': user.keyData };
  }
  const { account, cluster, region } = user;
  const role = account === undefined ? [] : ['--role-arn', account.role];
  const env = variablesOf(user);
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: ['eks', 'get-token', '--output', 'json', '--cluster-name', cluster, '--region', region, ...role],
      env: env.length === 0 ? null : env,
      interactiveMode: 'IfAvailable',
      provideClusterInfo: false,
    },
  };
}
