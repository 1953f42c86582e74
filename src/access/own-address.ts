/** The address with which this machine is seen on the internet, and whether the load balancer of the Karmada API admits it. */
import { isIPv4 } from 'node:net';
import { Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import { admits } from '../model/cidr.js';
import type { World } from '../world/world.js';

/** AWS's own service that returns the source address of a request. */
const checkIpUrl = 'https://checkip.amazonaws.com/';

/** An IPv4 address, or Problem `address-unknown`; `timeoutMs`: how long to wait for the answer. */
export async function ownAddress({ httpGet }: Pick<World, 'httpGet'>, timeoutMs = 10_000): Promise<string | Problem> {
  const answer = await httpGet(checkIpUrl, timeoutMs);
  const address = answer.kind === 'answered' && answer.status === 200 ? answer.body.trim() : '';
  if (isIPv4(address)) return address;
  return new Problem('address-unknown', {
    what: "could not get this machine's public address from AWS's check-ip service",
    why: answer.kind === 'failed' ? answer.reason : `it responded with ${answer.status}`,
    next: ['set who may reach the Karmada API: --allow 203.0.113.7/32 (your own address; repeatable)'],
  });
}

/** No machine on the internet has such an address (RFC 5737): it is no evidence of where calls come from. */
const unreal = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];

/** Whether calls may come from this IPv4 address. */
export function isReal(address: string): boolean {
  return !admits(unreal, address);
}

/** A list without any range admits everyone. */
export function isLetIn(sourceRanges: readonly string[], address: string): boolean {
  return sourceRanges.length === 0 || admits(sourceRanges, address);
}

/**
 * The words after `karmada-eks` that let a machine with this address in, which others may share, and shut nobody out: where nobody was
 * named `up` adds it, and what is named replaces what was named before.
 */
export function wordsToLetIn(allow: readonly string[], address: string): string {
  const named = allow.length === 0 ? [] : [...allow, `${address}/32`];
  return ['up', ...named.map((range) => `--allow ${range}`)].join(' ');
}

/** What to do instead of letting a machine in. */
export const elsewhere = 'or run the command on a machine that is let in';

/**
 * The usual reason why a Karmada API does not respond, and what to do: this machine's address has changed. Undefined where it is
 * another one, or cannot be known; an internal load balancer sees private addresses.
 */
export async function shutOut(
  world: Pick<World, 'httpGet'>,
  fleet: Fleet,
  sourceRanges: readonly string[] | undefined,
): Promise<{ readonly why: string; readonly next: string } | undefined> {
  if (sourceRanges === undefined || fleet.internal) return undefined;
  const address = await ownAddress(world, 3_000);
  if (typeof address !== 'string' || isLetIn(sourceRanges, address)) return undefined;
  return {
    why: `this machine’s address ${address} is not let in: it is open to ${sourceRanges.join(', ')}`,
    next: `let this machine in: ${fleetCommand(wordsToLetIn(fleet.allow, address), fleet)}`,
  };
}
