/** Which contexts of a kubeconfig are taken for an EKS cluster of the credentials in use. */
import { expect, it } from 'vitest';
import { clusterOfContext } from '../../src/access/eks-context.js';
import type { World } from '../../src/world/world.js';

type Environment = World['environment'];

const found = { cluster: 'shop', region: 'eu-west-1' };
const written = ['--region', 'eu-west-1', 'eks', 'get-token', '--cluster-name', 'shop', '--output', 'json'];

function clusterOf(user: Readonly<Record<string, unknown>>, vars: Readonly<Record<string, string>> = {}): unknown {
  const environment: Environment = {
    vars,
    homeDir: '/',
    workingDir: '/',
    dataDir: '/',
    owner: 'me',
    runtime: 'Node.js',
  };
  const config = {
    clusters: [{ name: 'c', cluster: { server: 'https://x' } }],
    contexts: [{ name: 'c', context: { cluster: 'c' } }],
    users: [{ name: 'c', user }],
  };
  return clusterOfContext({ environment }, config);
}

const exec = (args: readonly string[], more: object = {}): Readonly<Record<string, unknown>> => ({
  exec: { command: 'aws', args, ...more },
});
const profile = { env: [{ name: 'AWS_PROFILE', value: 'prod' }] };

it.each([
  ['what the AWS CLI writes', exec(written), {}],
  [
    'what eksctl writes',
    exec(['eks', 'get-token', '--output', 'json', '--cluster-name', 'shop', '--region', 'eu-west-1']),
    {},
  ],
  ['flags with =', exec(['eks', 'get-token', '--cluster-name=shop', '--region=eu-west-1']), {}],
  ['a path to aws', { exec: { command: '/usr/local/bin/aws', args: written, env: null } }, {}],
  ['the profile in use', exec(written, profile), { AWS_PROFILE: 'prod' }],
  ['no profile where one is in use, which the program inherits', exec(written), { AWS_PROFILE: 'prod' }],
] as const)('takes %s', (_, user, vars) => {
  expect(clusterOf(user, vars)).toEqual(found);
});

it.each([
  ['a token', { token: 'x' }, {}],
  ['another program', { exec: { command: 'gke-gcloud-auth-plugin', args: null } }, {}],
  [
    'another command of aws',
    exec(['sts', 'get-caller-identity', '--cluster-name', 'shop', '--region', 'eu-west-1']),
    {},
  ],
  ['no region', exec(['eks', 'get-token', '--cluster-name', 'shop']), {}],
  ['another role', exec([...written, '--role-arn', 'arn:aws:iam::111122223333:role/x']), {}],
  ['another profile', exec(written, profile), { AWS_PROFILE: 'test' }],
  ['a profile where none is in use', exec([...written, '--profile', 'prod']), {}],
] as const)('leaves %s', (_, user, vars) => {
  expect(clusterOf(user, vars)).toBeUndefined();
});
