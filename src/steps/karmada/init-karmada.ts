/** Installs the Karmada control plane and verifies that every component is running. */

import { findLoadBalancer, loadBalancerNames } from '../../access/load-balancer.js';
import type { Destruction } from '../../engine/destruction.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { defaults } from '../../fleet/defaults.js';
import { apiNamesOf } from '../../fleet/fleet.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaNamespace, pullSecretName } from '../../fleet/names.js';
import type { Images } from '../../fleet/settings/images.js';
import { markInstalled, markInstalling, readFleetConfigMap } from '../../state/fleet-configmap.js';
import { isUsable, karmadaHealth, karmadaWorkloads, unhealthy } from '../../status/karmada-health.js';
import { imageDrift } from '../../status/karmada-images.js';
import { driftLine, installedVersions, versionDrift } from '../../status/karmada-versions.js';
import { explainedByPods } from '../../status/stuck-pods.js';
import { type InitOptions, karmadaCommands } from '../../tools/karmada/commands.js';
import { type CreateContext, type FleetContext, minutes, parentAccess, seconds } from '../context.js';
import { formWhileInitWaits } from '../hardening/form-while-init-waits.js';
import { awaitTargets } from '../load-balancer/await-targets.js';
import { waitUntil } from '../wait-until.js';
import { storageClassName } from './add-storage-class.js';
import { isJoinUnfinished, lostEtcdMember, memberDestruction, restoreEtcdMember, startAsUsual } from './etcd-member.js';
import { remedyCommands, remedyEtcd } from './etcd-remedy.js';
import { type KarmadaCondition, karmadaCondition, karmadaHolds } from './karmada-condition.js';
import { controlPlaneDestruction, removeControlPlane } from './remove-karmada.js';
import { explained, tellStuckPods } from './tell-stuck-pods.js';

export function initKarmada(context: CreateContext): Step {
  const { clients } = context;
  const access = parentAccess(context);
  return {
    id: 'init-karmada',
    title: 'install Karmada',
    scope: 'parent',
    expectedMs: minutes(3),
    preview: () => ({
      changes: [
        `Karmada ${context.facts.karmadaVersion}: ${defaults.replicas} API servers, ${defaults.replicas} etcd members, ${defaults.standbys} of each other component`,
      ],
      commands: [
        karmadaCommands.init(
          initOptions(context, '<address of the load balancer>', '<its name>', [], context.paths.initData(1)),
        ),
        ...remedyCommands(context),
      ],
    }),
    check: (call) => stateOf(context, call),
    destroys: (call) => replaced(context, call),
    apply: async (call) => {
      const found = await karmadaCondition(context, call);
      const installs = mustInstall(context, found);
      if (installs) await install(context, call);
      else await restoreMember(context, found, call);
      await waitUntilHealthy(context, installs, call);
      // Nodes that were replaced meanwhile are new targets, and what follows calls the Karmada API.
      await awaitTargets(context, call);
      const mark = await readFleetConfigMap(clients, access, call);
      if (mark?.installed !== undefined) return;
      const version = (await installedVersions(clients, access, call)).at(-1);
      await markInstalled(clients, access, version ?? context.facts.karmadaVersion, call);
    },
  };
}

/**
 * A complete Karmada is never installed again, whatever a mark says; one that may hold data only on request. Pods that are missing
 * while it does its work are left to harden-karmada: on its failure nothing depends.
 */
async function stateOf(context: CreateContext, call: CallContext): Promise<StepState> {
  const found = await karmadaCondition(context, call);
  switch (found.kind) {
    case 'none':
      return { state: 'absent' };
    case 'whole': {
      if (await isJoinUnfinished(context, call)) return { state: 'partial', missing: [restart] };
      if (await isRecorded(context, call)) return await installedState(context, call);
      return { state: 'partial', missing: ['Karmada is complete: only the record of it is written'] };
    }
    case 'unhealthy': {
      if (context.reinstallsKarmada) return { state: 'partial', missing: [replacement] };
      const lost = await lostEtcdMember(context, call);
      if (lost === undefined && found.usable && (await isRecorded(context, call)))
        return await installedState(context, call);
      return { state: 'partial', missing: [...found.why, ...(lost ? [`${lost.name} is replaced: ${lost.why}`] : [])] };
    }
    case 'unfinished':
      return {
        state: 'partial',
        missing: ['an unfinished, empty installation is removed and started over'],
      };
    case 'broken':
      if (context.reinstallsKarmada) return { state: 'partial', missing: [replacement] };
      return { state: 'blocked', problem: incomplete(context, found) };
  }
}

async function isRecorded(context: FleetContext, call: CallContext): Promise<boolean> {
  const mark = await readFleetConfigMap(context.clients, parentAccess(context), call);
  return mark?.installed !== undefined;
}

async function installedState(context: CreateContext, call: CallContext): Promise<StepState> {
  const installed = await installedVersions(context.clients, parentAccess(context), call);
  const tool = context.facts.karmadaVersion || undefined;
  const versions = versionDrift({ installed, tool, agents: new Map() }).map(driftLine);
  const workloads = await karmadaWorkloads(context.clients, parentAccess(context), call);
  const drift = [...versions, ...imageDrift(context.fleet, workloads)];
  return { state: 'ready', note: `Karmada ${installed.join(', ')}`, drift };
}

const restart = 'etcd: the member that was replaced is started once more, with its usual command';
const replacement = 'Karmada is removed with all its data, then installed again';

function mustInstall({ reinstallsKarmada = false }: CreateContext, { kind }: KarmadaCondition): boolean {
  if (kind === 'none' || kind === 'unfinished') return true;
  return reinstallsKarmada && kind !== 'whole';
}

async function restoreMember(context: CreateContext, { kind }: KarmadaCondition, call: CallContext): Promise<void> {
  const lost = kind === 'unhealthy' ? await lostEtcdMember(context, call) : undefined;
  if (lost !== undefined) await restoreEtcdMember(context, lost, call);
  else if (kind === 'whole' && (await isJoinUnfinished(context, call))) await startAsUsual(context, call);
}

async function replaced(context: CreateContext, call: CallContext): Promise<readonly Destruction[]> {
  const { kind } = await karmadaCondition(context, call);
  if (kind !== 'unhealthy' && kind !== 'broken') return [];
  if (!context.reinstallsKarmada) {
    const lost = kind === 'unhealthy' ? await lostEtcdMember(context, call) : undefined;
    return lost === undefined ? [] : [memberDestruction(context, lost)];
  }
  const holds = await karmadaHolds(context, call);
  return [await controlPlaneDestruction(context, holds, '--reinstall-karmada', call)];
}

function incomplete({ fleet }: FleetContext, { why, holds }: Extract<KarmadaCondition, { kind: 'broken' }>): Problem {
  const lost = holds.length === 0 ? 'its API responds' : `holds data that would be lost: ${holds.join(', ')}`;
  return new Problem('karmada-incomplete', {
    what: `Karmada in ${fleet.parent.cluster} is not complete, and ${lost}`,
    why: why.join('; '),
    next: [
      `restore what is missing, e.g. from its manifest: kubectl -n ${karmadaNamespace} get all`,
      'or discard its data and install it again: add --reinstall-karmada to the same command',
      `or delete the fleet: ${fleetCommand('down', fleet)}`,
    ],
  });
}

async function install(context: CreateContext, call: CallContext): Promise<void> {
  const { clients, fleet, paths } = context;
  const balancer = await findLoadBalancer(clients, parentAccess(context), fleet.parent.region, call);
  const [address] = balancer?.addresses ?? [];
  if (balancer === undefined || address === undefined) {
    const what = 'the load balancer of the Karmada API lost its addresses';
    throw new Problem('load-balancer-failed', { what, next: ['run the same command again'] });
  }
  await awaitTargets(context, call);
  await removeControlPlane(context, call);
  await markInstalling(clients, parentAccess(context), call);
  const dataDir = paths.initData(clients.world.clock.now());
  const options = initOptions(context, address, balancer.hostname, balancer.addresses, dataDir);
  const initEnded = new AbortController();
  const remedy = Promise.all([
    remedyEtcd(context, call, initEnded.signal),
    formWhileInitWaits(context, call, initEnded.signal),
    tellStuckPods(context, parentAccess(context), call, initEnded.signal),
  ]);
  // Its failure is reported below, after init's own, which explains more.
  remedy.catch(() => undefined);
  try {
    await clients.karmada.init(options, call);
  } catch (thrown) {
    throw await explained(context, parentAccess(context), thrown, call);
  } finally {
    initEnded.abort();
    // Everything in it is kept in Secrets of the parent too, and it holds private keys. The holder of the fleet's lock
    // deletes it again at the end: a disk failure now must not hide init's error.
    await clients.world.files.remove(paths.init).catch(() => undefined);
  }
  await remedy;
}

function imageOptions({ imageRegistry, imageMirrorCountry, pullsWithSecret }: Images): Partial<InitOptions> {
  return {
    ...(imageRegistry === undefined ? {} : { imageRegistry }),
    ...(imageMirrorCountry === undefined ? {} : { imageMirrorCountry }),
    ...(pullsWithSecret ? { pullSecret: pullSecretName } : {}),
  };
}

function initOptions(
  context: CreateContext,
  advertiseAddress: string,
  hostname: string,
  addresses: readonly string[],
  dataDir: string,
): InitOptions {
  return {
    parent: parentAccess(context),
    advertiseAddress,
    certAddresses: addresses.length === 0 ? [advertiseAddress] : addresses,
    certNames: [loadBalancerNames(context.facts, context.fleet.parent.region), hostname, ...apiNamesOf(context.fleet)],
    dataDir,
    storageClass: storageClassName,
    replicas: defaults.replicas,
    standbys: defaults.standbys,
    ...(context.fleet.certValidity === undefined ? {} : { certValidity: context.fleet.certValidity }),
    ...(context.fleet.crds === undefined ? {} : { crds: context.fleet.crds }),
    ...imageOptions(context.fleet),
  };
}

/** After `init` all pods are expected; otherwise those without which it does not work. */
async function waitUntilHealthy(context: FleetContext, installed: boolean, call: CallContext): Promise<void> {
  const outcome = installed
    ? 'is not complete, although init reported success'
    : 'does not work: a component has no ready pod, or etcd no quorum';
  let last: readonly string[] = [];
  await waitUntil(
    context,
    call,
    {
      everyMs: seconds(5),
      limitMs: minutes(5),
      onTimeout: async () => {
        const problem = new Problem('karmada-unhealthy', {
          what: `the Karmada control plane in ${context.fleet.parent.cluster} ${outcome}`,
          why: last.join('; '),
          next: [
            `find out why: kubectl --kubeconfig ${parentAccess(context).kubeconfig} -n ${karmadaNamespace} get pods`,
            'fix the cause (an image that cannot be pulled, a missing node), then run the same command again',
          ],
        });
        return await explainedByPods(context.clients, parentAccess(context), problem, call);
      },
    },
    async () => {
      const health = await karmadaHealth(context.clients, parentAccess(context), call);
      const now = unhealthy(health);
      if (now.length > 0 && now.join() !== last.join()) call.say(`waiting for ${now.join(', ')}`);
      last = now;
      return installed ? now.length === 0 : isUsable(health);
    },
  );
}
