/** Holds the lease of a fleet during a run: takes it, sends heartbeats, notices its loss, releases it. */

import { isServing } from '../access/eks-kubeconfig.js';
import type { Cluster } from '../aws/eks.js';
import { asProblem, Problem } from '../errors/problem.js';
import { readFleetConfigMap } from '../state/fleet-configmap.js';
import { overtaken } from '../state/overtaken.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';
import {
  deadAfterMs,
  type FleetLease,
  type Holder,
  heartbeatMs,
  isHeldBy,
  leaseName,
  makeLease,
  readLease,
  removeLease,
  renewLease,
  watchMs,
} from './fleet-lease.js';
import { minutes, takenOver, unreachableParent, vanishedLease } from './lost-lease.js';
import { type LeaseOptions, takenLease } from './take-lease.js';

/** A machine that slept is not notified: how often to check whether the clock has jumped, in ms. */
const tickMs = 5_000;

/** How long after a heartbeat a change may still begin, in ms; later another one comes first. */
const sureMs = heartbeatMs + 30_000;

/** How long to wait for an answer, in ms: a run that cannot send a heartbeat must stop before another takes over. */
const answerMs = 15_000;

/** A plan contains the lease step but takes no lease: its holder is determined when it is taken. */
interface HolderOptions extends Omit<LeaseOptions, 'holder'> {
  readonly holder: () => Promise<Holder>;
}

/** A lease that is ours, in the cluster that has it. */
interface Held {
  readonly access: KubeAccess;
  readonly lease: FleetLease;
  readonly holder: Holder;
}

export class LeaseHolder {
  readonly #options: HolderOptions;
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  #held: Held | undefined;
  /** When the last heartbeat began that was heard of, and when the last one began at all; in ms since the epoch. */
  #signedAt = 0;
  #triedAt = 0;
  #signing: Promise<void> | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: HolderOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Aborted, with a Problem `fleet-locked` as its reason, when the lease is not ours any more: nothing may be changed then. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Takes the lease, at once when nobody has it or a run of this installation that has ended on this very machine.
   * @throws Problem `fleet-locked` while somebody else works on the fleet, `fleet-changed` when somebody did meanwhile
   */
  async take(access: KubeAccess, call: Call): Promise<void> {
    const { clients, fleet } = this.#options;
    const holder = await this.#options.holder();
    const { lease, at } = await takenLease({ ...this.#options, holder }, access, call);
    this.#held = { access, lease, holder };
    this.#signedAt = at;
    this.#triedAt = at;
    this.#keeping = this.#keep();
    const mark = await readFleetConfigMap(clients, access, call);
    const changed = mark?.fleetId === fleet.id ? overtaken(mark.description, fleet) : undefined;
    if (changed !== undefined) throw changed;
  }

  /** Before every change; signs first if the last heartbeat is old. @throws Problem `fleet-locked` if it is lost */
  async confirm(): Promise<void> {
    if (this.#held !== undefined && this.#isPast(this.#signedAt, sureMs)) await this.#sign();
    if (this.#lost.signal.aborted) throw asProblem(this.#lost.signal.reason);
  }

  /** Gives the lease back when it is still ours. Raises nothing: who dies without having done so is taken over. */
  async release(): Promise<void> {
    this.#over.abort();
    await this.#keeping;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined || this.#lost.signal.aborted) return;
    try {
      // The lease is gone with its cluster.
      if (isServing(await this.#parent())) await this.#remove(held);
    } catch (thrown) {
      const why = thrown instanceof Problem ? thrown.message : String(thrown);
      const { say } = this.#options;
      say(
        `warning: ${leaseName} could not be released (${why}); other machines can take it over in ${minutes(deadAfterMs)}`,
      );
    }
  }

  async #remove({ access, lease, holder }: Held): Promise<void> {
    const { clients } = this.#options;
    const call = { signal: new AbortController().signal };
    if (await removeLease(clients.unguarded, access, lease, call)) return;
    // A heartbeat that was given up on may have been written all the same.
    const found = await readLease(clients.unguarded, access, call);
    if (found !== undefined && isHeldBy(found, holder)) await removeLease(clients.unguarded, access, found, call);
  }

  async #keep(): Promise<void> {
    const { clock } = this.#options.clients.world;
    const { signal } = this.#over;
    for (;;) {
      await clock.sleep(tickMs, signal);
      if (signal.aborted || this.#lost.signal.aborted || this.#held === undefined) return;
      if (this.#isPast(this.#triedAt, heartbeatMs)) await this.#sign();
    }
  }

  /** A clock that was set back proves nothing. */
  #isPast(moment: number, ms: number): boolean {
    const age = this.#options.clients.world.clock.now() - moment;
    return age < 0 || age >= ms;
  }

  /** Sends one heartbeat, shared by concurrent callers. */
  #sign(): Promise<void> {
    this.#signing ??= this.#signOnce().finally(() => {
      this.#signing = undefined;
    });
    return this.#signing;
  }

  async #signOnce(): Promise<void> {
    const held = this.#held;
    if (held === undefined) return;
    const began = this.#options.clients.world.clock.now();
    this.#triedAt = began;
    const renewed = await this.#inTime((call) => this.#renewed(held, call));
    if (this.#lost.signal.aborted) return;
    if (renewed !== undefined) {
      this.#held = { ...held, lease: renewed };
      this.#signedAt = began;
      return;
    }
    // One that fails is no harm: another follows before this run counts as dead.
    if (!this.#isPast(this.#signedAt, deadAfterMs)) return;
    // The machine slept through that one.
    if (this.#isPast(began, 2 * answerMs)) return await this.#signOnce();
    await this.#giveUp();
  }

  /** Undefined: it has been lost, or is somebody's at this moment. */
  async #renewed({ access, lease, holder }: Held, call: Call): Promise<FleetLease | undefined> {
    const { fleet, clients } = this.#options;
    const renew = (known: FleetLease): Promise<FleetLease | undefined> =>
      renewLease(clients.unguarded, access, fleet.id, known, holder, call);
    const isStale = this.#isPast(this.#signedAt, watchMs);
    const renewed = await renew(lease);
    if (renewed !== undefined) return renewed;
    const found = await readLease(clients.unguarded, access, call);
    if (found !== undefined && isHeldBy(found, holder)) return await renew(found);
    if (found !== undefined) this.#lost.abort(takenOver(fleet, holder, found));
    // Whoever took it over may have ended since.
    else if (isStale) this.#lost.abort(vanishedLease(fleet));
    return this.#lost.signal.aborted ? undefined : await makeLease(clients.unguarded, access, fleet.id, holder, call);
  }

  /** Others may take the lease from now on, unless it is going with its cluster: then there is nothing to be taken. */
  async #giveUp(): Promise<void> {
    const isGoing = await this.#inTime(async () => {
      const status = (await this.#parent())?.status;
      return status === undefined || status === 'DELETING';
    });
    if (isGoing) this.#held = undefined;
    else this.#lost.abort(unreachableParent(this.#options.fleet));
  }

  /** Undefined: there was no answer, or only one that came too late to be of use. */
  async #inTime<T>(ask: (call: Call) => Promise<T>): Promise<T | undefined> {
    const limit = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, limit.signal]);
    const late = this.#options.clients.world.clock.sleep(answerMs, signal).then(() => undefined);
    try {
      return await Promise.race([ask({ signal }), late]);
    } catch {
      return undefined;
    } finally {
      limit.abort();
    }
  }

  async #parent(): Promise<Cluster | undefined> {
    const { clients, fleet } = this.#options;
    return await clients.unguarded.eks(fleet.parent).cluster(fleet.parent.cluster);
  }
}
