/** The components of a Karmada control plane, and how many of each there are to be. */
import { defaults } from './defaults.js';

/** The workloads that `kubectl karmada init` installs (1.18.2), in the order in which they need each other. */
export const karmadaComponents = [
  { name: 'etcd', kind: 'statefulsets', replicas: defaults.replicas },
  { name: 'karmada-apiserver', kind: 'deployments', replicas: defaults.replicas },
  { name: 'karmada-aggregated-apiserver', kind: 'deployments', replicas: defaults.standbys },
  { name: 'kube-controller-manager', kind: 'deployments', replicas: defaults.standbys },
  { name: 'karmada-controller-manager', kind: 'deployments', replicas: defaults.standbys },
  { name: 'karmada-scheduler', kind: 'deployments', replicas: defaults.standbys },
  { name: 'karmada-webhook', kind: 'deployments', replicas: defaults.standbys },
] as const;

export type KarmadaComponent = (typeof karmadaComponents)[number];
