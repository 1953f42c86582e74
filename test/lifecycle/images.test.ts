/** An image that cannot be pulled is told within two minutes of init's start, and is the reason when init fails. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { newMachine, readyStatus, region, smallUp, succeed } from './fleet.js';

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

it.runIf(triesMore)(
  'come from the registry of --image-registry, those of the agent too; one that does not resolve is the reason, and another is taken instead',
  async () => {
    const account = newMachine();
    const wrong = await cli(account, `${smallUp} --image-registry registry.invalid/karmada`);
    expect(wrong.code).toBe(4);
    expect(said(wrong)).toContain(
      'why:  etcd-0 and 2 more pods: Failed to pull image "registry.invalid/karmada/etcd:3.6.6-0": failed to pull and unpack image',
    );
    expect(said(wrong)).toContain('lookup registry.invalid: no such host');
    await succeed(account, `${smallUp} --image-registry registry.example.com/karmada`);
    expect(imagesIn(account, 'karmada-parent').map((image) => image.split(':')[0])).toEqual(
      [
        'etcd',
        'karmada-aggregated-apiserver',
        'karmada-controller-manager',
        'karmada-scheduler',
        'karmada-webhook',
        'kube-apiserver',
        'kube-controller-manager',
      ].map((name) => `registry.example.com/karmada/${name}`),
    );
    expect(imagesIn(account, 'two')).toEqual(['registry.example.com/karmada/karmada-agent:v1.18.2']);
    // What the fleet is described as is what the next run takes.
    expect((await succeed(account, `plan --region ${region}`)).stdout).toContain('nothing to do');
    const other = await succeed(account, `plan --region ${region} --image-registry other.example.com`);
    expect(other.stderr).toContain(
      'drift: images of the installed Karmada are not from other.example.com, and are kept',
    );
  },
);

it.runIf(triesMore)('of an agent that cannot be pulled are told while register waits, and are its reason', async () => {
  const account = newMachine();
  await succeed(account, smallUp.replace(' --member name=two,mode=pull', ''));
  const ended = await cli(account, `${smallUp} --image-registry registry.invalid`);
  expect(ended.code).toBe(4);
  const told = ended.events.flatMap((each) =>
    each.type === 'step-progress' && each.line.startsWith('not starting') ? [each.line] : [],
  );
  expect(told).toEqual([expect.stringContaining('Failed to pull image "registry.invalid/karmada-agent:v1.18.2"')]);
  expect(said(ended)).toMatch(
    /why: {2}karmada-agent-\S+: Failed to pull image "registry.invalid\/karmada-agent:v1.18.2"/,
  );
});

it.runIf(triesMore)('need a registry or a mirror in China', async () => {
  const account = newMachine();
  addVpc(account, { region: 'cn-north-1', name: 'main' });
  const words = 'up --region cn-north-1 --vpc main --yes --member name=one,mode=pull';
  const refused = await cli(account, words);
  expect(said(refused)).toContain('in cn-north-1 a registry or a mirror of Karmada’s images is needed');
  expect(account.state.regions['cn-north-1']?.clusters).toEqual({});
  await succeed(account, `${words} --image-registry registry.example.cn`);
  await readyStatus(account);
});

/** Of all pods of Karmada in a cluster, each once. */
function imagesIn(account: Account, cluster: string): readonly string[] {
  const api = account.state.apis[`eks/${region}/${cluster}`] ?? expect.unreachable(`no ${cluster}`);
  const images = listObjects(api, 'pods', 'karmada-system').flatMap((pod) =>
    (pod['spec'] as { containers: { image: string }[] }).containers.map(({ image }) => image),
  );
  return [...new Set(images)].sort();
}
