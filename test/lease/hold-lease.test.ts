/** One run a fleet at a time, also when the runs are on different machines. */
import { beforeEach, expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { Problem } from '../../src/errors/problem.js';
import { resolveFleet } from '../../src/fleet/resolve.js';
import { LeaseHolder } from '../../src/lease/hold-lease.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { KubeObjectState } from '../../src/rehearsal/state.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
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

/** Who holds it, without the process. */
function holder(): string {
  const identity = (lease()?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity ?? '';
  return identity.replace(/ \S+\/\d+\/\d+ /, ' ');
}

/** A run on a machine; without an installation of its own it is one of that of the machine. */
async function run(
  host: string,
  { installation = host, faults = [] }: { installation?: string; faults?: Fault[] } = {},
) {
  const { world, kill, suspend, wake, calls } = connect(account, { host, faults });
  const clients = makeClients(world);
  const { endpoint = '' } = account.state.regions[region]?.clusters[parent] ?? {};
  const user = { kind: 'eks', cluster: parent, region, profile: undefined } as const;
  const access = { kubeconfig: `/${host}/parent.json`, context: parent };
  account.state.files[access.kubeconfig] = kubeconfigText({ context: parent, server: endpoint, caData: 'Y2E=', user });
  const said: string[] = [];
  const who = world.environment.owner;
  const holder = { who, installation, process: await world.processes.own() };
  const hold = new LeaseHolder({ clients, fleet, holder: async () => holder, say: (line) => said.push(line) });
  const stop = new AbortController();
  const take = (): Promise<void> => hold.take(access, { signal: stop.signal });
  return { hold, take, kill, suspend, wake, calls, said, stop, sleep: account.clock.sleep, who, holder };
}

function lease(): KubeObjectState | undefined {
  return account.state.apis[`eks/${region}/${parent}`]?.objects[key];
}

it('is taken, and given back without a trace', async () => {
  const { hold, take, who } = await run('a');
  await take();
  expect(lease()).toMatchObject({
    metadata: {
      labels: { 'karmada-eks/fleet': 'karmada.us-west-2' },
    },
    spec: {
      holderIdentity: `${who} machine-a/1/1795348800000 a`,
      leaseDurationSeconds: 180,
      renewTime: '2026-11-22T12:00:00.000000Z',
    },
  });
  await hold.release();
  expect(lease()).toBeUndefined();
});

it('refuses a second machine, and says who works there, since when, and what to do', async () => {
  const first = await run('a');
  await first.take();
  await first.sleep(25 * minute + 20_000);
  const problem = await (await run('b')).take().catch((thrown: unknown) => thrown);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({
    code: 'fleet-locked',
    exitCode: 7,
    message: `${first.who} is working on fleet karmada`,
    why: 'since 2026-11-22T12:00:00Z, last heartbeat 5 s ago (Lease kube-system/karmada-eks in karmada-parent)',
    next: [
      'wait until it finishes, then run the same command again',
      'if it has died, run the same command 3 minutes after its last heartbeat to take over',
    ],
  });
  await first.hold.release();
  await (await run('b')).take();
});

it('gives signs of life for as long as it works', async () => {
  const { hold, take, calls, sleep } = await run('a');
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
  const first = await run('a');
  await first.take();
  first.kill();
  const second = await run('b');
  await second.sleep(silence);
  await expect(second.take()).rejects.toMatchObject({ code: 'fleet-locked' });
});

it('is taken from a run that sent no heartbeat for three minutes', async () => {
  const first = await run('a');
  await first.take();
  first.kill();
  const second = await run('b');
  await second.sleep(3.1 * minute);
  await second.take();
  expect(holder()).toBe(`${second.who} b`);
  expect(second.said).toEqual([`${first.who} sent no heartbeat for 3 minutes; watching for another 4 minutes`]);
  await second.hold.release();
  expect(lease()).toBeUndefined();
});

it('is not taken from a run that lives, whatever its clock says', async () => {
  const first = await run('a');
  await first.take();
  // The clock of the other machine is an hour behind.
  const spec = lease()?.['spec'] as { renewTime: string };
  spec.renewTime = '2026-11-22T11:00:00.000000Z';
  await expect((await run('b')).take()).rejects.toMatchObject({ code: 'fleet-locked' });
  expect(first.hold.lost.aborted).toBe(false);
  await first.hold.release();
});

it('is taken at once from a dead run of the same installation', async () => {
  const first = await run('a');
  await first.take();
  first.kill();
  const second = await run('a');
  await second.take();
  expect(account.now()).toBeLessThan(Date.parse('2026-11-22T12:00:05Z'));
  expect(holder()).toBe(`${second.who} a`);
});

it('is not taken at once from a dead run of the same installation that worked on another fleet', async () => {
  const first = await run('a');
  await first.take();
  first.kill();
  const found = lease();
  if (found === undefined) throw new TypeError('no lease');
  // A home that two accounts share knows two fleets of one name.
  found.metadata.labels = { 'karmada-eks/fleet': '0123456789ab.444455556666.us-west-2' };
  await expect((await run('a')).take()).rejects.toMatchObject({ code: 'fleet-locked' });
  await first.sleep(3.1 * minute);
  await (await run('a')).take();
});

it('is taken over by one of two that find it dead, and refused to the other', async () => {
  const dead = await run('a');
  await dead.take();
  dead.kill();
  const both = [await run('b'), await run('c')];
  await both[0]?.sleep(5 * minute);
  const taken = await Promise.allSettled(both.map(({ take }) => take()));
  expect(taken.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(taken.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'fleet-locked' } });
});

/** What a promise was rejected with, as people read it. */
async function refusal(refused: Promise<unknown>): Promise<string> {
  const thrown: unknown = await refused.then(
    () => 'nothing was refused',
    (reason: unknown) => reason,
  );
  return thrown instanceof Problem ? textOf(thrown) : String(thrown);
}

function textOf({ code, message, why = '', next }: Problem): string {
  return [message, why, ...next, code].join('\n');
}

it('is not taken from a living run of a copied installation, and names both hosts', async () => {
  const first = await run('build-1', { installation: 'copied' });
  await first.take();
  const second = await run('build-2', { installation: 'copied' });
  await second.sleep(5 * minute);
  expect(await refusal(second.take())).toMatchInlineSnapshot(`
    "you@build-1 (pid 1) is working on fleet karmada
    since 2026-11-22T12:00:00Z, last heartbeat 60 s ago (Lease kube-system/karmada-eks in karmada-parent); this run is you@build-2 (pid 2): another machine with the same data folder, copied or shared
    wait until it finishes, then run the same command again
    if it has died, run the same command 3 minutes after its last heartbeat to take over
    fleet-locked"
  `);
  expect(first.hold.lost.aborted).toBe(false);
});

it('is taken from a dead run of a copied installation only after it was watched', async () => {
  const first = await run('a', { installation: 'copied' });
  await first.take();
  first.kill();
  const second = await run('b', { installation: 'copied' });
  await expect(second.take()).rejects.toMatchObject({ code: 'fleet-locked' });
  await second.sleep(4 * minute);
  await second.take();
  expect(second.said).toHaveLength(1);
});

it('is not taken from a run whose process stands still on the same machine', async () => {
  const first = await run('a');
  await first.take();
  first.suspend();
  const second = await run('a');
  await second.sleep(10 * minute);
  expect(await refusal(second.take())).toMatchInlineSnapshot(`
    "you@a (pid 1) is working on fleet karmada
    since 2026-11-22T12:00:00Z, last heartbeat 603 s ago (Lease kube-system/karmada-eks in karmada-parent)
    wait until it finishes, then run the same command again
    if it hangs, stop that process on this machine, then run the same command again
    fleet-locked"
  `);
  expect(second.said).toEqual([]);
});

it('is not taken at once on the same machine from another installation', async () => {
  const first = await run('a');
  await first.take();
  first.kill();
  await expect((await run('a', { installation: 'other' })).take()).rejects.toMatchObject({ code: 'fleet-locked' });
});

it('reads a lease that does not name a process, and takes it over after it was watched', async () => {
  const first = await run('a');
  await first.take();
  first.kill();
  const spec = lease()?.['spec'] as { holderIdentity: string };
  spec.holderIdentity = holder();
  expect(spec.holderIdentity).toBe(`${first.who} a`);
  const second = await run('a');
  await expect(second.take()).rejects.toMatchObject({ message: `${first.who} is working on fleet karmada` });
  await second.sleep(4 * minute);
  await second.take();
  expect(second.said).toHaveLength(1);
});

it('ends its watch early when the watched run shows that it lives', async () => {
  const first = await run('a');
  await first.take();
  const spec = lease()?.['spec'] as { renewTime: string };
  spec.renewTime = '2026-11-22T11:00:00.000000Z';
  const second = await run('b');
  const began = account.now();
  await expect(second.take()).rejects.toMatchObject({ code: 'fleet-locked' });
  expect(account.now() - began).toBeLessThan(80_000);
});

it('is lost when the parent takes no sign of life for three minutes, before anybody may take it over', async () => {
  const silent: Fault = { call: 'exec kubectl replace*', kind: 'fail', times: -1, message: 'Unable to connect' };
  const first = await run('a', { faults: [silent] });
  await first.take();
  await first.sleep(2.9 * minute);
  await first.hold.confirm();
  await first.sleep(0.2 * minute);
  expect(await refusal(first.hold.confirm())).toMatchInlineSnapshot(`
    "this run could not renew its lease on fleet karmada
    karmada-parent accepted no heartbeat for 3 minutes, after which another machine may take over the fleet
    check that the cluster can be reached, then run the same command again; it continues from where it stopped
    fleet-locked"
  `);
  expect(first.hold.lost.aborted).toBe(true);
});

it('is lost before a run of another machine can take it, also when the parent hangs', async () => {
  const silent: Fault = { call: 'exec kubectl replace*', kind: 'hang', times: -1 };
  const first = await run('a', { faults: [silent] });
  await first.take();
  const second = await run('b');
  // The clock of the second machine is an hour ahead.
  const spec = lease()?.['spec'] as { renewTime: string };
  spec.renewTime = '2026-11-22T11:00:00.000000Z';
  const lostAt = new Promise<number>((resolve) => {
    first.hold.lost.addEventListener('abort', () => resolve(account.now()));
  });
  await second.take();
  expect(first.hold.lost.aborted).toBe(true);
  expect(await lostAt).toBeLessThan(account.now());
});

it('ends without a loss when the parent is deleted meanwhile', async () => {
  const { hold, take, sleep } = await run('a', {
    faults: [{ call: 'exec kubectl replace*', kind: 'fail', times: -1 }],
  });
  await take();
  const cluster = account.state.regions[region]?.clusters[parent];
  if (cluster !== undefined) cluster.status = 'DELETING';
  await sleep(10 * minute);
  await hold.confirm();
  expect(hold.lost.aborted).toBe(false);
});

it('is confirmed without a call while the last sign of life is young, and with one after a sleep', async () => {
  const { hold, take, sleep, calls, suspend, wake } = await run('a');
  const signs = (): number => calls.filter(({ key: call }) => call.startsWith('exec kubectl replace')).length;
  await take();
  await sleep(0.9 * minute);
  await hold.confirm();
  expect(signs()).toBe(0);
  suspend();
  await sleep(10 * minute);
  wake();
  await hold.confirm();
  expect(signs()).toBe(1);
  expect(hold.lost.aborted).toBe(false);
});

it('is lost to whoever took it over while the machine slept, and left to them', async () => {
  const first = await run('a');
  await first.take();
  first.suspend();
  const second = await run('b');
  await second.sleep(4 * minute);
  await second.take();
  await second.sleep(2 * minute);
  first.wake();
  expect(await refusal(first.hold.confirm())).toMatchInlineSnapshot(`
    "you@b (pid 2) took fleet karmada over from this run
    at 2026-11-22T12:08:14Z, after this run (you@a (pid 1)) had sent no heartbeat for 3 minutes
    wait until it finishes, then run the same command again; it continues from where it stopped
    fleet-locked"
  `);
  await first.hold.release();
  expect(holder()).toBe(`${second.who} b`);
});

it('is lost also when whoever took it over meanwhile has given it back', async () => {
  const first = await run('a');
  await first.take();
  first.suspend();
  const second = await run('b');
  await second.sleep(4 * minute);
  await second.take();
  await second.hold.release();
  first.wake();
  expect(await refusal(first.hold.confirm())).toMatchInlineSnapshot(`
    "this run lost its lease on fleet karmada while it was unresponsive
    it sent no heartbeat for more than 3 minutes, and Lease kube-system/karmada-eks is gone from karmada-parent: another run may have changed the fleet in the meantime
    run the same command again; it continues from where it stopped
    fleet-locked"
  `);
  expect(lease()).toBeUndefined();
});

it('is lost within seconds after waking, also when nothing is to be changed just then', async () => {
  const first = await run('a');
  await first.take();
  first.suspend();
  const second = await run('b');
  await second.sleep(4 * minute);
  await second.take();
  first.wake();
  await second.sleep(7_000);
  expect(first.hold.lost.aborted).toBe(true);
});

it('survives signs of life that fail, and a lease that somebody removed', async () => {
  const { hold, take, sleep } = await run('a', { faults: [{ call: 'exec kubectl replace*', kind: 'fail', times: 2 }] });
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
  const { hold, take, sleep } = await run('a', { faults: [lost] });
  await take();
  const before = lease()?.metadata['resourceVersion'];
  await sleep(minute + 5_000);
  expect(lease()?.metadata['resourceVersion']).not.toBe(before);
  await hold.release();
  expect(lease()).toBeUndefined();
});

it('ends quietly when the parent is gone, and reports it when the lease could not be released', async () => {
  const gone = await run('a');
  await gone.take();
  const cluster = account.state.regions[region]?.clusters;
  const { [parent]: kept } = cluster ?? {};
  delete cluster?.[parent];
  await gone.hold.release();
  expect(gone.said).toEqual([]);
  if (cluster !== undefined && kept !== undefined) cluster[parent] = kept;
  gone.kill();

  const stuck = await run('a', { faults: [{ call: 'exec kubectl delete*', kind: 'fail', message: 'no' }] });
  await stuck.take();
  await stuck.hold.release();
  expect(stuck.said).toEqual([expect.stringContaining('Lease kube-system/karmada-eks could not be released')]);
});

it('is left alone when the parent’s description says something that this run has not seen', async () => {
  const { take, hold } = await run('a');
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
