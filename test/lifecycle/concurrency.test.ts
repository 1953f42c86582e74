/** Number of members are worked on at once, and calls that are refused for their rate. */
import { expect, it } from 'vitest';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { type ChangingCommand, cli } from './cli.js';
import { down, expectGone, newMachine, otherRegion, region, smallUp, succeed } from './fleet.js';

const names = ['a', 'b', 'c', 'd', 'e'];
const inOne = names.map((name) => `--member name=${name}`);
const elsewhere = ['x', 'y'].map((name) => `--member name=${name},region=${otherRegion}`);
const manyUp = `up --region ${region} --vpc main --yes ${[...inOne, ...elsewhere].join(' ')}`;

/** How many of the commands that name one of these ran at the same moment, at most. */
function mostAtOnce(commands: readonly ChangingCommand[], of: RegExp): number {
  const chosen = commands.filter(({ key }) => of.test(key));
  return Math.max(0, ...chosen.map(({ from }) => chosen.filter((each) => each.from <= from && from < each.to).length));
}

it.runIf(triesMore)('works on so many members of a region at a time, the parent beside them', async () => {
  const account = newMachine();
  const before = resourceIds(account);
  const first = await succeed(account, `${manyUp} --concurrency 2`);
  expect(mostAtOnce(first.commands, /create cluster [a-e]$/)).toBe(2);
  expect(mostAtOnce(first.commands, /create cluster ([a-e]|x|y|karmada-parent)$/)).toBe(5);
  const gone = await succeed(account, down, { vars: { KARMADA_EKS_CONCURRENCY: '1' } });
  expect(mostAtOnce(gone.commands, /kubectl-karmada unjoin [a-e]/)).toBe(1);
  expectGone(account, before);
});

it('says in the plan how much longer fewer at a time take', async () => {
  const minutes = async (more: string): Promise<number> => {
    const { stdout } = await succeed(newMachine(), `${manyUp.replace('up', 'plan').replace(' --yes', '')}${more}`);
    return Number(/^time +about (\d+) minutes/m.exec(stdout)?.[1]);
  };
  expect(await minutes('')).toBe(await minutes(' --concurrency 5'));
  expect(await minutes(' --concurrency 1')).toBeGreaterThan(3 * (await minutes('')));
});

it.each(['0', '101', '-1', '2.5', 'many'])('refuses %s members at a time', async (said) => {
  const { code, stderr } = await cli(newMachine(), [...smallUp.split(' '), `--concurrency=${said}`]);
  expect(code).toBe(2);
  expect(stderr).toContain(`--concurrency: expected a whole number from 1 to 100, got "${said}"`);
});

it('outlasts AWS and Kubernetes APIs that refuse calls for their rate for twenty seconds', async () => {
  const account = newMachine();
  const faults = [
    { call: 'aws eks:DescribeCluster *', kind: 'throttle', skip: 7, times: 10 },
    { call: 'aws cloudformation:*', kind: 'throttle', times: 5 },
    { call: 'aws ec2:DescribeSubnets *', kind: 'throttle', times: 5 },
    { call: 'exec kubectl get clusters.cluster.karmada.io *', kind: 'throttle', times: 5 },
  ] as const;
  const { stderr } = await succeed(account, smallUp, { faults });
  expect(stderr).not.toContain('failed');
});
