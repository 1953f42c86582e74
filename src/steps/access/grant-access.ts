/** Grants a person access to Karmada by a certificate of their own, which Karmada's CA signs and which expires by itself. */
import { X509Certificate } from 'node:crypto';
import { certificateRequest } from '../../access/grants/certificate-request.js';
import {
  bindingName,
  bindingOf,
  groupOf,
  readBindings,
  refOfGrant,
  scopeText,
  type WantedGrant,
} from '../../access/grants/grants.js';
import { encoded } from '../../certificates/certificate.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { anyObject, signingRequest } from '../../tools/kubectl/objects.js';
import { type FleetContext, karmadaAccess, seconds } from '../context.js';
import { waitUntil } from '../wait-until.js';

/** What the person gets. Both are base64 of PEM; the key is secret and nowhere else. */
export interface Issued {
  /** Of its binding. */
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
  /** In ms since the epoch. */
  readonly until: number;
}

/** How much, and for how long. */
export interface WantedAccess extends WantedGrant {
  readonly forMs: number;
}

/**
 * The rights come last: a run that dies before leaves a certificate that may do nothing, and one that dies after leaves rights that
 * nobody has the key for. So there is nothing to resume, and each run makes another certificate.
 */
export function grantAccess(context: FleetContext, wanted: WantedAccess, hand: (issued: Issued) => void): Step {
  const { clients, fleet, paths } = context;
  const { person, role, namespace } = wanted;
  const id = clients.world.newId();
  const ref = refOfGrant({ name: bindingName(person, id), namespace });
  const karmada = karmadaAccess(paths);
  return {
    id: `grant-access/${person}`,
    title: `grant ${person} ${role} in ${scopeText(namespace)}`,
    scope: 'fleet',
    expectedMs: seconds(4),
    preview: () => ({ changes: [`${ref.kind} ${ref.name}`], commands: [] }),
    check: async (call) => {
      const found = await clients.kubectl.get(karmada, ref, anyObject, call);
      return { state: found === undefined ? 'absent' : 'ready' };
    },
    apply: async (call) => {
      const key = clients.world.newKey();
      const certificate = await signed(context, wanted, { id, key }, call);
      const until = Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo);
      try {
        await clients.kubectl.create(karmada, bindingOf({ ...wanted, until }, id, fleet.id), call);
      } catch (thrown) {
        // It may have been created without this being answered.
        await clients.kubectl.remove(karmada, ref, call).catch(() => undefined);
        throw thrown;
      }
      hand({ name: ref.name, certificate, key: encoded(key), until });
    },
  };
}

/** Those that have ended give nobody anything; they are deleted only to keep the list short. */
export function forgetEnded({ clients, fleet, paths }: FleetContext): Step {
  const karmada = karmadaAccess(paths);
  const ended = async (call: CallContext) => {
    const { grants } = await readBindings(clients, karmada, fleet.id, call);
    return grants.filter(({ until }) => until <= clients.world.clock.now());
  };
  return {
    id: 'forget-ended-access',
    title: 'delete the bindings of certificates that have ended',
    scope: 'fleet',
    failsAlone: true,
    expectedMs: seconds(1),
    preview: () => ({ changes: ['bindings of certificates that have ended'], commands: [] }),
    check: async (call) => {
      const missing = (await ended(call)).map(({ name }) => name);
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (call) => {
      for (const grant of await ended(call)) await clients.kubectl.remove(karmada, refOfGrant(grant), call);
    },
  };
}

/** The certificate, base64 of PEM. A request that a killed run leaves is deleted by Kubernetes after an hour (csrcleaner). */
async function signed(
  context: FleetContext,
  { person, forMs }: WantedAccess,
  { id, key }: { readonly id: string; readonly key: string },
  call: CallContext,
): Promise<string> {
  const { kubectl } = context.clients;
  const karmada = karmadaAccess(context.paths);
  const request = certificateRequest({ commonName: person, organization: groupOf(id) }, key);
  const ref = { kind: 'certificatesigningrequests', name: `karmada-eks-${id}` };
  await kubectl.create(karmada, requestObject(ref.name, request, forMs), call);
  await kubectl.approve(karmada, ref.name, call);
  const patience = { everyMs: seconds(1), limitMs: seconds(60), onTimeout: () => unsigned(context, person) };
  const certificate = await waitUntil(context, call, patience, async () => {
    const found = await kubectl.get(karmada, ref, signingRequest, call);
    return found?.status?.certificate;
  });
  await kubectl.remove(karmada, ref, call);
  return certificate;
}

function requestObject(name: string, request: string, forMs: number): object {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: {
      request: encoded(request),
      signerName: 'kubernetes.io/kube-apiserver-client',
      expirationSeconds: Math.round(forMs / 1000),
      usages: ['client auth'],
    },
  };
}

function unsigned({ fleet }: FleetContext, person: string): Problem {
  return new Problem('karmada-unhealthy', {
    what: `Karmada did not sign the certificate of ${person} within a minute; nothing was granted`,
    why: 'kube-controller-manager signs it',
    next: [`check whether it runs: ${fleetCommand('status', fleet)}`, 'run the same command again'],
  });
}
