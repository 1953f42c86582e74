/**
 * How long things take on the rehearsed account, in ms.
 * Sources: [bench] third-party benchmark of 21 regions, 13:13 to 16:11 for a control plane; [ug] EKS User Guide "about 15
 * minutes"; [run] recorded runs of eksctl 0.230.0; [est] an estimate in the range users report.
 */
const second = 1000;
const minute = 60 * second;

export const durations = {
  /** CREATE of `AWS::EKS::Cluster` with its stack [bench]. */
  controlPlane: 13 * minute,
  /** CREATE of `AWS::EKS::Nodegroup` with its stack [est: 2 to 4 min]. */
  nodeGroup: 3 * minute,
  /** How long EKS waits for nodes that do not come (terraform-aws-eks issues 1910 and 2041: 20 to 23 min). */
  nodeGroupGivenUp: 20 * minute,
  /** From the beginning of a node group to the first look at how Auto Scaling gets on with it [est]. */
  nodeGroupLook: 2 * minute,
  /** Change of a node group's size, until EKS reports ACTIVE again [est: 1 to 3 min]. */
  nodeGroupUpdate: 2 * minute,
  /** CREATE of an add-on [est: 1 to 3 min]. */
  addon: minute,
  /** CREATE or DELETE of a stack that only holds IAM things [est]. */
  smallStack: 30 * second,
  controlPlaneDelete: 8 * minute,
  nodeGroupDelete: 5 * minute,
  addonDelete: minute,
  /** How long the network interfaces outlive their load balancer [est]. */
  balancerLinger: 15 * second,
  /** CREATE of a VPC, a subnet, a route and the like in a stack [est: 2 to 15 s]. */
  networkPart: 10 * second,
  /** CREATE of `AWS::EC2::NatGateway` [est: 1.5 to 2.5 min]. */
  natGateway: 2 * minute,
  /** DELETE of a network with its NAT gateways [est]. */
  natGatewayDelete: 2 * minute,
  /** From a failed resource to ROLLBACK_COMPLETE [est]. */
  rollback: 2 * minute,

  /** eksctl's wait before its first poll of a stack [run]. */
  eksctlFirstPoll: 30 * second,
  /** eksctl's wait between later polls; the real one backs off up to 2 min [run]. */
  eksctlNextPoll: 30 * second,
  /** What `create cluster` waits by itself between the control plane and the nodes: 6 × 20 s [run]. */
  eksctlOwnWaits: 2 * minute,
  /** One short call of eksctl: credentials, cluster, stacks [run]. */
  eksctlStart: 2 * second,
  /** Removing LoadBalancer Services before a cluster's deletion [est]. */
  eksctlLoadBalancerCleanup: 30 * second,

  /** How long an AWS call that nobody answers hangs before the SDK gives up. */
  awsSilence: 5 * minute,
  /** Fetching one tool, and one checksum file [est]. */
  download: 10 * second,
  smallDownload: 500,
  /** A store of a few MB through `kubectl port-forward` [run: 0.2 s]. */
  streamedAnswer: 200,
  /** How long a `--version` takes. */
  version: 100,
} as const;

/** A moment that never comes: for what has settled. */
export const never: number = Number.MAX_SAFE_INTEGER;
