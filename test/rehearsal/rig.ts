/** What most rehearsal tests start from: an account with one full VPC, a process on it, and configs for eksctl. */
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { connect, type ProcessOptions, type RehearsedProcess } from '../../src/rehearsal/machine/connect.js';
import { addVpc, type MadeVpc, type VpcVariant } from '../../src/rehearsal/vpcs.js';
import type { ClusterConfig } from '../../src/tools/eksctl/cluster-config.js';
import type { Command, ExecRequest, ExecResult } from '../../src/world/exec.js';

export const region = 'us-west-2';
const hour = 3_600_000;

export interface Rig extends RehearsedProcess {
  readonly account: Account;
  readonly vpc: MadeVpc;
  readonly run: (command: Command, more?: Partial<ExecRequest>) => Promise<ExecResult>;
}

/** An account with a VPC named `main`, and a process. */
export function rig(options: ProcessOptions = {}, variant: VpcVariant = 'full'): Rig {
  const account = newAccount();
  const vpc = addVpc(account, { region, name: 'main', variant });
  return { ...rigOn(account, options), vpc };
}

/** Another process on an account. */
export function rigOn(account: Account, options: ProcessOptions = {}): Omit<Rig, 'vpc'> {
  const process = connect(account, options);
  return { ...process, account, run: (command, more) => process.world.exec({ timeoutMs: hour, ...command, ...more }) };
}

/** A ClusterConfig as the product writes it, over a VPC of the account. */
export function config(vpc: MadeVpc, name = 'demo', more: Partial<ClusterConfig> = {}): ClusterConfig {
  const byZone = (subnets: MadeVpc['publicSubnets']) =>
    Object.fromEntries(subnets.map((subnet) => [subnet.zone, { id: subnet.id }]));
  return {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name, region, version: '1.35', tags: { fleet: 'demo' } },
    iam: { withOIDC: true },
    autoModeConfig: { enabled: false },
    vpc: {
      id: vpc.vpc.id,
      subnets: { public: byZone(vpc.publicSubnets), private: byZone(vpc.privateSubnets) },
    },
    addons: [{ name: 'aws-ebs-csi-driver', wellKnownPolicies: { ebsCSIController: true } }],
    managedNodeGroups: [
      {
        name: 'ng',
        amiFamily: 'AmazonLinux2023',
        instanceType: 'm5.large',
        instancePrefix: 'demo',
        desiredCapacity: 3,
        minSize: 3,
        maxSize: 3,
        privateNetworking: true,
        volumeEncrypted: true,
        disablePodIMDS: true,
        nodeRepairConfig: { enabled: true },
        tags: { fleet: 'demo' },
      },
    ],
    ...more,
  };
}

/** An access entry that makes a principal an administrator. */
export function admin(principalARN: string) {
  const policyARN = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
  return { principalARN, accessPolicies: [{ policyARN, accessScope: { type: 'cluster' as const } }] };
}

/** The result of a program that ended by itself; anything else fails the test. */
export function exited(result: ExecResult): {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
} {
  if (result.kind !== 'exited') throw new TypeError(`not exited but ${result.kind}`);
  return result;
}
