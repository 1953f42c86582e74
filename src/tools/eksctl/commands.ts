/** The eksctl invocations, as data. Values are attached (`--flag=value`), so none can be taken for a flag. */
import type { Command } from '../../world/exec.js';
import type { ClusterConfig } from './cluster-config.js';

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
  /** `key=value`, for the role and for its stack (eksctl 0.230.0, pkg/cfn/manager/iam.go, `CreateStack` with `spec.Tags`). */
  readonly tag: string;
}

export const eksctlCommands = {
  version: (): Command => ({ tool: 'eksctl', args: ['version', '--output=json'] }),

  /** eksctl reads the ClusterConfig from standard input; JSON is accepted (observed with 0.230.0). */
  createCluster: (config: ClusterConfig): Command => ({
    tool: 'eksctl',
    args: ['create', 'cluster', '-f', '-', '--write-kubeconfig=false', `--timeout=${waitMinutes}m`],
    stdin: JSON.stringify(config),
  }),

  createNodegroup: (config: ClusterConfig): Command => ({
    tool: 'eksctl',
    args: ['create', 'nodegroup', '-f', '-', `--timeout=${waitMinutes}m`],
    stdin: JSON.stringify(config),
  }),

  /** Without `--approve` a delete from a config is a dry run. */
  deleteNodegroup: (config: ClusterConfig): Command => ({
    tool: 'eksctl',
    args: ['delete', 'nodegroup', '-f', '-', '--approve', '--wait', '--disable-eviction'],
    stdin: JSON.stringify(config),
  }),

  /** From a config eksctl waits for the add-on; by flags it does not (observed with 0.230.0). */
  createAddon: (config: ClusterConfig): Command => ({
    tool: 'eksctl',
    args: ['create', 'addon', '-f', '-', '--force'],
    stdin: JSON.stringify(config),
  }),

  deleteAddon: (cluster: ClusterRef, addon: string): Command => ({
    tool: 'eksctl',
    args: ['delete', 'addon', `--cluster=${cluster.name}`, `--region=${cluster.region}`, `--name=${addon}`],
  }),

  createAccessEntries: (config: ClusterConfig): Command => ({
    tool: 'eksctl',
    args: ['create', 'accessentry', '-f', '-'],
    stdin: JSON.stringify(config),
  }),

  /** Without `--no-duplicate-arns` a second run adds a second mapping (observed with 0.230.0). */
  createIdentityMapping: (cluster: ClusterRef, arn: string): Command => ({
    tool: 'eksctl',
    args: [
      'create',
      'iamidentitymapping',
      `--cluster=${cluster.name}`,
      `--region=${cluster.region}`,
      `--arn=${arn}`,
      `--username=${arn.split('/').at(-1) ?? arn}`,
      '--group=system:masters',
      '--no-duplicate-arns',
    ],
  }),

  associateOidcProvider: (cluster: ClusterRef): Command => ({
    tool: 'eksctl',
    args: [
      'utils',
      'associate-iam-oidc-provider',
      `--region=${cluster.region}`,
      `--cluster=${cluster.name}`,
      '--approve',
    ],
  }),

  /** Minimum and maximum change along with it: EKS refuses a number of nodes outside them. */
  scaleNodegroup: ({ name, region, nodeGroup }: NodeGroupRef, nodes: number): Command => ({
    tool: 'eksctl',
    args: [
      'scale',
      'nodegroup',
      `--cluster=${name}`,
      `--region=${region}`,
      `--name=${nodeGroup}`,
      `--nodes=${nodes}`,
      `--nodes-min=${nodes}`,
      `--nodes-max=${nodes}`,
      '--wait',
    ],
  }),

  /** Only the role: the service account itself belongs to the add-on. */
  createEbsRole: (cluster: ClusterRef, { name, policy, tag }: EbsRole): Command => ({
    tool: 'eksctl',
    args: [
      'create',
      'iamserviceaccount',
      `--cluster=${cluster.name}`,
      `--region=${cluster.region}`,
      '--name=ebs-csi-controller-sa',
      '--namespace=kube-system',
      `--attach-policy-arn=${policy}`,
      `--role-name=${name}`,
      `--tags=${tag}`,
      '--role-only',
      '--approve',
    ],
  }),

  deleteEbsRole: (cluster: ClusterRef): Command => ({
    tool: 'eksctl',
    args: [
      'delete',
      'iamserviceaccount',
      `--cluster=${cluster.name}`,
      `--region=${cluster.region}`,
      '--name=ebs-csi-controller-sa',
      '--namespace=kube-system',
      '--wait',
    ],
  }),

  createEbsAddon: (cluster: ClusterRef, roleArn: string): Command => ({
    tool: 'eksctl',
    args: [
      'create',
      'addon',
      `--cluster=${cluster.name}`,
      `--region=${cluster.region}`,
      '--name=aws-ebs-csi-driver',
      `--service-account-role-arn=${roleArn}`,
      '--force',
    ],
  }),

  /**
   * `--disable-nodegroup-eviction`: a PodDisruptionBudget must not block the deletion (eksctl issue 6287). `--wait`:
   * otherwise the control plane's stack is still being deleted after eksctl reports success (observed with 0.230.0).
   */
  deleteCluster: (cluster: ClusterRef): Command => ({
    tool: 'eksctl',
    args: [
      'delete',
      'cluster',
      `--name=${cluster.name}`,
      `--region=${cluster.region}`,
      '--wait',
      '--disable-nodegroup-eviction',
      `--timeout=${waitMinutes}m`,
    ],
  }),
} as const;
