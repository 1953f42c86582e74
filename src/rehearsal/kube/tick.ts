/** One moment at which the controllers run, and the notes that they keep on objects. */

import { isJson, type Json } from '../json.js';
import type { Simulation } from '../simulation.js';
import type { KubeObjectState, Moment } from '../state.js';

export interface Tick {
  readonly simulation: Simulation;
  readonly at: Moment;
  /** Asks for another run at a moment; `at` itself means again now, since something that others depend on has changed. */
  readonly wake: (moment: Moment) => void;
}

/** The controllers' own notes on an object. They stay in the account and are never shown by kubectl. */
export function notes(object: KubeObjectState): Json {
  const kept = object['rehearsal'];
  if (isJson(kept)) return kept;
  const fresh: Json = {};
  object['rehearsal'] = fresh;
  return fresh;
}

/** A number noted on an object, such as a moment, or undefined. */
export function notedNumber(object: KubeObjectState, name: string): number | undefined {
  const value = isJson(object['rehearsal']) ? object['rehearsal'][name] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** A text noted on an object, or undefined. */
export function notedText(object: KubeObjectState, name: string): string | undefined {
  const value = isJson(object['rehearsal']) ? object['rehearsal'][name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * Starts a wait when a condition first holds and answers whether it is over; forgets the wait when the condition ends.
 * This is how everything that "takes n seconds" is modelled.
 */
export function elapsed(tick: Tick, object: KubeObjectState, wait: string, holds: boolean, ms: number): boolean {
  const kept = notes(object);
  if (!holds) {
    delete kept[wait];
    return false;
  }
  const since = notedNumber(object, wait) ?? tick.at;
  kept[wait] = since;
  if (since + ms <= tick.at) return true;
  tick.wake(since + ms);
  return false;
}
