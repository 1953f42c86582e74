/** Every certificate of a fleet, wherever there is a copy of it. */

import pMap from 'p-map';
import type { FleetAccess } from '../../access/fleet-access.js';
import { type Certificate, isDue, readCertificate } from '../../certificates/certificate.js';
import { authorities, certificatesIn, type KeptCertificates, keptCertificates } from '../../certificates/kept.js';
import type { CallContext } from '../../engine/step.js';
import { asProblem } from '../../errors/problem.js';
import { karmadaPort } from '../../fleet/defaults.js';
import { karmadaContext } from '../../fleet/names.js';
import { agentCertificate } from '../../status/agent-certificate.js';
import { presentedAt } from '../../steps/certificates/await-presented.js';
import { outdatedReaders } from '../../steps/certificates/readers.js';
import type { FleetContext } from '../../steps/context.js';
import { userCertificates } from '../../steps/kubeconfig/user-certificates.js';

/**
 * `old`: another one has been made since, which is not here yet; `unread`: there is a newer one, but its reader has not been started
 * since.
 */
export type CertificateState = 'ok' | 'soon' | 'ended' | 'old' | 'unread';

/** One certificate in one place; times in ms since the epoch. */
export interface FoundCertificate {
  readonly certificate: string;
  readonly kind: 'CA' | 'leaf';
  readonly where: string;
  /** Undefined if unknown. */
  readonly until: number | undefined;
  readonly state: CertificateState;
}

export interface Gathered {
  readonly found: readonly FoundCertificate[];
  /** What could not be looked at, one line each; that is no reason to call a certificate bad. */
  readonly unknown: readonly string[];
}

const none: Gathered = { found: [], unknown: [] };

/** `context` is of a fleet whose parent responds. */
export async function gatherCertificates(
  context: FleetContext,
  reach: FleetAccess,
  call: CallContext,
): Promise<Gathered> {
  const parent = reach.apis.get('parent');
  const kept = parent === undefined ? undefined : await keptCertificates(context.clients, parent, call);
  if (kept === undefined)
    return { found: [], unknown: ['the parent has no Secret karmada-cert: Karmada is not installed'] };
  const parts = await Promise.all([
    inSecrets(context, kept),
    unread(context, kept, call),
    served(context, reach, kept),
    ofAgents(context, reach, call),
    inKubeconfigs(context, kept),
  ]);
  return merged(parts);
}

function merged(parts: readonly Gathered[]): Gathered {
  return { found: parts.flatMap(({ found }) => found), unknown: parts.flatMap(({ unknown }) => unknown) };
}

function stateOf({ clients }: FleetContext, found: Certificate, newest: Certificate | undefined): CertificateState {
  const now = clients.world.clock.now();
  if (found.until <= now) return 'ended';
  if (newest !== undefined && newest.print !== found.print) return 'old';
  return isDue(found, now) ? 'soon' : 'ok';
}

function inSecrets(context: FleetContext, { main, copies }: KeptCertificates): Gathered {
  const found = [...main.values(), ...copies].map(({ name, secret, certificate }) => {
    const isAuthority = authorities.some((each) => each === name);
    return {
      certificate: name,
      kind: isAuthority ? ('CA' as const) : ('leaf' as const),
      where: secret,
      until: certificate.until,
      state: stateOf(context, certificate, isAuthority ? undefined : main.get(name)?.certificate),
    };
  });
  return { found, unknown: [] };
}

async function unread(context: FleetContext, kept: KeptCertificates, call: CallContext): Promise<Gathered> {
  const readers = await outdatedReaders(context, kept, call);
  const found = readers.map(({ name }) => ({
    certificate: 'karmada',
    kind: 'leaf' as const,
    where: `pods of ${name}`,
    until: undefined,
    state: 'unread' as const,
  }));
  return { found, unknown: [] };
}

/** What the load balancer's targets present. */
async function served(
  context: FleetContext,
  { loadBalancer }: FleetAccess,
  { main }: KeptCertificates,
): Promise<Gathered> {
  if (loadBalancer === undefined) return none;
  const { hostname } = loadBalancer;
  const where = `https://${hostname}:${karmadaPort.loadBalancer}`;
  const { presented, silence } = await presentedAt(context, hostname);
  if (presented.length === 0) return { found: [], unknown: [`what ${where} presents is unknown: ${silence}`] };
  const found = presented.map((certificate) => ({
    certificate: 'apiserver',
    kind: 'leaf' as const,
    where,
    until: certificate.until,
    state: stateOf(context, certificate, main.get('apiserver')?.certificate),
  }));
  return { found, unknown: [] };
}

async function ofAgents(context: FleetContext, { apis }: FleetAccess, call: CallContext): Promise<Gathered> {
  const { clients, fleet } = context;
  const pulling = fleet.members.filter(({ mode }) => mode === 'pull');
  const parts = await pMap(
    pulling,
    async ({ name }): Promise<Gathered> => {
      const access = apis.get(name);
      if (access === undefined) return { found: [], unknown: [`the agent of ${name}: its cluster cannot be reached`] };
      try {
        const agent = await agentCertificate(clients, access, call);
        if (agent === undefined) return { found: [], unknown: [`the agent of ${name}: it is not there`] };
        const { until } = agent.certificate;
        const state = agent.isUnread ? 'unread' : stateOf(context, agent.certificate, undefined);
        return {
          found: [{ certificate: 'agent', kind: 'leaf', where: `agent of ${name}`, until, state }],
          unknown: [],
        };
      } catch (thrown) {
        if (call.signal.aborted) throw thrown;
        return { found: [], unknown: [`the agent of ${name}: ${asProblem(thrown).message}`] };
      }
    },
    { concurrency: clients.concurrency },
  );
  return merged(parts);
}

/** The admin certificate, in the fleet's own kubeconfig and in the user's. */
async function inKubeconfigs(context: FleetContext, { main }: KeptCertificates): Promise<Gathered> {
  const { clients, paths } = context;
  const own = paths.kubeconfig(karmadaContext);
  const text = await clients.world.files.read(own);
  const places = [
    ...(text === undefined ? [] : [{ path: own, pem: certificatesIn(text)[0] }]),
    ...(await userCertificates(clients.world, context.fleet)),
  ];
  const newest = main.get('karmada')?.certificate;
  const found = places.flatMap(({ path, pem }) => {
    const certificate = pem === undefined ? undefined : readCertificate(pem);
    if (certificate === undefined) return [];
    return [
      {
        certificate: 'karmada',
        kind: 'leaf' as const,
        where: path,
        until: certificate.until,
        state: stateOf(context, certificate, newest),
      },
    ];
  });
  return { found, unknown: [] };
}
