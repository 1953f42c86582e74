/** Fleets in the states that the tests of `status` look at. */
import { type Account, restore } from '../../../src/rehearsal/account.js';
import { cli } from '../../lifecycle/cli.js';
import { madeFleet } from '../../lifecycle/small-fleet.js';

let kept: string | undefined;

/** A fleet of a push and a pull member that is Ready; made once, and given anew to each test. */
export async function readyFleet(): Promise<Account> {
  kept ??= await madeFleet();
  return restore(kept);
}

/** The same fleet, whose push member `one` does not respond any more, long enough for Karmada to say so. */
export async function lostMember(): Promise<Account> {
  const account = await readyFleet();
  setReachable(account, false);
  await cli(account, 'status');
  account.state.now += 120_000;
  return account;
}

/** Lets the Kubernetes API of `one` answer, or not. */
export function setReachable(account: Account, reachable: boolean): void {
  const api = account.state.apis['eks/us-west-2/one'];
  if (api !== undefined) api.reachable = reachable;
}

/** What was printed, with the name of the load balancer, which is long and made up, as `lb`. */
export function withoutHash(text: string): string {
  return text.replace(/[0-9a-f]{32}-[0-9a-f]{16}\.elb/g, 'lb.elb').replace(/0{16}[0-9a-f]{16}\.gr7/g, 'one.gr7');
}
