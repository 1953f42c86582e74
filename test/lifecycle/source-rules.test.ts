/** The rules behind the source ranges: counted before any change, waited for, and compared afterwards. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { findObject } from '../../src/rehearsal/kube/api-server/store.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, newMachine, region, smallUp, succeed } from './fleet.js';

const many = (count: number): string =>
  Array.from({ length: count }, (_, last) => ` --allow 198.51.100.${last}/32`).join('');

/** The group of the parent's nodes, and its rules that have a CIDR. */
function groupOf(account: Account) {
  const found = account
    .region(region)
    .securityGroups.find(({ tags }) => tags['aws:eks:cluster-name'] === 'karmada-parent');
  if (found?.rules === undefined) throw new Error('the parent has no security group');
  return { id: found.id, rules: found.rules };
}

function sources(account: Account, purpose: string): readonly string[] {
  const rules = groupOf(account).rules.filter(({ description }) => description.includes(`/${purpose}`));
  return rules.map(({ source }) => source).sort();
}

describe('too many ranges', () => {
  it('are refused before a fleet is made, by plan and up, and told by doctor', async () => {
    const account = newMachine();
    const asked = `${smallUp}${many(28)}`;
    for (const words of [asked.replace('up', 'plan').replace(' --yes', ''), asked]) {
      const ended = await cli(account, words);
      expect(ended.code).toBe(3);
      expect(changes(ended)).toEqual([]);
      expect(ended.stderr + ended.stdout).toContain(
        'the Karmada API cannot be opened to 28 source ranges: the security group of the nodes of karmada-parent has room for 27',
      );
      expect(ended.stderr + ended.stdout).toContain('203.0.113.0/24 instead of its single addresses');
    }
    const examined = await cli(account, asked.replace('up', 'doctor').replace(' --yes', ''));
    expect(examined.stdout).toContain('cannot be opened to 28 source ranges');
    expect(examined.code).toBe(3);
  });

  it('as many as fit all get in, with a higher quota more', async () => {
    const account = newMachine();
    await succeed(account, `${smallUp}${many(27)}`);
    expect(sources(account, 'client')).toHaveLength(27);
    expect(sources(account, 'mtu')).toHaveLength(27);
    account.state.quotas = { 'L-0EA8095F': 100 };
    await succeed(account, `${smallUp}${many(40)}`);
    expect(sources(account, 'client')).toHaveLength(40);
  });

  it('leave a fleet that is up as it is; rules of others count', async () => {
    const account = newMachine();
    await succeed(account, smallUp);
    const group = groupOf(account);
    for (let index = 0; index < 20; index += 1)
      group.rules.push({ id: `sgr-own-${index}`, description: 'mine', source: `10.9.${index}.0/24`, port: 22 });
    const before = sources(account, 'client');
    const ended = await cli(account, `${smallUp}${many(18)}`);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('cannot be opened to 18 source ranges');
    expect(ended.stderr).toContain('has room for 17');
    expect(sources(account, 'client')).toEqual(before);
    await succeed(account, `${smallUp}${many(17)}`);
    expect(sources(account, 'client')).toHaveLength(17);
  });
});

describe('a pull member that joins', () => {
  const join = (count: number): string =>
    `join --yes --member name=three,mode=pull,sources=${Array.from({ length: count }, (_, last) => `203.0.113.${last}/32`).join('+')}`;

  it('is refused when its sources do not fit, and let in before it is registered when they do', async () => {
    const account = newMachine();
    await succeed(account, `${smallUp}${many(20)}`);
    const before = sources(account, 'client');
    const ended = await cli(account, join(8));
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(`cannot be opened to ${before.length + 8} source ranges`);
    expect(changes(ended)).toEqual([]);
    expect(sources(account, 'client')).toEqual(before);
    await succeed(account, join(2));
    expect(sources(account, 'client')).toHaveLength(before.length + 2);
  });
});

describe('rules that somebody changed', () => {
  it('are told by status and doctor, and a missing one is renewed by up', async () => {
    const account = newMachine();
    await succeed(account, smallUp);
    const group = groupOf(account);
    const [client] = group.rules.filter(({ description }) => description.includes('/client='));
    account.state.regions[region]?.securityGroups.forEach((each) => {
      each.rules = each.rules?.filter((rule) => rule !== client) ?? [];
    });
    const port = client?.port ?? 0;
    groupOf(account).rules.push({ id: 'sgr-hand', description: 'for the boss', source: '10.20.0.0/16', port });
    const shown = await succeed(account, 'status');
    const shut = `no security group rule lets ${client?.source} reach the Karmada API`;
    const opened = `rule sgr-hand of security group ${group.id} lets 10.20.0.0/16 reach the Karmada API, which this fleet did not allow`;
    expect(shown.stdout + shown.stderr).toContain(
      `${shut}; have the rules renewed: karmada-eks up --fleet karmada --region us-west-2`,
    );
    expect(shown.stdout + shown.stderr).toContain(opened);
    const examined = await cli(account, 'doctor');
    expect(examined.stdout).toContain(shut);
    expect(examined.stdout).toContain(opened);
    expect(examined.stdout).toContain('--security-group-rule-ids sgr-hand');
    const planned = await cli(account, smallUp.replace('up', 'plan').replace(' --yes', ''));
    expect(planned.stdout).toContain(`security group rule for ${client?.source}`);
    await succeed(account, smallUp);
    expect(sources(account, 'client')).toEqual([client?.source, '198.51.100.1/32'].sort());
    const again = await succeed(account, 'status');
    expect(again.stdout + again.stderr).not.toContain(shut);
    expect(again.stdout + again.stderr).toContain(opened);
  });
});

it.runIf(triesMore)(
  'a range that is a subnet of the load balancer is let in by the rule for its health checks',
  async () => {
    const account = newMachine();
    await succeed(account, smallUp);
    const subnets = account.region(region).loadBalancers.find(({ api }) => api.endsWith('/karmada-parent'))?.subnetIds;
    const cidr = account.region(region).subnets.find(({ id }) => id === subnets?.[0])?.cidr ?? '';
    await succeed(account, `${smallUp} --allow ${cidr}`);
    expect(sources(account, 'client')).not.toContain(cidr);
    const shown = await succeed(account, 'status');
    expect(shown.stdout + shown.stderr).not.toContain('security group rule');
  },
);

describe('what the cloud controller reports', () => {
  const reason = 'api error AccessDenied: not authorized to perform elasticloadbalancing:CreateLoadBalancer';

  it('is why the load balancer does not come', async () => {
    const account = newMachine();
    account.state.conditions.push({ kind: 'balancer-fails', reason, times: -1 });
    const ended = await cli(account, smallUp);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain(
      `SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: ${reason}`,
    );
  });

  it('is why it does not go', async () => {
    const account = newMachine();
    await succeed(account, smallUp);
    account.state.conditions.push({ kind: 'balancer-fails', reason, times: -1 });
    const ended = await cli(account, down);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain(`failed to delete load balancer: ${reason}`);
  });
});

describe('IPv6 ranges of a former version', () => {
  function balancerService(account: Account): KubeObjectState {
    const api = account.state.apis[`eks/${region}/karmada-parent`];
    const found = api && findObject(api, 'services', 'karmada-system', 'karmada-service-loadbalancer');
    return found ?? expect.unreachable('no Service');
  }

  /** They are in the Service and in its annotation. */
  function addIPv6(account: Account): void {
    const { spec, metadata } = balancerService(account) as unknown as {
      spec: { loadBalancerSourceRanges: string[] };
      metadata: { annotations: Record<string, string> };
    };
    spec.loadBalancerSourceRanges.push('2001:db8::/32');
    const noted: { base: string[] } = JSON.parse(metadata.annotations['karmada-eks/access'] ?? '');
    noted.base.push('2001:db8::/32');
    metadata.annotations['karmada-eks/access'] = JSON.stringify(noted);
  }

  it.each([
    ['up', smallUp],
    ['unjoin', 'unjoin two --yes --remove-workloads'],
  ])('are taken off the Service by %s', async (_, words) => {
    const account = newMachine();
    await succeed(account, smallUp);
    addIPv6(account);
    expect((await cli(account, 'status')).stdout).not.toContain('2001:db8');
    await succeed(account, words);
    expect(JSON.stringify(balancerService(account))).not.toContain('2001:db8');
    expect(sources(account, 'client').length).toBeGreaterThan(0);
  });
});
