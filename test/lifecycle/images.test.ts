/** An image that cannot be pulled is told within two minutes of init's start, and is the reason when init fails. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { cli } from './cli.js';
import { newMachine, readyStatus, smallUp, succeed } from './fleet.js';

const reason = 'Back-off pulling image "registry.k8s.io/etcd:3.6.0-0": ErrImagePull: 429 Too Many Requests';

it('of etcd', async () => {
  const account = newMachine();
  account.state.conditions = [{ kind: 'component-unavailable', component: 'etcd', reason, times: 2 }];
  const ended = await cli(account, smallUp);
  const began = ended.calls.find(({ key }) => key.startsWith('exec kubectl-karmada init'))?.at ?? Number.NaN;
  const told = ended.events.flatMap((each) =>
    each.type === 'step-progress' && each.line.startsWith('not starting') ? [each] : [],
  );
  expect(told.map(({ line }) => line)).toEqual([`not starting: etcd-0 and 2 more pods: ImagePullBackOff: ${reason}`]);
  expect((told[0]?.at ?? Number.NaN) - began).toBeLessThan(120_000);
  expect(said(ended)).toContain(
    `why:  etcd-0 and 2 more pods: ImagePullBackOff: ${reason}; Create karmada ApiServer Deployment`,
  );
  account.state.conditions = [];
  await succeed(account, smallUp);
  await readyStatus(account);
});

it('is not told of pods that start in time', async () => {
  const ended = await succeed(newMachine(), smallUp);
  expect(ended.events.filter((each) => each.type === 'step-progress' && each.line.startsWith('not starting'))).toEqual(
    [],
  );
});
