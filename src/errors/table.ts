/** The table of error codes: each with its exit code and one line on what it means. */
import { ExitCode } from './exit-codes.js';

interface Entry {
  readonly exit: ExitCode;
  readonly meaning: string;
}

export const problemTable = {
  'missing-value': { exit: ExitCode.usage, meaning: 'a value is needed and there is no terminal to ask for it' },
  'invalid-value': { exit: ExitCode.usage, meaning: 'a flag, environment variable or configuration value is wrong' },
  'config-unreadable': { exit: ExitCode.usage, meaning: 'the configuration file is missing or malformed' },
  'tool-missing': { exit: ExitCode.refused, meaning: 'a program that karmada-eks drives is not on PATH' },
  'tool-version': { exit: ExitCode.refused, meaning: 'a program is older or newer than what is known to work' },
  'download-failed': { exit: ExitCode.failed, meaning: 'a program could not be fetched or unpacked' },
  'checksum-mismatch': { exit: ExitCode.refused, meaning: 'a program is not what its publisher says' },
  'writable-by-others': {
    exit: ExitCode.refused,
    meaning: 'other users of the machine may change a program or the data folder',
  },
  'credentials-missing': { exit: ExitCode.refused, meaning: 'AWS credentials could not be loaded' },
  'credentials-expired': { exit: ExitCode.refused, meaning: 'the AWS credentials have expired' },
  'credentials-invalid': { exit: ExitCode.refused, meaning: 'AWS does not accept the credentials' },
  'access-denied': { exit: ExitCode.refused, meaning: 'the AWS identity lacks a permission' },
  'wrong-account': { exit: ExitCode.refused, meaning: 'the fleet belongs to another AWS account' },
  'another-fleet': { exit: ExitCode.refused, meaning: 'several fleets have the name, or not the one that is meant' },
  throttled: { exit: ExitCode.failed, meaning: 'AWS kept refusing calls for their rate' },
  'network-unreachable': { exit: ExitCode.failed, meaning: 'a service could not be reached' },
  'aws-failed': { exit: ExitCode.failed, meaning: 'AWS answered a call with an error' },
  'vpc-not-found': { exit: ExitCode.refused, meaning: 'no VPC has this id or name' },
  'vpc-ambiguous': { exit: ExitCode.refused, meaning: 'several VPCs match this name' },
  'vpc-unusable': { exit: ExitCode.refused, meaning: 'the VPC or its subnets cannot hold the fleet' },
  'address-unknown': { exit: ExitCode.refused, meaning: "this machine's public address could not be asked for" },
  'kubernetes-version': { exit: ExitCode.refused, meaning: 'EKS or eksctl does not offer this Kubernetes version' },
  'cluster-not-ours': {
    exit: ExitCode.refused,
    meaning: 'a cluster of this name exists and was not made by this fleet',
  },
  'cluster-absent': { exit: ExitCode.refused, meaning: 'EKS has no cluster of this name' },
  'fleet-not-found': { exit: ExitCode.refused, meaning: 'no trace of this fleet was found' },
  'plan-refused': {
    exit: ExitCode.refused,
    meaning: 'several things stand in the way; each is listed with its own code',
  },
  'cluster-create-failed': {
    exit: ExitCode.failed,
    meaning: 'the control plane of an EKS cluster could not be created',
  },
  'node-group-failed': { exit: ExitCode.failed, meaning: 'the nodes of an EKS cluster did not come up' },
  'addon-failed': { exit: ExitCode.failed, meaning: 'an EKS add-on is not healthy' },
  'cluster-delete-failed': {
    exit: ExitCode.failed,
    meaning: 'an EKS cluster or one of its stacks could not be deleted',
  },
  'cluster-unreachable': {
    exit: ExitCode.failed,
    meaning: 'the API of a Kubernetes cluster does not answer or refuses us',
  },
  'access-unlimited': {
    exit: ExitCode.refused,
    meaning: 'the load balancer of the Karmada API would be left open to everybody',
  },
  'load-balancer-failed': {
    exit: ExitCode.failed,
    meaning: 'the Network Load Balancer did not become usable, or did not go',
  },
  'karmada-foreign': {
    exit: ExitCode.refused,
    meaning: 'the parent already holds a Karmada that this fleet did not install',
  },
  'karmada-init-failed': { exit: ExitCode.failed, meaning: '`kubectl karmada init` failed' },
  'karmada-unhealthy': { exit: ExitCode.failed, meaning: 'a component of the Karmada control plane is not running' },
  'karmada-incomplete': {
    exit: ExitCode.refused,
    meaning: 'a Karmada of which components are missing may hold data: `up` does not remove it unasked',
  },
  'member-foreign': { exit: ExitCode.refused, meaning: 'the cluster is a member of another control plane' },
  'join-failed': { exit: ExitCode.failed, meaning: 'a member could not be joined (push)' },
  'register-failed': { exit: ExitCode.failed, meaning: 'a member could not be registered (pull)' },
  'member-not-ready': { exit: ExitCode.failed, meaning: 'a member joined but did not become Ready' },
  'member-silent': { exit: ExitCode.refused, meaning: 'a member that is to be taken out does not answer' },
  'workloads-uncounted': {
    exit: ExitCode.refused,
    meaning: 'what runs in a member that is to leave cannot be counted',
  },
  'unjoin-failed': { exit: ExitCode.failed, meaning: 'a member could not be unjoined or unregistered' },
  'demo-failed': { exit: ExitCode.failed, meaning: 'the demo workload was not divided as its weights say' },
  'kubeconfig-locked': { exit: ExitCode.failed, meaning: "somebody else holds the lock of the user's kubeconfig" },
  'kubeconfig-malformed': { exit: ExitCode.refused, meaning: "the user's kubeconfig cannot be read" },
  'kubeconfig-read-only': { exit: ExitCode.refused, meaning: "the user's kubeconfig may not be written" },
  'context-unknown': { exit: ExitCode.refused, meaning: "the user's kubeconfig has no context of this name" },
  'context-not-agreed': {
    exit: ExitCode.refused,
    meaning: 'only the description in the parent names a context of your kubeconfig',
  },
  'record-malformed': { exit: ExitCode.refused, meaning: "the fleet's record cannot be read" },
  'fleet-locked': { exit: ExitCode.locked, meaning: 'another run works on this fleet' },
  'fleet-changed': { exit: ExitCode.failed, meaning: 'somebody else changed the fleet since this run read it' },
  'tool-failed': { exit: ExitCode.failed, meaning: 'a program ended with an error' },
  'tool-timed-out': { exit: ExitCode.failed, meaning: 'a program did not end in time and was stopped' },
  'tool-output': { exit: ExitCode.failed, meaning: 'a program printed something that could not be understood' },
  'step-without-effect': { exit: ExitCode.failed, meaning: 'a step reported success, but its result is not there' },
  'destruction-not-agreed': {
    exit: ExitCode.failed,
    meaning: 'a step would have destroyed something that was not shown and agreed to; it did not run',
  },
  'consent-missing': {
    exit: ExitCode.refused,
    meaning: 'something that works or holds data would be lost, and nothing agreed to that; nothing was changed',
  },
  'program-in-place': {
    exit: ExitCode.refused,
    meaning: 'somebody else put a program where one is to be installed',
  },
  'file-failed': { exit: ExitCode.failed, meaning: 'a file could not be read or written' },
  'file-timed-out': { exit: ExitCode.failed, meaning: 'a file could not be read or written in time' },
  'leftover-not-removed': {
    exit: ExitCode.failed,
    meaning: 'something that is left of the fleet could not be removed',
  },
  leftovers: { exit: ExitCode.leftovers, meaning: 'something of the fleet that may cost money is still there' },
  'fleet-not-ready': { exit: ExitCode.notReady, meaning: 'the fleet is not Ready' },
  declined: { exit: ExitCode.declined, meaning: 'the question was answered with no' },
  interrupted: { exit: ExitCode.interrupted, meaning: 'the run was interrupted' },
  'rehearsal-in-use': { exit: ExitCode.locked, meaning: 'another run works in the simulated account' },
  'rehearsal-unreadable': { exit: ExitCode.refused, meaning: 'the simulated account that was kept cannot be read' },
  'rehearsal-unmodelled': {
    exit: ExitCode.internal,
    meaning: 'the rehearsal was asked for something it does not model',
  },
  internal: { exit: ExitCode.internal, meaning: 'a bug in karmada-eks' },
} as const satisfies Record<string, Entry>;

/** A stable name of one kind of problem. */
export type ProblemCode = keyof typeof problemTable;
