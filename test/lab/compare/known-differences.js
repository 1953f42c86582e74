/** The differences between the lab and the rehearsal that may be, each with its reason; everything else is a failure. */

/**
 * What matches is known. The reasons stand in the rehearsal's README under "Known differences from the lab", and one that
 * matches nothing any more fails too, unless it is there only sometimes.
 * @type {readonly { readonly match: RegExp, readonly reason: string, readonly sometimes?: boolean }[]}
 */
export const knownDifferences = [
  {
    match: /^init-karmada: kubectl .* create -f - <<< \/spec\//,
    reason:
      'The StatefulSet of etcd has only what the controllers here look at: no command, probes and volumes of its containers, and ' +
      'none of the fields that an API server fills in.',
  },
  {
    match:
      /^state\/regions\/[\w-]+\/clusters\/[\w-]+\/addons\/(?:coredns|metrics-server)\/(?:issues\/0|status): lab (?:nothing|"ACTIVE"), rehearsal "(?:InsufficientNumberOfReplicas|DEGRADED)"$/,
    reason:
      'Add-ons of the lab are records without pods: without nodes they are ACTIVE there, and DEGRADED here, as on EKS.',
  },
  {
    match: /^state\/clusters\/karmada-apiserver\/members\/[\w-]+\/version: lab "v1\.34\.4"/,
    reason:
      'The lab has one Kubernetes, 1.34.4, whatever version a cluster was asked for; here it is the one asked for.',
  },
  {
    match:
      /^state\/clusters\/[\w-]+\/services\/default\/kubernetes\/ports\/0: lab "443 - 6443", rehearsal "443 - 443"$/,
    reason: 'The API servers of EKS listen on port 443, as here; those of the lab on 6443.',
  },
  {
    match: /^undo\/init-karmada: only in the rehearsal: ec2:DescribeVolumes /,
    reason:
      'The PersistentVolumes of the lab are folders, without the handle of a CSI driver: which volumes are etcd’s is not read ' +
      'from them there, and none is waited for.',
  },
  {
    match:
      /^(?:end: only in the lab|steps: only in the rehearsal): eks:DescribeCluster [\w-]+ \{"name":"[\w-]+-parent"\}$/,
    reason:
      'A parent is deleted in seconds in the lab. Here it takes longer than a lease lasts, so whether it is being deleted is ' +
      'asked meanwhile, and not only at the end.',
  },
  {
    match:
      /^lease: only in the (?:lab|rehearsal): kubectl .* get [\w.,-]*\bconfigmaps,[\w.,-]* --namespace=karmada-(?:cluster|system) /,
    reason:
      'Everything in a namespace is listed by all types that the cluster has: those of Kubernetes there, the ones that are modelled ' +
      'here.',
  },
  {
    match: /^undo\/create-cluster\/[\w-]+: only in the rehearsal: kubectl .* get persistentvolumes /,
    reason:
      'The lab’s clusters have no volumes in EC2 that carry their tag, as the disks of nodes do here, so nobody asks what is to become of them.',
  },
  {
    match:
      /^(?:init-karmada|register-member\/[\w-]+): only in the (?:lab|rehearsal): kubectl .* get (?:deployments|events|persistentvolumeclaims|pods) --namespace=karmada-system /,
    reason:
      'While init works, its Deployments are looked for twice a second, and what keeps their pods from starting now and then, as while ' +
      'register works: between which two changes that is depends on how long they take.',
    sometimes: true,
  },
  {
    match: /^create-cluster\/[\w-]+: only in the rehearsal: eks:DescribeNodegroup /,
    reason:
      'While eksctl makes nodes, EKS is asked once a minute what it finds wrong with them: that takes minutes here, and seconds in the lab, or more where the machine is busy.',
    sometimes: true,
  },
  {
    match: /^plan: only in the lab: servicequotas:GetAWSDefaultServiceQuota [\w-]+ \{"QuotaCode":"L-1216C47A",/,
    reason:
      'Nobody was given more vCPUs in the lab’s account, so what AWS gives everybody is asked there; here they were, as in an account ' +
      'that is in use.',
  },
  {
    match: /^back-up-karmada: only in the lab: kubectl .* port-forward pod\/etcd-1 :2379 /,
    reason:
      'A backup passes over the member of etcd that leads. Which one leads is settled by an election there, and is always etcd-0 here, ' +
      'so that the first one asked, etcd-2, may lead only there.',
    sometimes: true,
  },
];

/**
 * @param {readonly string[]} differences
 * @param {typeof knownDifferences} known
 * @returns the new ones, and of each known one how often it was there, in the order of `known`
 */
export function sorted(differences, known = knownDifferences) {
  const hits = known.map(() => 0);
  const fresh = differences.filter((difference) => {
    const index = known.findIndex(({ match }) => match.test(difference));
    if (index >= 0) hits[index] += 1;
    return index < 0;
  });
  return { fresh, hits };
}
