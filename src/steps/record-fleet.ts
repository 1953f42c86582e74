/** Makes Karmada's namespace in the parent and keeps the fleet's description there, for machines that never saw the install. */
import { descriptionKey, fleetConfigMap, readMark } from '../discover/fleet-mark.js';
import { overtaken } from '../discover/overtaken.js';
import { Problem } from '../errors/problem.js';
import { fleetTag, karmadaNamespace } from '../fleet/names.js';
import { requestOf } from '../fleet/resolve.js';
import type { Step, StepContext, StepState } from '../pipeline/step.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { anyObject } from '../tools/kubectl/objects.js';
import { otherKind } from './load-balancer-kind.js';
import { addRegions, missingRegions } from './regions-tag.js';
import { minutes, parentAccess, type Site, seconds } from './site.js';
import { waitUntil } from './wait-until.js';

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
      const mark = await readMark(site.clients, access, context);
      if (mark === undefined) return await checkUnmarked(site, context);
      if (mark.fleetId !== site.fleet.id) return { state: 'blocked', problem: foreign(site, mark.fleetId ?? 'nobody') };
      // Asked here, so that the description is not changed before the change is refused.
      const problem = overtaken(mark.description, site.fleet) ?? (await otherKind(site, context));
      if (problem !== undefined) return { state: 'blocked', problem };
      const regions = await missingRegions(site);
      const missing = [
        ...(mark.description === text ? [] : ['the description of the fleet as it is wanted now']),
        ...(regions.length === 0 ? [] : [`the parent’s tag lacks ${regions.join(', ')}`]),
      ];
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (context) => {
      await waitForTheOld(site, context);
      await kubectl.apply(access, objects, context);
      await addRegions(site);
    },
  };
}

/** A Karmada without our mark is somebody else's. */
async function checkUnmarked(site: Site, context: StepContext): Promise<StepState> {
  const ref = { kind: 'deployments', name: 'karmada-apiserver', namespace: karmadaNamespace };
  const karmada = await site.clients.kubectl.get(parentAccess(site), ref, anyObject, context);
  if (karmada === undefined) return { state: 'absent' };
  return { state: 'blocked', problem: foreign(site, 'nobody we know') };
}

/** A namespace that is going takes nothing in: a `down` that was interrupted may have left one. */
async function waitForTheOld(site: Site, context: StepContext): Promise<void> {
  const ref = { kind: 'namespaces', name: karmadaNamespace };
  const patience = {
    everyMs: seconds(3),
    limitMs: minutes(10),
    onTimeout: () =>
      new Problem('karmada-unhealthy', {
        what: `the old namespace ${karmadaNamespace} did not go within 10 minutes`,
        next: [`see what holds it: kubectl get namespace ${karmadaNamespace} -o yaml`, 'run the same command again'],
      }),
  };
  await waitUntil(site, context, patience, async () => {
    const found = await site.clients.kubectl.get(parentAccess(site), ref, anyObject, context);
    return found?.metadata.deletionTimestamp === undefined;
  });
}

function fleetObjects(site: Site): readonly object[] {
  const labels = { [fleetTag]: site.fleet.id };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: karmadaNamespace } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: fleetConfigMap.name, namespace: karmadaNamespace, labels },
      data: { [descriptionKey]: JSON.stringify(requestOf(site.fleet)) },
    },
  ];
}

function foreign(site: Site, owner: string): Problem {
  return new Problem('karmada-foreign', {
    what: `cluster ${site.fleet.parent.cluster} already holds a Karmada control plane in ${karmadaNamespace}`,
    why: `it belongs to ${owner}, not to fleet ${site.fleet.name}`,
    next: ['choose another parent: --fleet NAME', 'or remove that Karmada first: kubectl karmada deinit'],
  });
}
