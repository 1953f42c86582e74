/** The eksctl invocations, as data. Values are attached (`--flag=value`), so none can be taken for a flag. */
import type { Command } from '../../world/exec.js';
import type { AwsPlace } from '../../world/place.js';
import type { AddonConfig, ClusterConfig, ServiceAccountConfig } from './cluster-config.js';
import { volumeKeyPolicy } from './volume-key-policy.js';

interface ClusterRef {
  readonly name: string;
  readonly region: string;
}

export interface NodeGroupRef extends ClusterRef {
  readonly nodeGroup: string;
}

/** How many minutes eksctl waits for one CloudFormation operation (its default is 25). */
const waitMinutes = 40;

export interface EbsRole {
  readonly name: string;
  /** ARN. */
  readonly policy: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of a policy. */
  readonly permissionsBoundary?: string;
  /** ARN of the customer's KMS key that encrypts volumes. */
  readonly key?: string | undefined;
}

export const eksctlCommands = {
  version: (): Command => eksctl('version', '--output=json'),

  /** eksctl reads the ClusterConfig from standard input; JSON is accepted (observed with 0.230.0). */
  createCluster: (config: ClusterConfig): Command =>
    fromConfig(config, 'create', 'cluster', '--write-kubeconfig=false', `--timeout=${waitMinutes}m`),

  /**
   * Checks a ClusterConfig as `createCluster` does, prints what it would be, and makes nothing, no kubeconfig either, whose flag it
   * refuses (0.230.0, pkg/ctl/create/cluster.go, pkg/ctl/cmdutils/configfile.go; observed).
   */
  tryCluster: (config: ClusterConfig): Command => fromConfig(config, 'create', 'cluster', '--dry-run'),

  createNodegroup: (config: ClusterConfig): Command =>
    fromConfig(config, 'create', 'nodegroup', `--timeout=${waitMinutes}m`),

  /** Without `--approve` a delete from a config is a dry run. */
  deleteNodegroup: (config: ClusterConfig): Command =>
    fromConfig(config, 'delete', 'nodegroup', '--approve', '--wait', '--disable-eviction'),

  /** From a config eksctl waits for the add-on; by flags it does not (observed with 0.230.0). */
  createAddon: (config: ClusterConfig): Command => fromConfig(config, 'create', 'addon', '--force'),

  /** `keepsObjects`: what of it is in the cluster stays, with the stacks of its roles (0.230.0, pkg/actions/addon/delete.go). */
  deleteAddon: (cluster: ClusterRef, addon: string, keepsObjects = false): Command =>
    eksctl('delete', 'addon', ...inCluster(cluster), `--name=${addon}`, ...(keepsObjects ? ['--preserve'] : [])),

  createAccessEntries: (config: ClusterConfig): Command => fromConfig(config, 'create', 'accessentry'),

  /** Without `--no-duplicate-arns` a second run adds a second mapping (observed with 0.230.0). */
  /** aws-auth knows a role without its path, such as that of SSO has; with it, it never matches (aws-iam-authenticator issue 268). */
  createIdentityMapping: (cluster: ClusterRef, arn: string): Command =>
    eksctl(
      'create',
      'iamidentitymapping',
      ...inCluster(cluster),
      `--arn=${arn.replace(/:role\/.*\//, ':role/')}`,
      `--username=${arn.split('/').at(-1) ?? arn}`,
      '--group=system:masters',
      '--no-duplicate-arns',
    ),

  associateOidcProvider: ({ name, region }: ClusterRef): Command =>
    eksctl('utils', 'associate-iam-oidc-provider', `--region=${region}`, `--cluster=${name}`, '--approve'),

  /** Minimum and maximum change along with it: EKS refuses a number of nodes outside them. */
  scaleNodegroup: ({ nodeGroup, ...cluster }: NodeGroupRef, nodes: number): Command =>
    eksctl(
      'scale',
      'nodegroup',
      ...inCluster(cluster),
      `--name=${nodeGroup}`,
      `--nodes=${nodes}`,
      `--nodes-min=${nodes}`,
      `--nodes-max=${nodes}`,
      '--wait',
    ),

  /** From a config, because no flag sets a boundary or an inline policy. */
  createEbsRole: ({ name, region }: ClusterRef, role: EbsRole): Command =>
    createAccountRole({ name, region }, ebsAccount(role)),

  deleteEbsRole: (cluster: ClusterRef): Command => deleteAccountRole(cluster, ebsServiceAccount),

  /** A role for a service account that others make. */
  createAccountRole,

  deleteAccountRole,

  /** Without `--force`: what somebody else installed meanwhile is not overwritten, and the add-on ends CREATE_FAILED (EKS API, ResolveConflicts). */
  createEbsAddon: (cluster: ClusterRef, roleArn: string, tags: Readonly<Record<string, string>> = {}): Command =>
    Object.keys(tags).length === 0
      ? eksctl('create', 'addon', ...inCluster(cluster), `--name=${driver}`, `--service-account-role-arn=${roleArn}`)
      : taggedAddon(cluster, { name: driver, serviceAccountRoleARN: roleArn, tags }),

  /**
   * `--disable-nodegroup-eviction`: a PodDisruptionBudget must not block the deletion (eksctl issue 6287). `--wait`:
   * otherwise the control plane's stack is still being deleted after eksctl reports success (observed with 0.230.0).
   */
  deleteCluster: ({ name, region }: ClusterRef): Command =>
    eksctl(
      'delete',
      'cluster',
      `--name=${name}`,
      `--region=${region}`,
      '--wait',
      '--disable-nodegroup-eviction',
      `--timeout=${waitMinutes}m`,
    ),
} as const;

const driver = 'aws-ebs-csi-driver';

const ebsServiceAccount = { name: 'ebs-csi-controller-sa', namespace: 'kube-system' } as const;

/** The role of the driver, whose service account itself belongs to the add-on. */
export function ebsAccount({ name: roleName, policy, key, ...more }: EbsRole): ServiceAccountConfig {
  const attachPolicy = key === undefined ? {} : { attachPolicy: volumeKeyPolicy(key) };
  return {
    metadata: ebsServiceAccount,
    attachPolicyARNs: [policy],
    ...attachPolicy,
    roleName,
    roleOnly: true,
    ...more,
  };
}

/** A second time nothing is done, whatever the role is to be (0.230.0, `SetExcludeExistingFilter`). */
function createAccountRole({ name, region }: ClusterRef, account: ServiceAccountConfig): Command {
  const config: ClusterConfig = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name, region },
    iam: { withOIDC: true, serviceAccounts: [account] },
  };
  return fromConfig(config, 'create', 'iamserviceaccount', '--approve');
}

function deleteAccountRole(cluster: ClusterRef, { name, namespace }: ServiceAccountConfig['metadata']): Command {
  return eksctl(
    'delete',
    'iamserviceaccount',
    ...inCluster(cluster),
    `--name=${name}`,
    `--namespace=${namespace}`,
    '--wait',
  );
}

/** The command as it is run for a cluster in this place: with the credentials of its account. */
export function inPlace({ region, account }: AwsPlace, command: Command): Command {
  return account === undefined ? command : { ...command, as: { region, account } };
}

/** No flag sets tags. From a config eksctl waits for the add-on, but not with a timeout of nothing (0.230.0, pkg/actions/addon/create.go). */
function taggedAddon({ name, region }: ClusterRef, addon: AddonConfig): Command {
  const config: ClusterConfig = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name, region },
    addons: [addon],
  };
  return fromConfig(config, 'create', 'addon', '--timeout=0s');
}

function eksctl(...args: readonly string[]): Command {
  return { tool: 'eksctl', args };
}

function fromConfig(config: ClusterConfig, verb: string, noun: string, ...flags: readonly string[]): Command {
  return { ...eksctl(verb, noun, '-f', '-', ...flags), stdin: JSON.stringify(config) };
}

function inCluster({ name, region }: ClusterRef): readonly string[] {
  return [`--cluster=${name}`, `--region=${region}`];
}
