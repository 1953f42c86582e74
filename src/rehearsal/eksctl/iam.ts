/** eksctl's commands around IAM: OIDC provider, roles of service accounts, access entries, identity mappings (0.230.0). */
import { createHash } from 'node:crypto';
import { iamArn } from '../account/arns.js';
import { createStack, findStack } from '../account/stacks.js';
import { durations } from '../durations.js';
import type { ClusterState } from '../state.js';
import { createRoleStack, type Place } from './addons.js';
import type { Config } from './config.js';
import { activeCluster, deleteStacks, EksctlFailure, logFailedEvents, type Run, waitForStack } from './run.js';
import { oidcTag, sharedTags, stackTags } from './tags.js';

/** The ARN of a cluster's OIDC provider in IAM. */
function providerArn({ simulation }: Run, place: Place): string {
  const issuer = simulation.region(place.region).clusters[place.name]?.oidcIssuer ?? '';
  return iamArn(place.region, simulation.state.accountId, `oidc-provider/${issuer.replace('https://', '')}`);
}

/** Makes the cluster's OIDC provider; a second time nothing happens. */
export function associateOidcProvider(run: Run, place: Place): void {
  const { simulation, log } = run;
  const arn = providerArn(run, place);
  if (simulation.state.oidcProviders.includes(arn)) {
    log.info(`IAM Open ID Connect provider is already associated with cluster "${place.name}" in "${place.region}"`);
    return;
  }
  log.info(`will create IAM Open ID Connect provider for cluster "${place.name}" in "${place.region}"`);
  addOidcProvider(run, place);
  activeCluster(run, place).tags[oidcTag] = 'true';
  log.success(`created IAM Open ID Connect provider for cluster "${place.name}" in "${place.region}"`);
}

/** As `create cluster` does it, without a word. */
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

/** Which service account, and the name of its role. */
export interface ServiceAccountRole {
  readonly namespace: string;
  readonly account: string;
  readonly roleName: string;
  /** Of the role and of its stack (0.230.0, pkg/cfn/manager/iam.go). */
  readonly tags: Readonly<Record<string, string>>;
}

function roleStackName(place: Place, role: Pick<ServiceAccountRole, 'namespace' | 'account'>): string {
  return `eksctl-${place.name}-addon-iamserviceaccount-${role.namespace}-${role.account}`;
}

/** Makes a role for a service account, without the account itself (`--role-only`). A second time: "no tasks". */
export async function createServiceAccountRole(run: Run, place: Place, role: ServiceAccountRole): Promise<void> {
  const { simulation, log } = run;
  const full = `${role.namespace}/${role.account}`;
  if (!simulation.state.oidcProviders.includes(providerArn(run, place))) {
    const fix = `eksctl utils associate-iam-oidc-provider --region=${place.region} --cluster=${place.name}`;
    log.warning(`no IAM OIDC provider associated with cluster, try '${fix}'`);
    throw new EksctlFailure('unable to create iamserviceaccount(s) without IAM OIDC provider enabled');
  }
  const name = roleStackName(place, role);
  if (findStack(simulation, place.region, name) !== undefined) {
    log.info(`1 existing iamserviceaccount(s) (${full}) will be excluded`);
    log.info('no tasks');
    return;
  }
  if (simulation.state.roles.includes(role.roleName)) {
    throw new EksctlFailure('waiter state transitioned to Failure');
  }
  log.info(`1 iamserviceaccount (${full}) was included (based on the include/exclude rules)`);
  log.warning('serviceaccounts in Kubernetes will not be created or modified, since the option --role-only is used');
  log.info(`1 task: { create IAM role for serviceaccount "${full}" }`);
  log.info(`building iamserviceaccount stack "${name}"`);
  const tags = { ...role.tags, ...stackTags(place), 'alpha.eksctl.io/iamserviceaccount-name': full };
  await createRoleStack(run, place, { name, tags, roleName: role.roleName });
}

/** Deletes the role of a service account; nothing happens when there is none. */
export async function deleteServiceAccountRole(
  run: Run,
  place: Place,
  role: Pick<ServiceAccountRole, 'namespace' | 'account'>,
): Promise<void> {
  const stack = findStack(run.simulation, place.region, roleStackName(place, role));
  if (stack === undefined) {
    run.log.info('no tasks');
    return;
  }
  run.log.info(`1 task: { delete IAM role for serviceaccount "${role.namespace}/${role.account}" }`);
  await deleteStacks(run, place.region, [stack]);
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
  const { simulation, log } = run;
  const cluster = activeCluster(run, config);
  if (config.accessEntries.length === 0) return;
  if (cluster.authenticationMode === 'CONFIG_MAP') {
    throw new EksctlFailure('access entries are not enabled on the cluster; please update its authentication mode');
  }
  const missing = config.accessEntries.filter(
    (principal) => findStack(simulation, config.region, accessEntryStackName(config.name, principal)) === undefined,
  );
  if (missing.length === 0) log.info('access entries already up-to-date');
  for (const principal of missing) await createAccessEntry(run, config, cluster, principal);
}

async function createAccessEntry(run: Run, config: Config, cluster: ClusterState, principal: string): Promise<void> {
  const { simulation, log } = run;
  const name = accessEntryStackName(config.name, principal);
  const taken = cluster.accessEntries.includes(principal);
  log.info(`creating access entry for principal ARN "${principal}"`);
  log.info(`deploying stack "${name}"`);
  const reason = 'The specified access entry resource is already in use on this cluster.';
  const stack = createStack(simulation, {
    region: config.region,
    name,
    tags: stackTags(config),
    makes: { kind: taken ? 'role' : 'access-entry', cluster: config.name, name: principal, roles: [] },
    duration: durations.smallStack,
    ...(taken ? { failure: { resource: 'AccessEntry', type: 'AWS::EKS::AccessEntry', reason } } : {}),
  });
  if (!taken) cluster.accessEntries.push(principal);
  const status = await waitForStack(run, stack);
  if (status === 'CREATE_COMPLETE') {
    log.info(`created access entry for principal ARN "${principal}"`);
    return;
  }
  logFailedEvents(run, stack, 'CREATE_FAILED');
  throw new EksctlFailure(`failed to create access entry for principal ARN "${principal}"`);
}
