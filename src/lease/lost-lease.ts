/** The messages for a fleet that is held by another run, from the start or since this one was asleep. */

import { counted } from '../errors/counted.js';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { deadAfterMs, type FleetLease, type Holder, leaseName } from './fleet-lease.js';

/** How the holder was found: the time on this machine's clock, and whether its process runs on this very machine. */
interface Sight {
  readonly now: number;
  readonly isHere: boolean;
}

const again = 'run the same command again; it continues from where it stopped';

/** Somebody else holds the lease and lives. */
export function heldByAnother(fleet: Fleet, holder: Holder, found: FleetLease, { now, isHere }: Sight): Problem {
  const since = `since ${timeOf(found.since)}, last heartbeat ${secondsAgo(now, found)}`;
  const copied = sharesCopy(holder, found) ? [copyOf(holder)] : [];
  return new Problem('fleet-locked', {
    what: `${found.who} is working on fleet ${fleet.name}`,
    why: [`${since} (${leaseName} in ${fleet.parent.cluster})`, ...copied].join('; '),
    next: [
      'wait until it finishes, then run the same command again',
      isHere
        ? 'if it hangs, stop that process on this machine, then run the same command again'
        : `if it has died, run the same command ${minutes(deadAfterMs)} after its last heartbeat to take over`,
    ],
  });
}

/** Somebody took the lease over from this run. */
export function takenOver(fleet: Fleet, holder: Holder, found: FleetLease): Problem {
  const when = `at ${timeOf(found.since)}, after this run (${holder.who}) had sent no heartbeat for ${minutes(deadAfterMs)}`;
  return new Problem('fleet-locked', {
    what: `${found.who} took fleet ${fleet.name} over from this run`,
    why: sharesCopy(holder, found) ? `${when}; ${copyOf(holder)}` : when,
    next: [`wait until it finishes, then ${again}`],
  });
}

/** The lease is gone, and was old enough to be taken over by a run that has ended since. */
export function vanishedLease(fleet: Fleet): Problem {
  return new Problem('fleet-locked', {
    what: `this run lost its lease on fleet ${fleet.name} while it was unresponsive`,
    why: `it sent no heartbeat for more than ${minutes(deadAfterMs)}, and ${leaseName} is gone from ${fleet.parent.cluster}: another run may have changed the fleet in the meantime`,
    next: [again],
  });
}

/** The parent did not answer for so long that another machine may take the fleet over. */
export function unreachableParent(fleet: Fleet): Problem {
  return new Problem('fleet-locked', {
    what: `this run could not renew its lease on fleet ${fleet.name}`,
    why: `${fleet.parent.cluster} accepted no heartbeat for ${minutes(deadAfterMs)}, after which another machine may take over the fleet`,
    next: [`check that the cluster can be reached, then ${again}`],
  });
}

/** Two machines with one id of installation: the folder of one was copied to the other, or both use it. */
function sharesCopy(holder: Holder, found: FleetLease): boolean {
  return found.installation === holder.installation && found.process?.machine !== holder.process?.machine;
}

function copyOf(holder: Holder): string {
  return `this run is ${holder.who}: another machine with the same data folder, copied or shared`;
}

/** For sentences. */
export function minutes(ms: number): string {
  return counted(Math.round(ms / 60_000), 'minute');
}

function timeOf(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** A clock that runs ahead of ours must not yield a time in the future. */
function secondsAgo(now: number, { lastSign }: FleetLease): string {
  return `${Math.max(0, Math.round((now - lastSign) / 1000))} s ago`;
}
