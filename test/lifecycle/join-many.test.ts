/** A hundred members in one call: so many at once as was said, through AWS that refuses calls for their rate. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, newAccount, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { triesMore } from './cases.js';
import { type ChangingCommand, cli, type Ended } from './cli.js';
import { otherRegion, region, succeed } from './fleet.js';

const count = 100;
const names = Array.from({ length: count }, (_, index) => `shop-${index + 1}`);
/** Two in five lie in another region. */
const placeOf = (index: number): string => (index % 5 < 2 ? otherRegion : region);
const clusters = names.map((name, index) => `--cluster=${placeOf(index)}/${name}`);
let ready: string;

beforeAll(async () => {
  const account = newAccount();
  const subnets = new Map<string, { vpcId: string; subnetIds: readonly string[] }>();
  for (const each of [region, otherRegion]) {
    const { vpc, privateSubnets } = addVpc(account, { region: each, name: 'main' });
    subnets.set(each, { vpcId: vpc.id, subnetIds: privateSubnets.map(({ id }) => id) });
  }
  await succeed(account, `up --region ${region} --vpc main --members 0 --yes`);
  for (const [index, name] of names.entries()) {
    const place = subnets.get(placeOf(index));
    if (place !== undefined) addExistingCluster(account, { region: placeOf(index), name, ...place });
  }
  ready = snapshot(account);
});

function joins({ commands }: Ended, where: string): readonly ChangingCommand[] {
  const inRegion = names.filter((_, index) => placeOf(index) === where);
  return commands.filter(({ key }) => inRegion.some((name) => key === `exec kubectl-karmada join ${name}`));
}

/** The most that ran at the same moment. */
function mostAtOnce(commands: readonly ChangingCommand[]): number {
  return Math.max(...commands.map(({ from }) => commands.filter((each) => each.from <= from && from < each.to).length));
}

async function readyMembers(account: Account): Promise<number> {
  const { stdout } = await succeed(account, 'clusters -o json');
  return (JSON.parse(stdout) as { ready: boolean }[]).filter((member) => member.ready).length;
}

it.runIf(triesMore)('are joined, at most so many of a region at once', async () => {
  const account = restore(ready);
  const ended = await succeed(account, ['join', ...clusters, '--concurrency', '7', '--yes']);
  expect([mostAtOnce(joins(ended, region)), mostAtOnce(joins(ended, otherRegion))]).toEqual([7, 7]);
  expect(await readyMembers(account)).toBe(count);
});

it.runIf(triesMore)('are joined through calls that are refused for their rate', async () => {
  const account = restore(ready);
  const faults = [{ call: 'aws eks:Describe*', kind: 'throttle' as const, times: 60 }];
  await succeed(account, ['join', ...clusters, '--yes'], { faults });
  expect(await readyMembers(account)).toBe(count);
});

it('are refused when they would be more than a fleet may have', async () => {
  const account = restore(ready);
  const { code, stderr } = await cli(account, ['join', ...clusters, '--context', 'one-more', '--yes']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('one-more');
});
