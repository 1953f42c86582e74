/** Takes the lease of a fleet if it is free, or if its holder has certainly ended. */
import type { Clients } from '../clients/clients.js';
import { poll } from '../engine/poll.js';
import type { Fleet } from '../fleet/fleet.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import type { Call } from '../tools/run.js';
import {
  type FleetLease,
  type Holder,
  isHeldBy,
  makeLease,
  readLease,
  renewLease,
  seemsAlive,
  watchMs,
} from './fleet-lease.js';
import { heldByAnother, minutes } from './lost-lease.js';

export interface LeaseOptions {
  readonly clients: Clients;
  /** As the run takes it to be; the parent's description is compared with it. */
  readonly fleet: Fleet;
  readonly holder: Holder;
  readonly say: (line: string) => void;
}

/** A lease that is ours, and when it was requested, in ms since the epoch: others count from slightly later. */
export interface TakenLease {
  readonly lease: FleetLease;
  readonly at: number;
}

const watchEveryMs = 15_000;

/** @throws Problem `fleet-locked` while somebody else works on the fleet */
export async function takenLease(options: LeaseOptions, access: KubeAccess, call: Call): Promise<TakenLease> {
  const { fleet, holder } = options;
  const { unguarded: clients, world } = options.clients;
  for (;;) {
    let at = world.clock.now();
    const made = await makeLease(clients, access, fleet.id, holder, call);
    if (made !== undefined) return { lease: made, at };
    const found = await readLease(clients, access, call);
    if (found === undefined) continue;
    await refuseLiving(options, access, found, call);
    at = world.clock.now();
    const taken = await renewLease(clients, access, fleet.id, found, holder, call);
    if (taken !== undefined) return { lease: taken, at };
  }
}

/** Ends when the holder has ended: known on its machine, watched from elsewhere. */
async function refuseLiving(options: LeaseOptions, access: KubeAccess, found: FleetLease, call: Call): Promise<void> {
  const { clients, holder, fleet } = options;
  const { clock, processes } = clients.world;
  if (isHeldBy(found, holder)) return;
  const state = found.process === undefined ? 'unknown' : await processes.stateOf(found.process);
  // A copied data folder has the same installation, and a run on another fleet of that name may live in another account.
  const isOurRun = found.installation === holder.installation && found.fleetId === fleet.id;
  if (state === 'ended' && isOurRun) return;
  const lives =
    state === 'running' || seemsAlive(found, clock.now()) || (await showsLife(options, access, found, call));
  if (lives) throw heldByAnother(fleet, holder, found, { now: clock.now(), isHere: state === 'running' });
}

/** What looks dead is watched: the clock of its machine may differ from ours. */
async function showsLife({ clients, say }: LeaseOptions, access: KubeAccess, found: FleetLease, call: Call) {
  const { clock } = clients.world;
  const silence = minutes(clock.now() - found.lastSign);
  say(`${found.who} sent no heartbeat for ${silence}; watching for another ${minutes(watchMs)}`);
  const changed = async (): Promise<boolean | undefined> => {
    const later = await readLease(clients.unguarded, access, call);
    // One that was given back is free.
    if (later === undefined) return false;
    return later.uid !== found.uid || later.version !== found.version ? true : undefined;
  };
  // One round more than the time to watch, of which the reads take some.
  const limitMs = watchMs + watchEveryMs;
  return (await poll(changed, { clock, signal: call.signal, everyMs: watchEveryMs, limitMs })) ?? false;
}
