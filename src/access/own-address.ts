/** The address with which this machine is seen on the internet. */
import { isIPv4 } from 'node:net';
import { Problem } from '../errors/problem.js';
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
