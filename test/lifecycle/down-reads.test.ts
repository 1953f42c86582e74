/** `down` asks EKS and the parent each question once before the consent, however many parts of it want the answer. */
import { expect, it } from 'vitest';
import { cli, isChange } from './cli.js';
import { newMachine, region, smallUp } from './fleet.js';

it('asks for the parent once before the consent', async () => {
  const account = newMachine();
  await cli(account, smallUp);
  const { calls } = await cli(account, `down --region ${region}`, { leaves: true });
  const reads = calls.map(({ key }) => key).filter((key) => !key.startsWith('file ') && !isChange(key));
  const times = (question: string): number => reads.filter((key) => key === question).length;
  // The parent and two members; what is read of them follows.
  expect(times(`aws eks:DescribeCluster ${region}`)).toBe(3);
  expect(times(`aws cloudformation:DescribeStacks ${region}`)).toBe(3);
  for (const question of ['configmaps karmada-eks', 'services karmada-service-loadbalancer', 'secrets karmada-cert'])
    expect(times(`exec kubectl get ${question} karmada-parent`), question).toBe(1);
});
