/** Tags and names that resemble a fleet's and are somebody else's. */

/** What stands for the fleet's own mark in a template; the real one is put in when the canaries are planted. */
export const markPlace = '@mark@';

export type Tags = Readonly<Record<string, string>>;

const fleetKey = 'karmada-eks/fleet';

/** By what they resemble: each is of somebody else, whatever else it says. */
export const lookAlikes: Readonly<Record<string, Tags>> = {
  'another fleet, its mark longer': { [fleetKey]: `${markPlace}-2`, Name: 'karmada' },
  'another fleet, its mark a part of it': { [fleetKey]: `x${markPlace}` },
  'the same fleet name in another region': { [fleetKey]: 'karmada.ap-southeast-4' },
  'the key written otherwise': { 'Karmada-eks/fleet': markPlace, 'karmada-eks/fleets': markPlace },
  'people call it so': { Name: 'karmada-parent', project: 'karmada', team: 'karmada-eks' },
  'a cluster whose name begins alike': owned('karmada-parent-2'),
  'a cluster whose name ends alike': owned('not-one'),
  'a cluster that only shares it': {
    'kubernetes.io/cluster/karmada-parent': 'shared',
    'kubernetes.io/cluster/one': 'shared',
  },
  nothing: {},
};

/** What the cloud controller, the CSI driver, the VPC CNI, eksctl and EKS put on what they make for a cluster. */
function owned(cluster: string): Tags {
  return {
    [`kubernetes.io/cluster/${cluster}`]: 'owned',
    KubernetesCluster: cluster,
    'cluster.k8s.amazonaws.com/name': cluster,
    'alpha.eksctl.io/cluster-name': cluster,
    'aws:eks:cluster-name': cluster,
    'kubernetes.io/created-for/pvc/namespace': 'karmada-system',
    'kubernetes.io/created-for/pvc/name': 'etcd-data-etcd-0',
  };
}

/** Clusters of others whose names look like those that the tests' fleets make. */
export const strangers = ['karmada-parent-2', 'one-two'] as const;
