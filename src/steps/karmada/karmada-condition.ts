/**
 * Distinguishes a complete Karmada from one that only needs time, one whose installation never finished, and one that
 * may hold data.
 */

import { accessKarmada } from '../../access/fleet-access.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { readFleetConfigMap } from '../../state/fleet-configmap.js';
import { karmadaContents } from '../../state/karmada-contents.js';
import { keptInKarmada } from '../../state/unfinished-karmada.js';
import { type ComponentHealth, isUsable, karmadaHealth, unhealthy } from '../../status/karmada-health.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { claim } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess } from '../context.js';

/** etcd's claims carry the label of their pods. */
export const etcdClaims = {
  kind: 'persistentvolumeclaims',
  namespace: karmadaNamespace,
  selector: 'app=etcd',
} as const;

/** What is there of a Karmada; no mark decides it. */
export type KarmadaCondition =
  | { readonly kind: 'none' }
  /** Every component runs. */
  | { readonly kind: 'whole' }
  /** Every component is there, and some do not run (yet): one line each. It may do its work all the same. */
  | { readonly kind: 'unhealthy'; readonly why: readonly string[]; readonly usable: boolean }
  /** An installation that never ended, by our own note of its beginning, and holds nothing of anybody's: nothing is lost with it. */
  | { readonly kind: 'unfinished' }
  /**
   * Components are missing, and its API answers, or there may be something in it; `holds` is empty if its API lists
   * nothing.
   */
  | { readonly kind: 'broken'; readonly why: readonly string[]; readonly holds: readonly string[] };

/** `init` makes it once the API server has come up (karmada 1.18.2, cmdinit/kubernetes/deploy.go). */
const afterApiServer = 'karmada-aggregated-apiserver';

/** Where Karmada is, and how it is reached. */
type KarmadaOf = Pick<FleetContext, 'clients' | 'fleet' | 'paths'>;

/** Whether it is `unfinished` but for what components there are: nothing is lost with it. */
export async function holdsNothing(context: KarmadaOf, call: CallContext): Promise<boolean> {
  const ask = async (): Promise<boolean> =>
    await neverEnded(context, await karmadaHealth(context.clients, parentAccess(context), call), call);
  // One empty answer is no proof.
  return (await ask()) && (await ask());
}

/** Reads the control plane, its claims and, where components are missing, what is in it. */
export async function karmadaCondition(context: FleetContext, call: CallContext): Promise<KarmadaCondition> {
  const first = await read(context, call);
  // One empty answer is no proof that there is nothing to lose.
  return first.kind === 'unfinished' ? await read(context, call) : first;
}

async function read(context: FleetContext, call: CallContext): Promise<KarmadaCondition> {
  const { clients } = context;
  const access = parentAccess(context);
  const [health, claims] = await Promise.all([
    karmadaHealth(clients, access, call),
    clients.kubectl.list(access, etcdClaims, claim, call),
  ]);
  if (claims.length === 0 && health.every(({ exists }) => !exists)) return { kind: 'none' };
  const why = unhealthy(health);
  if (health.every(({ exists }) => exists)) {
    return why.length === 0 ? { kind: 'whole' } : { kind: 'unhealthy', why, usable: isUsable(health) };
  }
  if (await neverEnded(context, health, call)) return { kind: 'unfinished' };
  return { kind: 'broken', why, holds: (await contentsOf(context, call)) ?? unknownContents(claims) };
}

/**
 * The contents of a Karmada, to be shown before its deletion; only its volumes if it does not respond. Empty if there
 * is none.
 */
export async function karmadaHolds(context: FleetContext, call: CallContext): Promise<readonly string[]> {
  const holds = await contentsOf(context, call);
  if (holds !== undefined) return holds;
  const claims = await context.clients.kubectl.list(parentAccess(context), etcdClaims, claim, call);
  return claims.length === 0 ? [] : unknownContents(claims);
}

/** What is lost with a Karmada whose API does not respond. */
function unknownContents(claims: readonly unknown[]): readonly string[] {
  return [`${claims.length} volumes of etcd, with data that its API cannot list now`];
}

/** Undefined while the Karmada API does not respond. */
async function contentsOf(context: FleetContext, call: CallContext): Promise<readonly string[] | undefined> {
  const karmada = await apiOf(context, call);
  return karmada && (await unlessSilent(() => karmadaContents(context.clients, karmada, call)));
}

/**
 * Our own note that an installation began and none that it ended, and nothing of anybody's: either nothing of what `init` makes
 * once the API server has answered, or an API that tells of all its types and has no object that `init` does not make.
 */
async function neverEnded(context: KarmadaOf, health: readonly ComponentHealth[], call: CallContext): Promise<boolean> {
  const mark = await readFleetConfigMap(context.clients, parentAccess(context), call);
  if (mark?.installing === undefined || mark.installed !== undefined) return false;
  const karmada = await apiOf(context, call);
  if (karmada === undefined) return health.find(({ name }) => name === afterApiServer)?.exists === false;
  return (await unlessSilent(() => keptInKarmada(context.clients, karmada, call)))?.length === 0;
}

async function apiOf(context: KarmadaOf, call: CallContext): Promise<KubeAccess | undefined> {
  const { clients, fleet, paths } = context;
  return (await accessKarmada(clients, fleet, paths, parentAccess(context), call)).karmada;
}

async function unlessSilent<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code === 'interrupted') throw thrown;
    return undefined;
  }
}
