/** Holds the lease of a fleet while a run changes it: takes it, gives signs of life, notices when it is lost, gives it back. */
import type { Clients } from '../discover/clients.js';
import {
  deadAfterMs,
  type FleetLease,
  type Holder,
  heartbeatMs,
  isHeldBy,
  leaseName,
  looksAlive,
  makeLease,
  readLease,
  removeLease,
  renewLease,
} from '../discover/fleet-lease.js';
import { readMark } from '../discover/fleet-mark.js';
import { overtaken } from '../discover/overtaken.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';

/** What a hold is of, and by whom. */
interface HoldWish {
  readonly clients: Clients;
  /** As the run takes it to be; the parent's description is compared with it. */
  readonly fleet: Fleet;
  readonly holder: Holder;
  /** Tells the user one line. */
  readonly say: (line: string) => void;
}

/** Longer than between two signs of life, in ms: whoever lives has given one meanwhile. */
const watchMs = heartbeatMs + 15_000;

export class FleetHold {
  readonly #wish: HoldWish;
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  #held: { readonly access: KubeAccess; readonly lease: FleetLease } | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(wish: HoldWish) {
    this.#wish = wish;
  }

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Aborted, with a Problem `fleet-locked` as its reason, when somebody took the lease over: nothing new may start then. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Takes the lease, at once when nobody has it or a dead run of this very machine.
   * @throws Problem `fleet-locked` while somebody else works on the fleet, `fleet-changed` when somebody did meanwhile
   */
  async take(access: KubeAccess, call: Call): Promise<void> {
    this.#held = { access, lease: await this.#taken(access, call) };
    this.#keeping = this.#keep();
    const mark = await readMark(this.#wish.clients, access, call);
    const changed = mark?.fleetId === this.#wish.fleet.id ? overtaken(mark.description, this.#wish.fleet) : undefined;
    if (changed !== undefined) throw changed;
  }

  /** Gives the lease back when it is still ours. Raises nothing: who dies without having done so is taken over. */
  async release(): Promise<void> {
    this.#over.abort();
    await this.#keeping;
    const { clients, fleet, say } = this.#wish;
    if (this.#held === undefined || this.#lost.signal.aborted) return;
    try {
      // With its cluster the lease has gone too.
      const parent = await clients.eks(fleet.parent.region).cluster(fleet.parent.cluster);
      if (parent?.status === 'ACTIVE') await this.#remove(this.#held.access, this.#held.lease);
    } catch (thrown) {
      const why = thrown instanceof Problem ? thrown.message : String(thrown);
      say(`warning: ${leaseName} could not be given back (${why}); in ${minutes(deadAfterMs)} others may work here`);
    }
    this.#held = undefined;
  }

  async #remove(access: KubeAccess, lease: FleetLease): Promise<void> {
    const { clients, holder } = this.#wish;
    const call = { signal: new AbortController().signal };
    if (await removeLease(clients, access, lease, call)) return;
    // A sign of life that was given up on may have been written all the same.
    const found = await readLease(clients, access, call);
    if (found !== undefined && isHeldBy(found, holder)) await removeLease(clients, access, found, call);
  }

  async #taken(access: KubeAccess, call: Call): Promise<FleetLease> {
    const { clients, fleet, holder } = this.#wish;
    for (;;) {
      const made = await makeLease(clients, access, fleet.id, holder, call);
      if (made !== undefined) return made;
      const found = await readLease(clients, access, call);
      if (found === undefined) continue;
      if (await this.#lives(access, found, call)) throw this.#locked(found);
      const taken = await renewLease(clients, access, fleet.id, found, holder, call);
      if (taken !== undefined) return taken;
    }
  }

  /** What looks dead is watched for longer than a heartbeat: the clock of its machine may differ from ours. */
  async #lives(access: KubeAccess, found: FleetLease, call: Call): Promise<boolean> {
    const { clients, holder, say } = this.#wish;
    const { clock } = clients.world;
    // The local lock is ours, so no other run of this machine lives.
    if (found.installation === holder.installation) return false;
    if (looksAlive(found, clock.now())) return true;
    const silence = minutes(clock.now() - found.lastSign);
    say(`${found.who} gave no sign of life for ${silence}: watching for another ${Math.round(watchMs / 1000)} s`);
    await clock.sleep(watchMs, call.signal);
    if (call.signal.aborted) throw new Problem('interrupted', { what: 'stopped while waiting' });
    const later = await readLease(clients, access, call);
    return later !== undefined && (later.uid !== found.uid || later.version !== found.version);
  }

  async #keep(): Promise<void> {
    const { clock } = this.#wish.clients.world;
    const { signal } = this.#over;
    for (;;) {
      await clock.sleep(heartbeatMs, signal);
      if (signal.aborted || this.#lost.signal.aborted || this.#held === undefined) return;
      // One that fails is no harm: another follows before this run counts as dead.
      await this.#renew(this.#held.access, this.#held.lease, { signal }).catch(() => undefined);
    }
  }

  async #renew(access: KubeAccess, lease: FleetLease, call: Call): Promise<void> {
    const { clients, fleet, holder } = this.#wish;
    let renewed = await renewLease(clients, access, fleet.id, lease, holder, call);
    if (renewed === undefined) {
      const found = await readLease(clients, access, call);
      if (found !== undefined && !isHeldBy(found, holder)) return this.#lost.abort(this.#overtaken(found));
      renewed = found ?? (await makeLease(clients, access, fleet.id, holder, call));
    }
    if (renewed !== undefined) this.#held = { access, lease: renewed };
  }

  #locked(found: FleetLease): Problem {
    const { clients, fleet } = this.#wish;
    return new Problem('fleet-locked', {
      what: `${found.who} works on fleet ${fleet.name}`,
      why: `since ${timeOf(found.since)}, last sign of life ${secondsAgo(clients, found)} (${leaseName} in ${fleet.parent.cluster})`,
      next: [
        'wait for its end, then run the same command again',
        `when it has died, run the same command ${minutes(deadAfterMs)} after its last sign of life: it is taken over then`,
      ],
    });
  }

  #overtaken(found: FleetLease): Problem {
    const { fleet } = this.#wish;
    return new Problem('fleet-locked', {
      what: `${found.who} took fleet ${fleet.name} over from this run`,
      why: `at ${timeOf(found.since)}, after this machine had given no sign of life for ${minutes(deadAfterMs)}`,
      next: ['wait for its end, then run the same command again: it goes on from what is there'],
    });
  }
}

function timeOf(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** A clock that goes ahead of ours gives no time before now. */
function secondsAgo({ world }: Clients, { lastSign }: FleetLease): string {
  return `${Math.max(0, Math.round((world.clock.now() - lastSign) / 1000))} s ago`;
}

function minutes(ms: number): string {
  const count = Math.round(ms / 60_000);
  return count === 1 ? '1 minute' : `${count} minutes`;
}
