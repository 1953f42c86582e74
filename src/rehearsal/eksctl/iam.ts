/** eksctl's commands around IAM: OIDC provider, roles of service accounts, access entries, identity mappings (0.230.0). */
import { createHash } from 'node:crypto';
import { iamArn } from '../account/arns.js';
import { findStack } from '../account/stacks.js';
import { durations } from '../durations.js';
import type { ClusterState } from '../state.js';
import { createRoleStack, type Place } from './addons.js';
import type { Config, ServiceAccountEntry } from './config.js';
import { activeCluster, deleteStacks, deploy, EksctlFailure, type Run, waitForCreation } from './run.js';
import { oidcTag, sharedTags, stackTags } from './tags.js';

/** The ARN of a cluster's OIDC provider in IAM. */
function providerArn({ simulation }: Run, place: Place): string {
  const issuer = simulation.region(place.region).clusters[place.name]?.oidcIssuer ?? '';
  return iamArn(place.region, simulation.state.accountId, `oidc-provider/${issuer.replace('https://', '')}`);
}

/** Makes the cluster's OIDC provider; a second time nothing happens. */
export function associateOidcProvider(run: Run, place: Place): void {
  if (run.simulation.state.oidcProviders.includes(providerArn(run, place))) return;
  addOidcProvider(run, place);
  activeCluster(run, place).tags[oidcTag] = 'true';
}

/** As `create cluster` does it, without logging. */
export function addOidcProvider(run: Run, place: Place): void {
  const { state } = run.simulation;
  const arn = providerArn(run, place);
  state.oidcProviders.push(arn);
  state.oidcTags = { ...state.oidcTags, [arn]: sharedTags(place) };
  state.iamCreated = { ...state.iamCreated, [arn]: run.simulation.now() };
}

/** Takes the OIDC provider away, as the deletion of a cluster does. */
export function removeOidcProvider(run: Run, place: Place): void {
  const arn = providerArn(run, place);
  const { state } = run.simulation;
  state.oidcProviders = state.oidcProviders.filter((provider) => provider !== arn);
  delete state.iamCreated?.[arn];
}

type Account = Pick<ServiceAccountEntry, 'namespace' | 'account'>;

function roleStackName(place: Place, role: Account): string {
  return `eksctl-${place.name}-addon-iamserviceaccount-${role.namespace}-${role.account}`;
}

/** Makes the roles of a config's service accounts, one after another. */
export async function createServiceAccountRoles(run: Run, config: Config): Promise<void> {
  activeCluster(run, config);
  for (const role of config.serviceAccounts) await createServiceAccountRole(run, config, role);
}

/** Makes a role for a service account, without the account itself (`--role-only`). A second time nothing happens. */
async function createServiceAccountRole(run: Run, place: Place, role: ServiceAccountEntry): Promise<void> {
  const { state } = run.simulation;
  if (!state.oidcProviders.includes(providerArn(run, place))) {
    throw new EksctlFailure('unable to create iamserviceaccount(s) without IAM OIDC provider enabled');
  }
  const name = roleStackName(place, role);
  if (findStack(run.simulation, place.region, name) !== undefined) return;
  if (state.roles.includes(role.roleName)) throw new EksctlFailure('waiter state transitioned to Failure');
  const full = `${role.namespace}/${role.account}`;
  const tags = { ...role.tags, ...stackTags(place), 'alpha.eksctl.io/iamserviceaccount-name': full };
  const { roleName, boundary, keys, policy } = role;
  const trusts = activeCluster(run, place).oidcIssuer.replace('https://', '');
  await createRoleStack(run, place, { name, tags, roleName, boundary, keys, policy, trusts });
}

/** Deletes the role of a service account; nothing happens when there is none. */
export async function deleteServiceAccountRole(run: Run, place: Place, role: Account): Promise<void> {
  const stack = findStack(run.simulation, place.region, roleStackName(place, role));
  if (stack !== undefined) await deleteStacks(run, place.region, [stack]);
}

/** Name of an access entry's stack: the SHA-1 of the principal in base 32 (accessentry/creator.go). */
function accessEntryStackName(cluster: string, principal: string): string {
  const digest = [...createHash('sha1').update(principal).digest()].map((byte) => byte.toString(2).padStart(8, '0'));
  const letters = digest
    .join('')
    .match(/.{5}/g)
    ?.map((bits) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(bits, 2)]);
  return `eksctl-${cluster}-accessentry-${letters?.join('')}`;
}

/** Makes the access entries of a config whose stacks are not there yet; an entry made by others is in the way. */
export async function createAccessEntries(run: Run, config: Config): Promise<void> {
  const cluster = activeCluster(run, config);
  if (config.accessEntries.length === 0) return;
  if (cluster.authenticationMode === 'CONFIG_MAP') {
    throw new EksctlFailure('access entries are not enabled on the cluster; please update its authentication mode');
  }
  const missing = config.accessEntries.filter(
    (principal) => findStack(run.simulation, config.region, accessEntryStackName(config.name, principal)) === undefined,
  );
  for (const principal of missing) await createAccessEntry(run, config, cluster, principal);
}

async function createAccessEntry(run: Run, config: Config, cluster: ClusterState, principal: string): Promise<void> {
  const taken = cluster.accessEntries.includes(principal);
  const reason = 'The specified access entry resource is already in use on this cluster.';
  const kind = taken ? 'role' : 'access-entry';
  const stack = deploy(
    run,
    config,
    { kind, name: principal, roles: [] },
    {
      name: accessEntryStackName(config.name, principal),
      tags: stackTags(config),
      duration: durations.smallStack,
      ...(taken ? { failure: { resource: 'AccessEntry', type: 'AWS::EKS::AccessEntry', reason } } : {}),
    },
  );
  if (!taken) cluster.accessEntries.push(principal);
  await waitForCreation(run, stack, `failed to create access entry for principal ARN "${principal}"`);
}
