/** The rules, events and targets of a load balancer, as the AWS cloud controller v1.34.4 keeps them. */
import { describe, expect, it } from 'vitest';
import type { RuleState } from '../../../src/rehearsal/state.js';
import { type KubeAccess, kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { loadBalancerService, namespace, read } from './fleet.js';
import { Lab } from './harness.js';

const mtu = 'kubernetes.io/rule/nlb/mtu';

/** A cluster whose group has the two rules that EKS and eksctl make. */
function started(nodes: number): { lab: Lab; parent: KubeAccess; rules: () => readonly RuleState[] } {
  const lab = new Lab();
  const own = (id: string): RuleState => ({ id, description: '', source: 'sg-1', port: 'all' });
  const group = { id: 'sg-1', vpcId: 'vpc-1', name: 'x', rules: [own('sgr-1'), own('sgr-2')] };
  lab.region.securityGroups.push({ ...group, tags: { 'aws:eks:cluster-name': 'parent' } });
  const rules = () => (lab.region.securityGroups[0]?.rules ?? []).filter(({ port }) => port !== 'all');
  return { lab, parent: lab.addCluster('parent', nodes), rules };
}

async function ask(lab: Lab, parent: KubeAccess, ranges: readonly string[], name = 'karmada-service-loadbalancer') {
  const { metadata, spec } = loadBalancerService;
  const port = name === metadata.name ? 31_443 : 31_444;
  const ports = [{ port: 32_443, targetPort: 5443, nodePort: port }];
  const asked = { ...loadBalancerService, metadata: { ...metadata, name } };
  await lab.run(
    kubectlCommands.apply(parent, [
      namespace,
      { ...asked, spec: { ...spec, ports, loadBalancerSourceRanges: [...ranges] } },
    ]),
  );
}

const many = (count: number, third = 0): readonly string[] =>
  Array.from({ length: count }, (_, last) => `198.51.${third}.${last}/32`);

/** How many rules there are of each purpose. */
function counted(rules: readonly RuleState[]): Record<string, number> {
  const purpose = ({ description }: RuleState): string => description.split(/[/=]/)[3] ?? '';
  const all = rules.map(purpose);
  return Object.fromEntries([...new Set(all)].sort().map((each) => [each, all.filter((one) => one === each).length]));
}

async function events(lab: Lab, parent: KubeAccess): Promise<readonly { reason: string; message: string }[]> {
  const { out } = await lab.run(kubectlCommands.get(parent, { kind: 'events', namespace: 'karmada-system' }));
  return out === '' ? [] : JSON.parse(out).items;
}

const reasons = async (lab: Lab, parent: KubeAccess) => (await events(lab, parent)).map(({ reason }) => reason).sort();

const statusOf = async (lab: Lab, parent: KubeAccess) =>
  (await read(lab, parent, 'services', 'karmada-service-loadbalancer')).status;

describe('rules', () => {
  it('are there while the cluster has nodes', async () => {
    const { lab, parent, rules } = started(0);
    await ask(lab, parent, ['203.0.113.7/32']);
    await lab.pass(10_000);
    expect(await statusOf(lab, parent)).toEqual({ loadBalancer: { ingress: [{ hostname: expect.any(String) }] } });
    expect(rules()).toEqual([]);
    expect(await reasons(lab, parent)).toEqual([
      'EnsuredLoadBalancer',
      'EnsuringLoadBalancer',
      'UnAvailableLoadBalancer',
    ]);
    lab.setNodes('parent', 1);
    await lab.pass(3_000);
    const name = lab.region.loadBalancers[0]?.name;
    const bare = rules().map(({ id: _, ...rule }) => rule);
    expect(bare).toEqual([
      { description: `kubernetes.io/rule/nlb/health=${name}`, source: '10.0.0.0/24', port: 31_443 },
      { description: `kubernetes.io/rule/nlb/health=${name}`, source: '10.0.1.0/24', port: 31_443 },
      { description: `kubernetes.io/rule/nlb/client=${name}`, source: '203.0.113.7/32', port: 31_443 },
      { description: mtu, source: '203.0.113.7/32', port: 'icmp' },
    ]);
    expect(await reasons(lab, parent)).toContain('UpdatedLoadBalancer');
    lab.setNodes('parent', 0);
    await lab.pass(3_000);
    expect(rules()).toEqual([]);
  });

  it('let everybody in without any for health checks, and leave those that are there', async () => {
    const { lab, parent, rules } = started(3);
    await ask(lab, parent, ['0.0.0.0/0']);
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 1, mtu: 1 });
    await ask(lab, parent, ['10.1.2.3/16']);
    await lab.pass(3_000);
    expect(rules().filter(({ port }) => port === 'icmp')).toMatchObject([{ source: '10.1.0.0/16' }]);
    await ask(lab, parent, ['0.0.0.0/0']);
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 1, health: 2, mtu: 1 });
  });

  it('are made once of a CIDR and port: a subnet that is a range too has that for health checks', async () => {
    const { lab, parent, rules } = started(3);
    await ask(lab, parent, ['10.0.0.0/24', '203.0.113.7/32']);
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 1, health: 2, mtu: 1 });
  });

  it('of packet sizes are shared by all load balancers', async () => {
    const { lab, parent, rules } = started(3);
    await ask(lab, parent, ['203.0.113.7/32']);
    await ask(lab, parent, ['203.0.113.7/32', '203.0.113.8/32'], 'other');
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 3, health: 4, mtu: 2 });
    const ref = { kind: 'services', name: 'other', namespace: 'karmada-system' };
    await lab.run(kubectlCommands.remove(parent, ref));
    await lab.pass(60_000);
    expect(counted(rules())).toEqual({ client: 1, health: 2, mtu: 1 });
  });

  it('stay when the load balancer is deleted before its Service', async () => {
    const { lab, parent, rules } = started(3);
    await ask(lab, parent, ['203.0.113.7/32']);
    await lab.pass(3_000);
    const [balancer] = lab.region.loadBalancers;
    if (balancer !== undefined) balancer.deletedAt = lab.state.now;
    await lab.pass(60_000);
    expect(lab.region.loadBalancers.filter(({ deletedAt }) => deletedAt === undefined)).toEqual([]);
    const ref = { kind: 'services', name: 'karmada-service-loadbalancer', namespace: 'karmada-system' };
    await lab.run(kubectlCommands.remove(parent, ref));
    await lab.pass(60_000);
    expect(await read(lab, parent, 'services', 'karmada-service-loadbalancer')).toBeUndefined();
    expect(counted(rules())).toEqual({ client: 1, health: 2, mtu: 1 });
    expect(lab.region.targetGroups).toHaveLength(1);
  });
});

describe('at the limit of 60', () => {
  it('those of packet sizes are refused first, and stay missing', async () => {
    const { lab, parent, rules } = started(3);
    await ask(lab, parent, many(29));
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 29, health: 2 });
    const [failed] = (await events(lab, parent)).filter(({ reason }) => reason === 'SyncLoadBalancerFailed');
    expect(failed?.message).toContain('RulesPerSecurityGroupLimitExceeded');
    expect(await statusOf(lab, parent)).toEqual({ loadBalancer: {} });
    await lab.pass(5_000);
    expect(await reasons(lab, parent)).toContain('EnsuredLoadBalancer');
    expect(counted(rules())).toEqual({ client: 29, health: 2 });
  });

  it('other ranges close it: the old ones are revoked before the new ones are refused; fewer open it', async () => {
    const { lab, parent, rules } = started(3);
    await ask(lab, parent, ['203.0.113.7/32']);
    await lab.pass(3_000);
    await ask(lab, parent, many(56));
    await lab.pass(60_000);
    expect(counted(rules())).toEqual({ health: 2, mtu: 1 });
    await ask(lab, parent, many(2, 100));
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 2, health: 2, mtu: 2 });
  });

  it('a new Service gets no status while nodes are there, and is tried again after 5 s, 10 s, 20 s', async () => {
    const { lab, parent } = started(3);
    await ask(lab, parent, many(60));
    const moments = new Set<string>();
    for (let second = 0; second < 45; second += 1) {
      await lab.pass(1_000);
      for (const { reason, ...event } of await events(lab, parent)) {
        const { lastTimestamp } = event as unknown as { lastTimestamp: string };
        if (reason === 'SyncLoadBalancerFailed') moments.add(lastTimestamp);
      }
    }
    const since = [...moments].map((moment) => Date.parse(moment)).map((each, _, [first = 0]) => (each - first) / 1000);
    expect(since).toEqual([0, 5, 15, 35]);
    expect(await statusOf(lab, parent)).toEqual({ loadBalancer: {} });
  });

  it('an account with a higher limit has them all', async () => {
    const { lab, parent, rules } = started(3);
    lab.state.quotas = { 'L-0EA8095F': 200 };
    await ask(lab, parent, many(60));
    await lab.pass(3_000);
    expect(counted(rules())).toEqual({ client: 60, health: 2, mtu: 60 });
  });
});

it('an IPv6 range is refused with all that are in the same request', async () => {
  const { lab, parent, rules } = started(3);
  await ask(lab, parent, ['203.0.113.7/32', '2001:db8::/32']);
  await lab.pass(3_000);
  expect(counted(rules())).toEqual({ health: 2 });
  const failed = (await events(lab, parent)).find(({ reason }) => reason === 'SyncLoadBalancerFailed');
  expect(failed?.message).toContain('CIDR block 2001:db8::/32 is malformed');
});

it('targets are nodes, checked as the annotations ask', async () => {
  const { lab, parent } = started(0);
  const { metadata } = loadBalancerService;
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer-healthcheck';
  const annotations = { ...metadata.annotations, [`${prefix}-interval`]: '10', [`${prefix}-healthy-threshold`]: '2' };
  const service = { ...loadBalancerService, metadata: { ...metadata, annotations } };
  await lab.run(kubectlCommands.apply(parent, [namespace, service]));
  await lab.pass(3_000);
  expect(lab.region.targetGroups).toMatchObject([
    {
      name: expect.stringMatching(/^k8s-karmadas-karmadas-[0-9a-f]{10}$/),
      healthCheck: { interval: 10, healthy: 2, unhealthy: 3 },
      targets: [],
      tags: { fleet: 'demo', 'kubernetes.io/service-name': 'karmada-system/karmada-service-loadbalancer' },
    },
  ]);
  lab.setNodes('parent', 2);
  await lab.pass(3_000);
  expect(lab.region.targetGroups?.[0]?.targets).toMatchObject([
    { id: 'i-0', port: 31_443 },
    { id: 'i-1', port: 31_443 },
  ]);
});
