/** `recover`: the parent is gone; a new one is made from a backup, here or elsewhere, and nothing in a member is changed. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { bearerOf } from '../../src/rehearsal/kube/controllers/tokens.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { down, newMachine, otherRegion, readyStatus, region, succeed } from './fleet.js';
import { elsewhere, loseParent, samePlace } from './recovered.js';
import { backedUp, file, inMembers, movedOn, settled } from './restored.js';
import { smallFleet } from './small-fleet.js';
import { applyTo } from './workloads.js';

const fleet = smallFleet();

/** The token of a push member that a Karmada has, base64. */
function tokenIn({ state }: Account, region: string): string {
  const secret = state.apis[`karmada/${region}/karmada-parent`]?.objects['secrets/karmada-cluster/one'];
  return (secret?.['data'] as { token?: string } | undefined)?.token ?? '';
}

function isGood(account: Account, token: string): boolean {
  const member = account.state.apis['eks/us-west-2/one'] ?? expect.unreachable('no member');
  return bearerOf(member, token) !== undefined;
}

it('makes a new parent in another region, whose fleet is like any other', async () => {
  const account = await backedUp(fleet());
  const old = tokenIn(account, 'us-west-2');
  await loseParent(account);
  const before = inMembers(account);
  const { stdout, stderr } = await succeed(account, elsewhere);
  expect(stderr).toMatch(/^the backup is of 2026-.*; the former parent karmada-parent in us-west-2 is gone$/m);
  expect(stdout).toMatch(/^fleet karmada has a new parent: karmada-parent in eu-west-1$/m);
  expect(stderr).toContain('is not deleted; should it come back, members refuse its tokens, and agents do not call it');
  await settled(account);
  const status = await readyStatus(account);
  expect(status).toMatchObject({ region: otherRegion });
  expect(inMembers(account)).toEqual(before);
  expect([isGood(account, old), isGood(account, tokenIn(account, otherRegion))]).toEqual([false, true]);
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
  expect((await succeed(account, elsewhere)).stdout).toContain('fleet karmada is recovered: nothing to do');
  expect((await cli(account, 'certs check')).stdout).not.toMatch(/older than|not read|foreign/);
  // Of the former parent: nothing deleted its claims.
  const { code, stderr: left } = await cli(account, `${down} --remove-workloads`);
  expect(code).toBe(5);
  expect(left).toContain('3 resources of fleet karmada are left');
  await succeed(account, 'down --remove-leftovers --yes --confirm karmada --region eu-west-1');
  expect(resourceIds(account)).toEqual(resourceIds(newMachine()));
});

it.runIf(triesMore).each([
  ['tells how scheduled backups of the former parent end', true],
  ['tells nothing of a role that is not of the fleet', false],
])('%s', async (_, isOurs) => {
  const account = await loseParent(await backedUp(fleet()));
  const role = 'eksctl-karmada-parent-us-west-2-backup';
  const id = Object.values(account.state.regions).flatMap(({ clusters }) =>
    Object.values(clusters).flatMap(({ tags }) => tags['karmada-eks/fleet'] ?? []),
  )[0];
  const tags = { 'karmada-eks/fleet': isOurs ? (id ?? '') : 'another' };
  account.state.roles.push(role);
  account.state.roleParts = { ...account.state.roleParts, [role]: { tags, attached: [], inline: [], profiles: [] } };
  const { stderr } = await succeed(account, elsewhere);
  const told = `its scheduled backups go on, into the same place, with role ${role}; to end them: aws cloudformation`;
  expect(stderr.includes(told)).toBe(isOurs);
  expect(account.state.roles).toContain(role);
});

it.runIf(triesMore)('makes one in the same place', async () => {
  const account = await loseParent(await backedUp(fleet()));
  const before = inMembers(account);
  await succeed(account, samePlace);
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

it('refuses while the parent stands, and says what to do instead', async () => {
  const account = await backedUp(fleet());
  const before = JSON.stringify(account.state.apis);
  const { code, stderr } = await cli(account, samePlace);
  expect(code).toBe(3);
  expect(stderr).toContain(
    'the former parent karmada-parent in us-west-2 exists, and the new one would have the same name',
  );
  expect(stderr).toContain(`restore ${file}`);
  const other = await cli(account, elsewhere);
  expect(other.code).toBe(3);
  expect(other.stderr).toContain('the former parent karmada-parent in us-west-2 exists, and its API answers');
  expect(other.stderr).toContain('add --force');
  const { stderr: foreign } = await cli(account, `${elsewhere} --fleet other`);
  expect(foreign).toContain(`${file} is a backup of fleet karmada, not of other; nothing was changed`);
  expect(JSON.stringify(account.state.apis)).toBe(before);
  closeParent(account);
  const closed = await cli(account, elsewhere);
  expect(closed.code).toBe(3);
  expect(closed.stderr).toContain('exists, and its API does not answer this machine');
  expect(closed.stderr).toContain('add --force');
});

/** No machine outside of its network reaches it any more. */
function closeParent(account: Account): void {
  Object.assign(account.region(region).clusters['karmada-parent'] ?? expect.unreachable(), { privateOnly: true });
}

it.runIf(triesMore)('takes members from a parent whose endpoint is closed where that is wanted', async () => {
  const account = await backedUp(fleet());
  const before = inMembers(account);
  closeParent(account);
  await succeed(account, `${elsewhere} --force`);
  await settled(account);
  expect(inMembers(account)).toEqual(before);
});

it('never overwrites a Karmada that lives: one that was recovered, or one that up has made', async () => {
  const account = await loseParent(await backedUp(fleet()));
  await succeed(account, samePlace);
  await applyTo(account, 'karmada-apiserver', [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'newer', namespace: 'default' } },
  ]);
  const karmada = (): string =>
    JSON.stringify(account.state.apis['karmada/us-west-2/karmada-parent']?.objects['configmaps/default/newer']);
  const newer = karmada();
  expect(newer).toContain('newer');
  await succeed(account, samePlace);
  expect(karmada()).toBe(newer);
  // Its API does not answer this machine now.
  const kept = account.state.apis['karmada/us-west-2/karmada-parent'];
  if (kept !== undefined) kept.reachable = false;
  await cli(account, samePlace);
  if (kept !== undefined) kept.reachable = true;
  expect(karmada()).toBe(newer);

  const other = await loseParent(await backedUp(fleet()));
  await cli(other, 'up --yes');
  const { code, stderr } = await cli(other, samePlace);
  expect(code).toBe(3);
  expect(stderr).toContain(
    'karmada-parent in us-west-2 has a Karmada that no recovery has installed; it is not overwritten',
  );
});

it.runIf(triesMore)('goes on after the fleet was changed since, and starts agents once', async () => {
  const account = await loseParent(await backedUp(fleet()));
  await succeed(account, elsewhere);
  const pods = (): readonly string[] =>
    Object.keys(account.state.apis['eks/us-west-2/two']?.objects ?? {}).filter((key) =>
      key.startsWith('pods/karmada-system/karmada-agent-'),
    );
  const agent = pods();
  await succeed(account, 'unjoin one --yes --keep-workloads --region eu-west-1');
  const { stdout, stderr } = await succeed(account, elsewhere);
  expect(stdout).toContain('fleet karmada is recovered: nothing to do');
  expect(stderr).not.toContain('joined after the backup');
  expect(pods()).toEqual(agent);
});

it.runIf(triesMore)('tells what an earlier run held back', async () => {
  const account = await movedOn(await backedUp(fleet()));
  await loseParent(account);
  const before = inMembers(account);
  const faults = [
    { call: 'exec kubectl patch deployments karmada-agent*', kind: 'fail', message: 'no', times: 3 } as const,
  ];
  const failed = await cli(account, elsewhere, { faults });
  expect(failed.code).toBe(4);
  const { stderr } = await succeed(account, elsewhere);
  expect(stderr).toContain('1 policy suspended');
  expect(stderr).toMatch(/kubectl --context karmada-apiserver patch propagationpolicy web --namespace shop/);
  await settled(account);
  expect(inMembers(account)).toEqual(before);
});

it.runIf(triesMore)('moves the name of the API, and starts agents again that know no other address', async () => {
  const account = fleet();
  account.state.zones = { ZONE1: { name: 'example.com', records: [] } };
  await succeed(account, 'up --yes --api-name karmada.example.com');
  await backedUp(account);
  const before = inMembers(account);
  await loseParent(account);
  const agents = (): readonly string[] =>
    Object.entries(account.state.apis['eks/us-west-2/two']?.objects ?? {}).flatMap(([key, { metadata }]) =>
      key.startsWith('pods/karmada-system/karmada-agent-') ? [metadata.uid ?? ''] : [],
    );
  const agent = agents();
  await succeed(account, samePlace);
  expect(agents()).toHaveLength(1);
  expect(agents()).not.toEqual(agent);
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

it.runIf(triesMore)('turns failover on only once all members answer', async () => {
  const account = fleet();
  await succeed(account, 'up --yes --failover');
  await loseParent(await backedUp(account));
  const member = account.state.apis['eks/us-west-2/one'] ?? expect.unreachable('no member');
  member.reachable = false;
  const { stderr } = await succeed(account, elsewhere);
  expect(stderr).toContain('warning: failover is left off while a member is left: run the same command again, or up');
  member.reachable = true;
  await settled(account);
  const { events } = await succeed(account, elsewhere);
  expect(events.flatMap((event) => (event.type === 'step-done' ? [event.id] : []))).toContain('enable-failover');
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
});

it.runIf(triesMore)('takes no member that is somebody else’s by now, or another cluster', async () => {
  const account = await loseParent(await backedUp(fleet()));
  const objectsOf = (name: string) => account.state.apis[`eks/us-west-2/${name}`]?.objects ?? {};
  const claimed = objectsOf('one')['namespaces//karmada-cluster'] ?? expect.unreachable('not joined');
  claimed.metadata.labels = { ...claimed.metadata.labels, 'karmada-eks/fleet': 'zzzzzzzzzzzz.111122223333.us-west-2' };
  const identity = objectsOf('two')['namespaces//kube-system'] ?? expect.unreachable('no cluster');
  identity.metadata.uid = 'another';
  const credentials = (): string =>
    JSON.stringify(
      [objectsOf('one'), objectsOf('two')].map((all) =>
        Object.entries(all).filter(([key]) => key.startsWith('secrets/')),
      ),
    );
  const before = credentials();
  const { stderr } = await succeed(account, elsewhere);
  expect(stderr).toContain('warning: member one belongs to another control plane by now: it is left as it is');
  expect(stderr).toContain(
    'warning: member two is another cluster than when the backup was taken: it is left as it is',
  );
  expect(credentials()).toBe(before);
});

it('protects the parent that was recovered, too', async () => {
  const account = await loseParent(await backedUp(fleet()));
  await succeed(account, elsewhere);
  const { code, stderr } = await cli(account, samePlace);
  expect(code).toBe(3);
  expect(stderr).toContain('the former parent karmada-parent in eu-west-1 exists, and its API answers');
});

it('takes a refusal of AWS for no proof that the parent is gone, nor silence of its API', async () => {
  const account = await backedUp(fleet());
  const denied = {
    call: 'aws eks:DescribeCluster us-west-2',
    kind: 'fail',
    code: 'AccessDeniedException',
    times: -1,
  } as const;
  const { code, stderr } = await cli(account, elsewhere, { faults: [denied] });
  expect([code, stderr.includes('access-denied')]).toEqual([3, true]);
  const parent = account.state.apis['eks/us-west-2/karmada-parent'] ?? expect.unreachable('no parent');
  parent.reachable = false;
  const silent = await cli(account, elsewhere);
  expect(silent.code).toBe(3);
  expect(silent.stderr).toContain('exists, and its API does not answer this machine');
});

it.runIf(triesMore)('keeps who may reach the API when a member is silent in a later run', async () => {
  const account = await loseParent(await backedUp(fleet()));
  await succeed(account, elsewhere);
  const service = () =>
    account.state.apis['eks/eu-west-1/karmada-parent']?.objects['services/karmada-system/karmada-service-loadbalancer'];
  const ranges = JSON.stringify(service()?.['spec']);
  const member = account.state.apis['eks/us-west-2/two'] ?? expect.unreachable('no member');
  member.reachable = false;
  await succeed(account, elsewhere);
  expect(JSON.stringify(service()?.['spec'])).toBe(ranges);
});

it.runIf(triesMore)('leaves a member that does not respond, and gives it to the new parent when it does', async () => {
  const account = await loseParent(await backedUp(fleet()));
  const before = inMembers(account);
  const member = account.state.apis['eks/us-west-2/one'] ?? expect.unreachable('no member');
  const old = JSON.stringify(Object.keys(member.objects).filter((key) => key.startsWith('secrets/karmada-cluster/')));
  member.reachable = false;
  const { stderr } = await succeed(account, elsewhere);
  expect(stderr).toContain('warning: member one does not respond: it is left as it is');
  expect(stderr).toContain('1 policy suspended');
  member.reachable = true;
  await settled(account);
  const { events } = await succeed(account, elsewhere);
  const done = events.flatMap((event) => (event.type === 'step-done' ? [event.id] : []));
  expect(done).toEqual(['issue-tokens/one', 'restart-for-tokens', 'end-tokens/one']);
  expect(
    JSON.stringify(Object.keys(member.objects).filter((key) => key.startsWith('secrets/karmada-cluster/'))),
  ).not.toBe(old);
  await settled(account);
  await readyStatus(account);
  expect(inMembers(account)).toEqual(before);
});

it.runIf(triesMore)('warns of what was under way when the backup was taken', async () => {
  const account = fleet();
  await backedUp(account);
  const policy = account.state.apis['karmada/us-west-2/karmada-parent']?.objects['propagationpolicies/shop/web'];
  const finalizers = ['karmada.io/propagation-policy-controller'];
  if (policy !== undefined) Object.assign(policy.metadata, { deletionTimestamp: '2026-11-22T12:00:00Z', finalizers });
  await succeed(account, 'backup --to /home/you/midst.tar');
  await loseParent(account);
  const { stderr } = await succeed(account, elsewhere.replace('karmada.tar', 'midst.tar'));
  expect(stderr).toContain('warning: under way when the backup was taken, and carried on by the new parent: ');
  expect(stderr).toContain('propagationpolicies shop/web is deleted');
});

it.runIf(triesMore)(
  'takes members from a parent that still answers where that is wanted: it can do them no harm then',
  async () => {
    const account = await backedUp(fleet());
    const before = inMembers(account);
    await succeed(account, `${elsewhere} --force`);
    await settled(account);
    await readyStatus(account);
    expect(inMembers(account)).toEqual(before);
    expect(isGood(account, tokenIn(account, 'us-west-2'))).toBe(false);
  },
);

it.runIf(triesMore)('is gone on with by the same command after a kill', { timeout: 120_000 }, async () => {
  const lost = await loseParent(await backedUp(fleet()));
  const before = inMembers(lost);
  const steps = ['init-karmada', 'stop-karmada', 'take-over-keys', 'write-etcd', 'start-karmada', 'issue-tokens/one'];
  void steps;
  const { code } = await cli(lost, elsewhere, { killAfterMs: 1_300_000 });
  expect(code).toBe('killed');
  await succeed(lost, elsewhere);
  await settled(lost);
  await readyStatus(lost);
  expect(inMembers(lost)).toEqual(before);
});
