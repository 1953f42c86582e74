/** The defaults of a fleet. */
export const defaults = {
  fleet: 'karmada',
  members: 2,
  /** Three nodes: each Karmada API server replica needs a node of its own (required anti-affinity, karmada 1.18.2). */
  nodes: 3,
  instanceType: 'm5.large',
  /** Prefix of the instances' names, as in the AWS guidance. */
  instancePrefix: 'karmadaeks',
  nodeGroup: 'nodes',
  /** API servers and etcd members of the Karmada control plane. */
  replicas: 3,
  /** Of every other component of it: a second one takes over when the node of the first is lost. */
  standbys: 2,
  mode: 'push',
  /** How long a member may be silent before its workloads move, as Karmada's flags take it. */
  failoverAfter: '5m',
} as const;

/**
 * Karmada's port at the load balancer, and the node port of its own Service (`kubectl karmada init --port`).
 * The load balancer's Service gets a node port outside init's, or init fails (observed with 1.18.2).
 */
export const karmadaPort = { loadBalancer: 32443, container: 5443, ownNodePort: 32443, firstNodePort: 31443 } as const;
