/** One run a fleet at a time, also when the runs are on different machines. */
import { beforeEach, expect, it } from 'vitest';
import { makeClients } from '../../src/discover/clients.js';
import { Problem } from '../../src/errors/problem.js';
import { resolveFleet } from '../../src/fleet/resolve.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { FleetHold } from '../../src/steps/fleet-hold.js';
import { kubeconfigText } from '../../src/tools/kubectl/kubeconfig.js';

const region = 'us-west-2';
const parent = 'karmada-parent';
const key = 'leases/kube-system/karmada-eks';
const fleet = resolveFleet({ region, vpc: 'main', members: 1 });
const minute = 60_000;

let account: Account;

beforeEach(() => {
  account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  addExistingCluster(account, {
    region,
    name: parent,
    vpcId: vpc.id,
    subnetIds: privateSubnets.map(({ id }) => id),
  });
});

/** A run on a machine; without an installation of its own it is one of that of the machine. */
function run(host: string, { installation = host, faults = [] }: { installation?: string; faults?: Fault[] } = {}) {
  const { world, kill, calls } = connect(account, { host, faults });
  const clients = makeClients(world);
  const { endpoint = '' } = account.state.regions[region]?.clusters[parent] ?? {};
  const user = { kind: 'eks', cluster: parent, region, profile: undefined } as const;
  const access = { kubeconfig: `/${host}/parent.json`, context: parent };
  account.state.files[access.kubeconfig] = kubeconfigText({ context: parent, server: endpoint, caData: 'Y2E=', user });
  const said: string[] = [];
  const who = world.environment.owner;
  const hold = new FleetHold({ clients, fleet, holder: { who, installation }, say: (line) => said.push(line) });
  const stop = new AbortController();
  const take = (): Promise<void> => hold.take(access, { signal: stop.signal });
  return { hold, take, kill, calls, said, stop, sleep: world.clock.sleep, who };
}

function lease(): KubeObjectState | undefined {
  return account.state.apis[`eks/${region}/${parent}`]?.objects[key];
}

function holder(): unknown {
  return (lease()?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity;
}

it('is taken, and given back without a trace', async () => {
  const { hold, take, who } = run('a');
  await take();
  expect(lease()).toMatchObject({
    metadata: { labels: { 'karmada-eks/fleet': 'karmada.us-west-2' } },
    spec: { holderIdentity: `${who} a`, leaseDurationSeconds: 180, renewTime: '2026-11-22T12:00:00.000000Z' },
  });
  await hold.release();
  expect(lease()).toBeUndefined();
});

it('refuses a second machine, and says who works there, since when, and what to do', async () => {
  const first = run('a');
  await first.take();
  await first.sleep(25 * minute + 20_000);
  const problem = await run('b')
    .take()
    .catch((thrown: unknown) => thrown);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({
    code: 'fleet-locked',
    exitCode: 7,
    message: `${first.who} works on fleet karmada`,
    why: 'since 2026-11-22T12:00:00Z, last sign of life 5 s ago (Lease kube-system/karmada-eks in karmada-parent)',
    next: [
      'wait for its end, then run the same command again',
      'when it has died, run the same command 3 minutes after its last sign of life: it is taken over then',
    ],
  });
  await first.hold.release();
  await run('b').take();
});

it('gives signs of life for as long as it works', async () => {
  const { hold, take, calls, sleep } = run('a');
  await take();
  await sleep(25 * minute);
  await hold.release();
  await sleep(25 * minute);
  expect(calls.filter(({ key: call }) => call.startsWith('exec kubectl replace'))).toHaveLength(24);
  expect(hold.lost.aborted).toBe(false);
});

it.each([
  ['at once', 0],
  ['nearly three minutes later', 2.9 * minute],
])('is not taken from a run that has just died: %s', async (_, silence) => {
  const first = run('a');
  await first.take();
  first.kill();
  const second = run('b');
  await second.sleep(silence);
  await expect(second.take()).rejects.toMatchObject({ code: 'fleet-locked' });
});

it('is taken from a run that gave no sign of life for three minutes', async () => {
  const first = run('a');
  await first.take();
  first.kill();
  const second = run('b');
  await second.sleep(3.1 * minute);
  await second.take();
  expect(holder()).toBe(`${second.who} b`);
  expect(second.said).toEqual([`${first.who} gave no sign of life for 3 minutes: watching for another 75 s`]);
  await second.hold.release();
  expect(lease()).toBeUndefined();
});

it('is not taken from a run that lives, whatever its clock says', async () => {
  const first = run('a');
  await first.take();
  // The clock of the other machine is an hour behind.
  const spec = lease()?.['spec'] as { renewTime: string };
  spec.renewTime = '2026-11-22T11:00:00.000000Z';
  await expect(run('b').take()).rejects.toMatchObject({ code: 'fleet-locked' });
  expect(first.hold.lost.aborted).toBe(false);
  await first.hold.release();
});

it('is taken at once from a dead run of the same installation', async () => {
  const first = run('a');
  await first.take();
  first.kill();
  const second = run('a');
  await second.take();
  expect(account.now()).toBeLessThan(Date.parse('2026-11-22T12:00:05Z'));
  expect(holder()).toBe(`${second.who} a`);
});

it('is taken over by one of two that find it dead, and refused to the other', async () => {
  const dead = run('a');
  await dead.take();
  dead.kill();
  const both = [run('b'), run('c')];
  await both[0]?.sleep(5 * minute);
  const taken = await Promise.allSettled(both.map(({ take }) => take()));
  expect(taken.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(taken.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'fleet-locked' } });
});

it('tells a run that was silent for too long that somebody else works there now, and leaves the lease to them', async () => {
  const asleep: Fault = { call: 'exec kubectl replace*', kind: 'fail', times: 6, message: 'Unable to connect' };
  const first = run('a', { faults: [asleep] });
  await first.take();
  const second = run('b');
  await second.sleep(3.5 * minute);
  await second.take();
  expect(first.hold.lost.aborted).toBe(false);
  await second.sleep(3 * minute);
  expect(first.hold.lost.reason).toMatchObject({
    code: 'fleet-locked',
    message: `${second.who} took fleet karmada over from this run`,
  });
  await first.hold.release();
  expect(holder()).toBe(`${second.who} b`);
});

it('survives signs of life that fail, and a lease that somebody removed', async () => {
  const { hold, take, sleep } = run('a', { faults: [{ call: 'exec kubectl replace*', kind: 'fail', times: 2 }] });
  await take();
  await sleep(2.5 * minute);
  delete account.state.apis[`eks/${region}/${parent}`]?.objects[key];
  await sleep(minute);
  expect(lease()).toBeDefined();
  await hold.release();
  expect(lease()).toBeUndefined();
});

it('gives back a lease whose last sign of life was written without anybody hearing of it', async () => {
  const lost: Fault = { call: 'exec kubectl replace*', kind: 'die-half-way', afterMs: 701 };
  const { hold, take, sleep } = run('a', { faults: [lost] });
  await take();
  const before = lease()?.metadata['resourceVersion'];
  await sleep(minute + 5_000);
  expect(lease()?.metadata['resourceVersion']).not.toBe(before);
  await hold.release();
  expect(lease()).toBeUndefined();
});

it('ends quietly when the parent has gone, and says so when the lease could not be given back', async () => {
  const gone = run('a');
  await gone.take();
  const cluster = account.state.regions[region]?.clusters;
  const { [parent]: kept } = cluster ?? {};
  delete cluster?.[parent];
  await gone.hold.release();
  expect(gone.said).toEqual([]);
  if (cluster !== undefined && kept !== undefined) cluster[parent] = kept;

  const stuck = run('a', { faults: [{ call: 'exec kubectl delete*', kind: 'fail', message: 'no' }] });
  await stuck.take();
  await stuck.hold.release();
  expect(stuck.said).toEqual([expect.stringContaining('Lease kube-system/karmada-eks could not be given back')]);
});

it('is left alone when the parent’s description says something that this run has not seen', async () => {
  const { take, hold } = run('a');
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'karmada-eks',
      namespace: 'karmada-system',
      uid: 'x',
      creationTimestamp: '2026-11-22T12:00:00Z',
      labels: { 'karmada-eks/fleet': fleet.id },
    },
    data: { 'fleet.json': JSON.stringify({ fleet: 'karmada', region, vpc: 'main', members: 2, revision: 4 }) },
  };
  const api = account.state.apis[`eks/${region}/${parent}`];
  if (api !== undefined) api.objects['configmaps/karmada-system/karmada-eks'] = object;
  await expect(take()).rejects.toMatchObject({
    code: 'fleet-changed',
    why: 'its description in karmada-parent has revision 4, which this run has not seen',
  });
  await hold.release();
  expect(lease()).toBeUndefined();
});
