/** Renews Karmada's certificates, with the keys that they have, and has their readers take the new ones. */

import { dayOf } from '../../certificates/certificate.js';
import {
  dueLeaves,
  type Kept,
  type KeptCertificates,
  keptCertificates,
  type LeafName,
  lackedNames,
  mainSecret,
  staleCopies,
} from '../../certificates/kept.js';
import {
  type NewLeaves,
  printOfRenewed,
  renewedLeaves,
  secretsToFollow,
  secretWith,
} from '../../certificates/renewal.js';
import { makeSigner } from '../../certificates/sign.js';
import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { apiNamesOf } from '../../fleet/fleet.js';
import { karmadaNamespace } from '../../fleet/names.js';
import { durationMs } from '../../fleet/settings/duration.js';
import { manager } from '../../status/failover-state.js';
import { kubectlCommands } from '../../tools/kubectl/commands.js';
import { type KubeSecret, secret } from '../../tools/kubectl/objects.js';
import { type FleetContext, minutes, parentAccess } from '../context.js';
import { movedByRestart } from '../hardening/moved-at-once.js';
import { awaitPresented, presentedState } from './await-presented.js';
import { outdatedReaders, restartReaders } from './readers.js';

/** How a renewal is to be. */
export interface Renewal {
  /** Also those that were made before this, in ms since the epoch, however long they are valid. */
  readonly madeBefore?: number | undefined;
  /** How long the new ones are valid, e.g. `8760h`; without it as the fleet is described, or as long as those before. */
  readonly validity?: string | undefined;
}

export function renewCertificates(context: FleetContext, renewal: Renewal = {}): Step {
  const access = parentAccess(context);
  const { clients } = context;
  return {
    id: 'renew-certificates',
    title: 'renew Karmada’s certificates',
    scope: 'parent',
    expectedMs: minutes(2),
    preview: () => ({
      changes: ['Karmada’s certificates are renewed, with the same keys and the same CAs'],
      commands: [
        kubectlCommands.replace(access, { kind: 'Secret', metadata: { name: '<each that holds one>' } }),
        kubectlCommands.strategicPatch(
          access,
          { kind: 'deployments', name: '<each that reads one>', namespace: karmadaNamespace },
          { '<its pods>': '<are replaced>' },
        ),
      ],
    }),
    check: async (call) => {
      const kept = await keptCertificates(clients, access, call);
      if (kept === undefined) return { state: 'ready', note: 'Karmada has none' };
      const due = dueIn(context, renewal, kept);
      const problem = due.length === 0 ? undefined : await whyNot(() => signed(context, renewal, kept, due));
      if (problem !== undefined) return { state: 'blocked', problem };
      const readers = await outdatedReaders(context, kept, call, due.length > 0);
      const missing = [
        ...dueLines(kept, due),
        ...secretsLine(kept, due),
        ...nameLine(kept, apiNamesOf(context.fleet)),
        ...restartLine(readers.map(({ name }) => name)),
      ];
      if (missing.length > 0) return { state: 'partial', missing };
      const isUnread = printOfRenewed(kept) !== undefined && (await presentedState(context, kept, call)) === 'older';
      if (isUnread) return { state: 'partial', missing: ['the API servers are about to read the new certificates'] };
      return { state: 'ready', note: `until ${firstEnd(kept)}` };
    },
    destroys: async (call) => {
      const kept = await keptCertificates(clients, access, call);
      if (kept === undefined) return [];
      const readers = await outdatedReaders(context, kept, call, dueIn(context, renewal, kept).length > 0);
      return readers.some(({ name }) => name === manager) ? await movedByRestart(context, call) : [];
    },
    apply: async (call) => {
      const kept = await found(context, call);
      const due = dueIn(context, renewal, kept);
      if (due.length > 0) await writeMain(context, kept, await signed(context, renewal, kept, due), call);
      for (const each of secretsToFollow(await found(context, call))) await write(context, each, call);
      const all = await found(context, call);
      await restartReaders(context, all, call);
      if (printOfRenewed(all) !== undefined) await awaitPresented(context, all, call);
    },
  };
}

/**
 * A step that writes the admin certificate into a kubeconfig, and cannot tell before it is renewed that it will.
 * @param kubeconfig as people know it
 */
export function followingRenewal(context: FleetContext, renewal: Renewal, step: Step, kubeconfig: string): Step {
  return {
    ...step,
    check: async (call) => {
      const kept = await keptCertificates(context.clients, parentAccess(context), call);
      const isDue = kept !== undefined && dueIn(context, renewal, kept).includes('karmada');
      if (isDue) return { state: 'partial', missing: [`the renewed admin certificate in ${kubeconfig}`] };
      return await step.check(call);
    },
  };
}

function dueIn({ clients, fleet }: FleetContext, { madeBefore }: Renewal, kept: KeptCertificates) {
  return dueLeaves(kept, clients.world.clock.now(), { madeBefore, names: apiNamesOf(fleet) });
}

/** What cannot be signed is known before anything is changed. */
async function signed(
  context: FleetContext,
  { validity = context.fleet.certValidity }: Renewal,
  kept: KeptCertificates,
  due: readonly LeafName[],
): Promise<NewLeaves> {
  return renewedLeaves(kept, due, {
    renew: await makeSigner(),
    now: context.clients.world.clock.now(),
    validity: durationMs(validity ?? ''),
    names: apiNamesOf(context.fleet),
  });
}

async function whyNot(make: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await make();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'certificates-not-renewable') return thrown;
    throw thrown;
  }
}

async function found(context: FleetContext, call: CallContext): Promise<KeptCertificates> {
  const kept = await keptCertificates(context.clients, parentAccess(context), call);
  if (kept !== undefined) return kept;
  throw new Problem('karmada-unhealthy', { what: `Secret ${mainSecret}, which init creates, is gone`, next: [] });
}

/** First of all: what was done is known by it, and the copies follow it, in this run or in another one. */
async function writeMain(
  context: FleetContext,
  kept: KeptCertificates,
  pems: NewLeaves,
  call: CallContext,
): Promise<void> {
  const whole = kept.secrets.find(({ metadata }) => metadata.name === mainSecret);
  const changed = whole && secretWith(kept, whole, pems);
  if (changed !== undefined) await write(context, changed, call);
}

/** @throws Problem `fleet-changed` when somebody else has changed it since it was read */
async function write({ clients, ...context }: FleetContext, changed: KubeSecret, call: CallContext): Promise<void> {
  const { name } = changed.metadata;
  const written = await clients.kubectl.replace(parentAccess(context), changed, secret, call);
  if (written === undefined) {
    const what = `Secret ${name} was changed by somebody else while its certificates were renewed`;
    throw new Problem('fleet-changed', { what, next: ['run the same command again; it completes what was begun'] });
  }
  call.say(`Secret ${name} has the new certificates`);
}

function dueLines({ main }: KeptCertificates, due: readonly LeafName[]): readonly string[] {
  const ends = new Map<string, string[]>();
  for (const name of due) {
    const certificate = main.get(name)?.certificate;
    const end = certificate === undefined ? 'missing' : `until ${dayOf(certificate.until)}`;
    ends.set(end, [...(ends.get(end) ?? []), name]);
  }
  return [...ends].map(([end, names]) => `${names.join(', ')}: ${end}, renewed`);
}

/** Each that is written; a copy of what is not due is only because a renewal has not come to it. */
function secretsLine(kept: KeptCertificates, due: readonly LeafName[]): readonly string[] {
  const isDue = ({ name }: Kept): boolean => due.some((leaf) => leaf === name);
  const written = [...kept.main.values(), ...kept.copies].filter(isDue).concat(staleCopies(kept));
  const secrets = [...new Set(written.map(({ secret: name }) => name))];
  return secrets.length === 0 ? [] : [`written into Secrets ${secrets.join(', ')}`];
}

function nameLine(kept: KeptCertificates, names: readonly string[]): readonly string[] {
  const lacked = lackedNames(kept, names);
  return lacked.length === 0 ? [] : [`apiserver gets the name ${lacked.join(', ')}`];
}

function restartLine(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [`restarted, one pod after the other: ${names.join(', ')}; the Karmada API stays available`];
}

function firstEnd({ main }: KeptCertificates): string {
  return dayOf(Math.min(...[...main.values()].map(({ certificate }) => certificate.until)));
}
