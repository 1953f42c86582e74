/** The table of error codes: each with its exit code and a one-line meaning. */
import { ExitCode } from './exit-codes.js';

interface Entry {
  readonly exit: ExitCode;
  readonly meaning: string;
}

export const problemTable = {
  'invalid-usage': {
    exit: ExitCode.usage,
    meaning: 'the command or a flag is unknown, or an argument is missing or superfluous',
  },
  'missing-value': {
    exit: ExitCode.usage,
    meaning: 'a required value is missing and there is no terminal to ask for it',
  },
  'invalid-value': { exit: ExitCode.usage, meaning: 'a flag, environment variable or configuration value is invalid' },
  'config-unreadable': { exit: ExitCode.usage, meaning: 'the configuration file is missing or malformed' },
  'tool-missing': { exit: ExitCode.refused, meaning: 'a program that karmada-eks needs is not on PATH' },
  'tool-version': { exit: ExitCode.refused, meaning: "a program's version is not supported" },
  'download-failed': { exit: ExitCode.failed, meaning: 'a program could not be downloaded or unpacked' },
  'checksum-mismatch': { exit: ExitCode.refused, meaning: "a program does not match its publisher's checksum" },
  'writable-by-others': {
    exit: ExitCode.refused,
    meaning: 'other users of the machine can modify a program or the data folder',
  },
  'credentials-missing': { exit: ExitCode.refused, meaning: 'AWS credentials could not be loaded' },
  'credentials-expired': { exit: ExitCode.refused, meaning: 'the AWS credentials have expired' },
  'credentials-invalid': { exit: ExitCode.refused, meaning: 'AWS does not accept the credentials' },
  'access-denied': { exit: ExitCode.refused, meaning: 'the AWS identity lacks a permission' },
  'wrong-account': { exit: ExitCode.refused, meaning: 'the fleet belongs to another AWS account' },
  'another-fleet': {
    exit: ExitCode.refused,
    meaning: 'several fleets have this name, or it belongs to a different fleet',
  },
  throttled: { exit: ExitCode.failed, meaning: 'AWS kept throttling calls' },
  'network-unreachable': { exit: ExitCode.failed, meaning: 'a service could not be reached' },
  'aws-failed': { exit: ExitCode.failed, meaning: 'AWS returned an error' },
  'vpc-not-found': { exit: ExitCode.refused, meaning: 'no VPC has this id or name' },
  'vpc-ambiguous': { exit: ExitCode.refused, meaning: 'several VPCs match this name' },
  'vpc-unusable': { exit: ExitCode.refused, meaning: 'the VPC or its subnets cannot hold the fleet' },
  'address-unknown': { exit: ExitCode.refused, meaning: "this machine's public address could not be determined" },
  'kubernetes-version': { exit: ExitCode.refused, meaning: 'EKS or eksctl does not offer this Kubernetes version' },
  'cluster-not-ours': {
    exit: ExitCode.refused,
    meaning: 'a cluster with this name exists and was not created by this fleet',
  },
  'cluster-absent': { exit: ExitCode.refused, meaning: 'EKS has no cluster with this name' },
  'fleet-not-found': { exit: ExitCode.refused, meaning: 'the fleet was not found' },
  'plan-refused': {
    exit: ExitCode.refused,
    meaning: 'several problems must be fixed first; each is listed with its own code',
  },
  'cluster-create-failed': {
    exit: ExitCode.failed,
    meaning: 'the control plane of an EKS cluster could not be created',
  },
  'node-group-failed': { exit: ExitCode.failed, meaning: 'the nodes of an EKS cluster did not become ready' },
  'addon-failed': { exit: ExitCode.failed, meaning: 'an EKS add-on is not healthy' },
  'cluster-delete-failed': {
    exit: ExitCode.failed,
    meaning: 'an EKS cluster or one of its stacks could not be deleted',
  },
  'cluster-unreachable': {
    exit: ExitCode.failed,
    meaning: 'the API of a Kubernetes cluster does not respond or denies access',
  },
  'access-unlimited': {
    exit: ExitCode.refused,
    meaning: 'the load balancer of the Karmada API would be left open to everyone',
  },
  'load-balancer-failed': {
    exit: ExitCode.failed,
    meaning: 'the Network Load Balancer did not become usable, or was not deleted',
  },
  'karmada-foreign': {
    exit: ExitCode.refused,
    meaning: 'the parent already has a Karmada that this fleet did not install',
  },
  'karmada-init-failed': { exit: ExitCode.failed, meaning: '`kubectl karmada init` failed' },
  'karmada-unhealthy': { exit: ExitCode.failed, meaning: 'a component of the Karmada control plane is not running' },
  'karmada-incomplete': {
    exit: ExitCode.refused,
    meaning: 'Karmada is missing components but may hold data; `up` does not remove it without consent',
  },
  'member-foreign': { exit: ExitCode.refused, meaning: 'the cluster is a member of another control plane' },
  'join-failed': { exit: ExitCode.failed, meaning: 'a member could not be joined (push)' },
  'register-failed': { exit: ExitCode.failed, meaning: 'a member could not be registered (pull)' },
  'member-not-ready': { exit: ExitCode.failed, meaning: 'a member joined but did not become Ready' },
  'member-silent': { exit: ExitCode.refused, meaning: 'a member to be removed does not respond' },
  'workloads-uncounted': {
    exit: ExitCode.refused,
    meaning: 'the workloads in a member to be removed cannot be counted',
  },
  'unjoin-failed': { exit: ExitCode.failed, meaning: 'a member could not be unjoined or unregistered' },
  'demo-failed': { exit: ExitCode.failed, meaning: 'the demo workload was not divided according to its weights' },
  'kubeconfig-locked': { exit: ExitCode.failed, meaning: "another process holds the lock of the user's kubeconfig" },
  'kubeconfig-malformed': { exit: ExitCode.refused, meaning: "the user's kubeconfig cannot be read" },
  'kubeconfig-read-only': { exit: ExitCode.refused, meaning: "the user's kubeconfig is read-only" },
  'context-unknown': { exit: ExitCode.refused, meaning: "the user's kubeconfig has no context with this name" },
  'context-not-agreed': {
    exit: ExitCode.refused,
    meaning: 'a context of your kubeconfig is named only by the description in the parent',
  },
  'record-malformed': { exit: ExitCode.refused, meaning: "the fleet's record cannot be read" },
  'fleet-locked': { exit: ExitCode.locked, meaning: 'another run is working on this fleet' },
  'fleet-changed': { exit: ExitCode.failed, meaning: 'the fleet was changed by somebody else since this run read it' },
  'tool-failed': { exit: ExitCode.failed, meaning: 'a program failed' },
  'tool-timed-out': { exit: ExitCode.failed, meaning: 'a program timed out and was stopped' },
  'tool-output': { exit: ExitCode.failed, meaning: 'a program printed unexpected output' },
  'step-without-effect': { exit: ExitCode.failed, meaning: 'a step reported success but had no effect' },
  'destruction-not-agreed': {
    exit: ExitCode.failed,
    meaning: 'a step would have destroyed something that you were not shown and did not agree to; it did not run',
  },
  'consent-missing': {
    exit: ExitCode.refused,
    meaning: 'something that works or holds data would be lost without consent; nothing was changed',
  },
  'program-in-place': {
    exit: ExitCode.refused,
    meaning: 'a program that karmada-eks did not install is in the way',
  },
  'file-failed': { exit: ExitCode.failed, meaning: 'a file could not be read or written' },
  'file-timed-out': { exit: ExitCode.failed, meaning: 'a file could not be read or written in time' },
  'leftover-not-removed': {
    exit: ExitCode.failed,
    meaning: 'a leftover of the fleet could not be deleted',
  },
  leftovers: { exit: ExitCode.leftovers, meaning: 'leftovers of the fleet that may incur cost remain' },
  'fleet-not-ready': { exit: ExitCode.notReady, meaning: 'the fleet is not Ready' },
  declined: { exit: ExitCode.declined, meaning: 'you declined' },
  interrupted: { exit: ExitCode.interrupted, meaning: 'the run was interrupted' },
  'rehearsal-in-use': { exit: ExitCode.locked, meaning: 'another run is using the simulated account' },
  'rehearsal-unreadable': { exit: ExitCode.refused, meaning: 'the saved simulated account cannot be read' },
  'rehearsal-unmodelled': {
    exit: ExitCode.internal,
    meaning: 'the rehearsal does not model this call',
  },
  internal: { exit: ExitCode.internal, meaning: 'a bug in karmada-eks' },
} as const satisfies Record<string, Entry>;

/** A stable name for one kind of problem. */
export type ProblemCode = keyof typeof problemTable;
