/** A load balancer that somebody opened by hand: it is told of, `up` closes it again, and nothing ever writes it open. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { withoutHash } from '../commands/status/machines.js';
import { diagnosed, told } from '../doctor/diagnosed.js';
import { cli, type RunOptions } from './cli.js';
import { region, smallUp, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

interface Service {
  readonly metadata: { readonly annotations: Record<string, string> };
  readonly spec: { loadBalancerSourceRanges?: readonly string[] };
}

const fleet = smallFleet();
const note = 'karmada-eks/access';

function serviceIn(account: Account): Service {
  const { objects = {} } = account.state.apis[`eks/${region}/karmada-parent`] ?? {};
  return objects['services/karmada-system/karmada-service-loadbalancer'] as unknown as Service;
}

const rangesIn = (account: Account) => serviceIn(account).spec.loadBalancerSourceRanges;

/** As `kubectl edit` would. */
function opened(ranges: readonly string[] | undefined): Account {
  const account = fleet();
  const { spec } = serviceIn(account);
  if (ranges === undefined) delete spec.loadBalancerSourceRanges;
  else spec.loadBalancerSourceRanges = ranges;
  return account;
}

it('is reported by status, in words and as data', async () => {
  const wanted = rangesIn(fleet()) ?? [];
  const account = opened([...wanted, '203.0.113.0/24']);
  const { stdout } = await succeed(account, 'status');
  expect(withoutHash(stdout)).toMatchInlineSnapshot(`
    "fleet karmada in us-west-2: Ready

    ✔ Karmada API
    │   https://lb.elb.us-west-2.amazonaws.com:32443
    │   open to 192.0.2.10/32, 198.51.100.1/32, 203.0.113.0/24 · this machine is 192.0.2.10
    ▼
    ✔ karmada-parent
    │   control plane · Karmada 1.18.2 · us-west-2 · 1.35 · 3/3 nodes · all 7 components ready
    │
    ├─push─▶ ✔ one   Ready · us-west-2 · 1.35 · 3/3 nodes
    └◀─pull─ ✔ two   Ready · us-west-2 · 1.35 · 3/3 nodes · agent 1.18.2

    kubectl-karmada 1.18.2 on this machine
    failover is off: when a member is lost, nothing moves; to turn it on: karmada-eks up --failover --fleet karmada --region us-west-2
    certificates expire on 2027-11-22, the CA on 2036-11-19
    what is there costs about 1.28 USD per hour, 935.89 per month (730 hours)
    ! the load balancer of the Karmada API is open to 203.0.113.0/24, which this fleet did not allow; close it again: karmada-eks up --fleet karmada --region us-west-2
    "
  `);
  expect(JSON.parse((await succeed(account, 'status -o json')).stdout)).toMatchObject({
    warnings: [
      'the load balancer of the Karmada API is open to 203.0.113.0/24, which this fleet did not allow; close it again: karmada-eks up --fleet karmada --region us-west-2',
    ],
  });
});

it.each([
  ['everybody', ['0.0.0.0/0']],
  ['everybody, for want of a list', []],
  ['everybody, without a list', undefined],
])('opened to %s is reported by status and doctor, and closed by up', async (_, ranges) => {
  const before = rangesIn(fleet());
  const account = opened(ranges);
  const text = 'the load balancer of the Karmada API is open to 0.0.0.0/0, which this fleet did not allow';
  expect((await succeed(account, 'status')).stdout).toContain(
    `${text}; close it again: karmada-eks up --fleet karmada --region us-west-2`,
  );
  const found = await diagnosed(account, ['--fleet', 'karmada']);
  expect([found.code, told(found, 'opened-by-hand')]).toEqual([
    0,
    `${text} |  | close it again: karmada-eks up --fleet karmada --region us-west-2`,
  ]);
  await succeed(account, smallUp);
  expect(rangesIn(account)).toEqual(before);
  expect((await succeed(account, 'status -o json')).stdout).toContain('"warnings": []');
});

it('as it was made is not told of', async () => {
  const found = await diagnosed(fleet(), ['--fleet', 'karmada']);
  expect(told(found, 'opened-by-hand')).toBe('');
  expect((await succeed(fleet(), 'status -o json')).stdout).toContain('"warnings": []');
});

it('is not opened to everybody when the last who may come in is removed', async () => {
  const account = fleet();
  const service = serviceIn(account);
  const { members } = JSON.parse(service.metadata.annotations[note] ?? '{}') as { members: object };
  expect(Object.keys(members)).toEqual(['two']);
  service.metadata.annotations[note] = JSON.stringify({ base: [], members });
  const before = rangesIn(account);
  const ended = await cli(account, `unjoin two --yes --fleet karmada --region ${region}`);
  expect([ended.code, ended.commands]).toEqual([3, []]);
  expect(ended.stderr.slice(ended.stderr.indexOf('✖'))).toMatchInlineSnapshot(`
    "✖ nobody could reach the Karmada API any more
      why:  a load balancer without source ranges is open to everyone
      next: set who may reach it: karmada-eks up --allow 203.0.113.7/32 (repeatable)
      code: access-unlimited
    "
  `);
  expect(rangesIn(account)).toEqual(before);
  await succeed(account, smallUp);
  await succeed(account, `unjoin two --yes --fleet karmada --region ${region}`);
  expect(rangesIn(account)).toEqual(['192.0.2.10/32']);
});

it('stays open to the machine that made the fleet when another one works on it from another address', async () => {
  const account = fleet();
  const before = rangesIn(account) ?? [];
  const other = { host: 'other', publicAddress: '203.0.113.200' } as const;
  const planned = async (words: string, from: RunOptions): Promise<string> =>
    (await succeed(account, `plan --region ${region}${words}`, from)).stdout;
  expect(await planned('', other)).toContain('who may reach the Karmada API: 203.0.113.200/32 added');
  await succeed(account, `up --region ${region} --yes`, other);
  expect(rangesIn(account)).toEqual([...before, '203.0.113.200/32'].sort());
  expect(await planned(' --allow 203.0.113.200/32', other)).toContain(
    'who may reach the Karmada API: 192.0.2.10/32 removed',
  );
  await succeed(account, `up --region ${region} --yes --allow 203.0.113.200/32`);
  expect(rangesIn(account)).not.toContain(before[0]);
});
