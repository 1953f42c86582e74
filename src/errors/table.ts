/** The table of error codes: each with its exit code and a one-line meaning. */
import { ExitCode } from './exit-codes.js';

interface Entry {
  readonly exit: ExitCode;
  readonly meaning: string;
}

const usage = (meaning: string): Entry => ({ exit: ExitCode.usage, meaning });
const refused = (meaning: string): Entry => ({ exit: ExitCode.refused, meaning });
const failed = (meaning: string): Entry => ({ exit: ExitCode.failed, meaning });

export const problemTable = {
  'invalid-usage': usage('the command or a flag is unknown, or an argument is missing or superfluous'),
  'missing-value': usage('a required value is missing and there is no terminal to ask for it'),
  'invalid-value': usage('a flag, environment variable or configuration value is invalid'),
  'config-unreadable': usage('the configuration file is missing or malformed'),
  'tool-missing': refused('a program that karmada-eks needs is not on PATH'),
  'tool-version': refused("a program's version is not supported"),
  'download-failed': failed('a program could not be downloaded or unpacked'),
  'checksum-mismatch': refused("a program does not match its publisher's checksum"),
  'writable-by-others': refused('other users of the machine can modify a program or the data folder'),
  'credentials-missing': refused('AWS credentials could not be loaded'),
  'credentials-expired': refused('the AWS credentials have expired'),
  'credentials-invalid': refused('AWS does not accept the credentials'),
  'access-denied': refused('the AWS identity lacks a permission'),
  'wrong-account': refused('the fleet belongs to another AWS account'),
  'another-fleet': refused('several fleets have this name, or it belongs to a different fleet'),
  throttled: failed('AWS kept throttling calls'),
  'network-unreachable': failed('a service could not be reached'),
  'aws-failed': failed('AWS returned an error'),
  'bucket-missing': refused('no S3 bucket has this name'),
  'vpc-not-found': refused('no VPC has this id or name'),
  'vpc-ambiguous': refused('several VPCs match this name'),
  'vpc-unusable': refused('the VPC or its subnets cannot hold the fleet'),
  'address-unknown': refused("this machine's public address could not be determined"),
  'kubernetes-version': refused('EKS or eksctl does not offer this Kubernetes version'),
  'cluster-not-ours': refused('a cluster with this name exists and was not created by this fleet'),
  'cluster-absent': refused('EKS has no cluster with this name'),
  'fleet-not-found': refused('the fleet was not found'),
  'plan-refused': refused('several problems must be fixed first; each is listed with its own code'),
  'cluster-create-failed': failed('the control plane of an EKS cluster could not be created'),
  'node-group-failed': failed('the nodes of an EKS cluster did not become ready'),
  'addon-failed': failed('an EKS add-on is not healthy'),
  'cluster-delete-failed': failed('an EKS cluster or one of its stacks could not be deleted'),
  'cluster-unreachable': failed('the API of a Kubernetes cluster does not respond or denies access'),
  'access-unlimited': refused('the load balancer of the Karmada API would be left open to everyone'),
  'too-many-ranges': refused('the security group of the parent’s nodes has no room for so many source ranges'),
  'load-balancer-failed': failed('the Network Load Balancer did not become usable, or was not deleted'),
  'karmada-foreign': refused('the parent already has a Karmada that this fleet did not install'),
  'karmada-init-failed': failed('`kubectl karmada init` failed'),
  'karmada-unhealthy': failed('a component of the Karmada control plane is not running'),
  'karmada-incomplete': refused(
    'Karmada is missing components but may hold data; `up` does not remove it without consent',
  ),
  'certificates-not-renewable': refused('Karmada’s certificates cannot be renewed with what is kept in the parent'),
  'member-foreign': refused('the cluster is a member of another control plane'),
  'join-failed': failed('a member could not be joined (push)'),
  'register-failed': failed('a member could not be registered (pull)'),
  'member-not-ready': failed('a member joined but did not become Ready'),
  'member-silent': refused('a member to be removed does not respond'),
  'workloads-uncounted': refused('the workloads in a member to be removed cannot be counted'),
  'unjoin-failed': failed('a member could not be unjoined or unregistered'),
  'demo-failed': failed('the demo workload was not divided according to its weights'),
  'kubeconfig-locked': failed("another process holds the lock of the user's kubeconfig"),
  'kubeconfig-malformed': refused("the user's kubeconfig cannot be read"),
  'kubeconfig-read-only': refused("the user's kubeconfig is read-only"),
  'context-unknown': refused("the user's kubeconfig has no context with this name"),
  'context-not-agreed': refused('a context of your kubeconfig is named only by the description in the parent'),
  'record-malformed': refused("the fleet's record cannot be read"),
  'fleet-locked': { exit: ExitCode.locked, meaning: 'another run is working on this fleet' },
  'fleet-changed': failed('the fleet was changed by somebody else since this run read it'),
  'tool-failed': failed('a program failed'),
  'tool-timed-out': failed('a program timed out and was stopped'),
  'tool-output': failed('a program printed unexpected output'),
  'step-without-effect': failed('a step reported success but had no effect'),
  'destruction-not-agreed': failed(
    'a step would have destroyed something that you were not shown and did not agree to; it did not run',
  ),
  'consent-missing': refused('something that works or holds data would be lost without consent; nothing was changed'),
  'program-in-place': refused('a program that karmada-eks did not install is in the way'),
  'file-failed': failed('a file could not be read or written'),
  'file-timed-out': failed('a file could not be read or written in time'),
  'backup-failed': failed('Karmada could not be backed up'),
  'restore-failed': failed('a backup could not be restored'),
  'backup-unreadable': refused('a file is not a backup that can be used'),
  'leftover-not-removed': failed('a leftover of the fleet could not be deleted'),
  leftovers: { exit: ExitCode.leftovers, meaning: 'leftovers of the fleet that may incur cost remain' },
  'fleet-not-ready': { exit: ExitCode.notReady, meaning: 'the fleet is not Ready' },
  declined: { exit: ExitCode.declined, meaning: 'you declined' },
  interrupted: { exit: ExitCode.interrupted, meaning: 'the run was interrupted' },
  'rehearsal-in-use': { exit: ExitCode.locked, meaning: 'another run is using the simulated account' },
  'rehearsal-unreadable': refused('the saved simulated account cannot be read'),
  'rehearsal-unmodelled': { exit: ExitCode.internal, meaning: 'the rehearsal does not model this call' },
  internal: { exit: ExitCode.internal, meaning: 'a bug in karmada-eks' },
} as const satisfies Record<string, Entry>;

/** A stable name for one kind of problem. */
export type ProblemCode = keyof typeof problemTable;
