/** Makes Karmada's namespace in the parent and keeps the fleet's description there, for machines that never saw the install. */
import { fleetConfigMap } from '../discover/find-fleet.js';
import { Problem } from '../errors/problem.js';
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import { requestOf } from '../fleet/resolve.js';
import type { Step } from '../pipeline/step.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { anyObject, configMap } from '../tools/kubectl/objects.js';
import { parentAccess, type Site, seconds } from './site.js';

export function recordFleet(site: Site, after: readonly string[]): Step {
  const access = parentAccess(site);
  const { kubectl } = site.clients;
  const objects = fleetObjects(site);
  const text = JSON.stringify(requestOf(site.fleet));
  return {
    id: 'record-fleet',
    title: `make namespace ${karmadaNamespace} and describe the fleet there`,
    lane: 'parent',
    after,
    expectedMs: seconds(3),
    preview: () => ({
      changes: [`namespace ${karmadaNamespace}`, `ConfigMap ${karmadaNamespace}/${fleetConfigMap.name}`],
      commands: [kubectlCommands.apply(access, objects)],
    }),
    check: async (context) => {
      const namespace = await kubectl.get(access, { kind: 'namespaces', name: karmadaNamespace }, anyObject, context);
      if (namespace === undefined) return { state: 'absent' };
      const owner = namespace.metadata.labels?.[fleetTag];
      if (owner !== undefined && owner !== site.fleet.id) return { state: 'blocked', problem: foreign(site, owner) };
      if (owner === undefined && (await holdsKarmada(site, context))) {
        return { state: 'blocked', problem: foreign(site, 'nobody we know') };
      }
      const ref = { kind: 'configmaps', name: fleetConfigMap.name, namespace: karmadaNamespace };
      const found = await kubectl.get(access, ref, configMap, context);
      const missing = [
        ...(owner === undefined ? [`label ${fleetTag} on namespace ${karmadaNamespace}`] : []),
        ...(found?.data?.[fleetConfigMap.key] === text ? [] : ['the description of the fleet as it is wanted now']),
      ];
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (context) => {
      await kubectl.apply(access, objects, context);
    },
  };
}

function fleetObjects(site: Site): readonly object[] {
  const labels = { [fleetTag]: site.fleet.id };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: karmadaNamespace, labels } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: fleetConfigMap.name, namespace: karmadaNamespace, labels },
      data: { [fleetConfigMap.key]: JSON.stringify(requestOf(site.fleet)) },
    },
  ];
}

async function holdsKarmada(site: Site, context: Parameters<Step['check']>[0]): Promise<boolean> {
  const ref = { kind: 'deployments', name: 'karmada-apiserver', namespace: karmadaNamespace };
  return (await site.clients.kubectl.get(parentAccess(site), ref, anyObject, context)) !== undefined;
}

function foreign(site: Site, owner: string): Problem {
  return new Problem('karmada-foreign', {
    what: `cluster ${site.fleet.parent.cluster} already holds a Karmada control plane in ${karmadaNamespace}`,
    why: `it belongs to ${owner}, not to fleet ${site.fleet.name}`,
    next: ['choose another parent: --fleet NAME', 'or remove that Karmada first: kubectl karmada deinit'],
  });
}
