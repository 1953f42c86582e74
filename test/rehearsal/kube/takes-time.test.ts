/** What takes a moment in a cluster: components that are slow, and the rules of a load balancer. */
import { expect, it } from 'vitest';
import { kubectlCommands } from '../../../src/tools/kubectl/commands.js';
import { install, loadBalancerService, prepareParent } from './fleet.js';
import { Lab, region } from './harness.js';

it('a slow component is ready that much later, and init does not wait for it beyond its time-out', async () => {
  const lab = new Lab();
  lab.state.conditions.push({ kind: 'component-slow', component: 'karmada-webhook', ms: 400_000, times: 1 });
  const parent = await prepareParent(lab);
  const ran = await install(lab, parent);
  expect(ran).toMatchObject({ code: 0, err: expect.stringContaining('expected 2 replicas, got 0 available replicas') });
  const ready = async () => {
    const ref = { kind: 'deployments', name: 'karmada-webhook', namespace: 'karmada-system' };
    const { out } = await lab.run(kubectlCommands.get(parent, ref));
    return (JSON.parse(out) as { status: { readyReplicas?: number } }).status.readyReplicas ?? 0;
  };
  expect(await ready()).toBe(0);
  await lab.pass(400_000);
  expect(await ready()).toBe(2);
});

it('rules follow the source ranges after 3 s, and stay as somebody left them until the Service changes', async () => {
  const lab = new Lab();
  lab.region.securityGroups.push({
    id: 'sg-1',
    vpcId: 'vpc-1',
    name: 'x',
    tags: { 'aws:eks:cluster-name': 'parent' },
  });
  const parent = await prepareParent(lab);
  const sources = () => {
    const rules = lab.region.securityGroups[0]?.rules ?? [];
    return rules.filter(({ description }) => description.includes('/client=')).map(({ source }) => source);
  };
  expect(sources()).toEqual(['0.0.0.0/0']);
  const spec = { ...loadBalancerService.spec, loadBalancerSourceRanges: ['203.0.113.7/32'] };
  await lab.run(kubectlCommands.apply(parent, [{ ...loadBalancerService, spec }]));
  expect(sources()).toEqual(['0.0.0.0/0']);
  await lab.pass(3_000);
  expect(sources()).toEqual(['203.0.113.7/32']);
  lab.simulation.region(region).securityGroups[0] = {
    id: 'sg-1',
    vpcId: 'vpc-1',
    name: 'x',
    tags: { 'aws:eks:cluster-name': 'parent' },
  };
  await lab.pass(60_000);
  expect(sources()).toEqual([]);
});
