/** What there is in each cluster of a fleet, and in its Karmada. */

const karmada = 'karmada-apiserver';

/** Each cluster that the fleet has a kubeconfig of, in `folder`; what does not answer says so. */
export async function clustersBy({ exec, files }, folder) {
  const states = {};
  for (const path of await files.list(folder)) {
    const context = path.slice(folder.length + 1).replace(/\.json$/, '');
    if (context !== 'fleet') states[context] = await kubernetesState(exec, path, context);
  }
  return states;
}

async function kubernetesState(exec, kubeconfig, context) {
  const list = async (kind, ...more) => {
    const args = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, '--request-timeout=30s', 'get', kind, ...more];
    const ended = await exec({
      tool: 'kubectl',
      args: [...args, '--output=json', '--ignore-not-found'],
      timeoutMs: 60_000,
    });
    if (ended.code !== 0) throw new Error(ended.stderr);
    return ended.stdout === '' ? [] : JSON.parse(ended.stdout).items;
  };
  try {
    if (context === karmada) return { members: named(await list('clusters.cluster.karmada.io'), memberState) };
    return {
      services: named(await list('services', '--all-namespaces'), serviceState),
      claims: named(await list('persistentvolumeclaims', '--all-namespaces'), claimState),
      nodes: (await list('nodes')).length,
      storageClasses: named(await list('storageclasses'), ({ provisioner, parameters }) => ({
        provisioner,
        parameters,
      })),
      deployments: named(await list('deployments', '--all-namespaces'), workloadState),
      statefulSets: named(await list('statefulsets', '--all-namespaces'), workloadState),
    };
  } catch (thrown) {
    return `does not answer: ${thrown.message.trim().split('\n').at(-1)}`;
  }
}

function named(items, stateOf) {
  const name = ({ metadata }) => [metadata.namespace, metadata.name].filter(Boolean).join('/');
  return Object.fromEntries(items.map((item) => [name(item), stateOf(item)]));
}

function serviceState({ metadata: { annotations = {}, labels = {} }, spec }) {
  const ports = spec.ports.map(({ port, nodePort, targetPort }) => `${port} ${nodePort ?? '-'} ${targetPort}`);
  return { type: spec.type, annotations, labels, ranges: spec.loadBalancerSourceRanges ?? [], ports };
}

function claimState({ metadata: { labels = {} }, spec, status }) {
  const { storageClassName, resources, accessModes } = spec;
  return { class: storageClassName, size: resources.requests.storage, accessModes, phase: status.phase, labels };
}

function workloadState({ spec, status = {} }) {
  return { replicas: spec.replicas, ready: status.readyReplicas ?? 0, management: spec.podManagementPolicy };
}

function memberState({ metadata: { labels = {} }, spec, status = {} }) {
  const ready = (status.conditions ?? []).find(({ type }) => type === 'Ready');
  const { syncMode, provider, region, zones, taints = [] } = spec;
  const version = status.kubernetesVersion;
  return {
    ready: ready?.status,
    syncMode,
    provider,
    region,
    zones,
    taints: taints.map(({ key }) => key),
    labels,
    version,
  };
}
