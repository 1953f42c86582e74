/** The Kubernetes APIs of the simulated account, as plain data. */

/** One Kubernetes API: an EKS cluster's own, Karmada's, or that of a cluster outside of EKS. */
export interface ApiState {
  key: string;
  kind: 'eks' | 'karmada' | 'plain';
  /** AWS region; empty outside of AWS. */
  region: string;
  /** Cluster name; for a Karmada API the name of its parent. */
  cluster: string;
  /** What only a cluster outside of EKS has. */
  plain?: PlainState;
  /** Objects by `resource/namespace/name`, e.g. `deployments/karmada-system/etcd`; namespace empty for cluster-wide ones. */
  objects: Record<string, KubeObjectState>;
  nextUid: number;
  /** False: every call is refused, as when a cluster is dead. */
  reachable: boolean;
}

/** Where the API of a cluster outside of EKS answers, and to whom. */
export interface PlainState {
  /** `https://HOST:PORT` */
  server: string;
  /** Kubernetes version, e.g. `1.34.4`. */
  version: string;
  /** base64 of the CA's PEM. */
  ca: string;
  /** base64 of the one client certificate that is admitted. */
  certificate: string;
  /** The one bearer token that is admitted. */
  token: string;
}

export interface KubeObjectState {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    creationTimestamp: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}
