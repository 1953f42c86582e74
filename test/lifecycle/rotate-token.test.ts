/** `members rotate-token`: Karmada gets new tokens for push members, and the old ones end; the member is Ready all the while. */
import { beforeAll, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { builtIn, createObject, findObject, listObjects } from '../../src/rehearsal/kube/api-server/store.js';
import { bearerOf } from '../../src/rehearsal/kube/controllers/tokens.js';
import type { ApiState } from '../../src/rehearsal/state.js';
import { passAll, upTo } from './cases.js';
import { cli, type Ended, type Interruptions, type RunOptions } from './cli.js';
import { newMachine, readyStatus, region, succeed } from './fleet.js';

const rotate = 'members rotate-token --yes';
const namespace = 'karmada-cluster';
const limit = { timeout: 600_000 };
let made = '';

beforeAll(async () => {
  const account = newMachine();
  const members = ['one', 'two'].map((name) => `--member name=${name}`).join(' ');
  await succeed(account, `up --region ${region} --vpc main --yes ${members} --member name=far,mode=pull`);
  made = snapshot(account);
}, 120_000);

const fleet = (): Account => restore(made);

/** The API of Karmada, or of a member. */
function apiOf({ state }: Account, name = 'karmada'): ApiState {
  const found = Object.values(state.apis).find((api) =>
    name === 'karmada' ? api.kind === name : api.cluster.endsWith(name),
  );
  if (found === undefined) throw new TypeError(`no API of ${name}`);
  return found;
}

/** Karmada's two tokens for a member, base64. */
function copies(account: Account, member: string): readonly string[] {
  return [member, `${member}-impersonator`].map((name) => {
    const found = findObject(apiOf(account), 'secrets', namespace, name) as { data?: { token?: string } } | undefined;
    return found?.data?.token ?? '';
  });
}

/** For which accounts the member takes each of the tokens. */
function bearers(account: Account, member: string, tokens: readonly string[]): readonly string[] {
  return tokens.map((token) => bearerOf(apiOf(account, member), token)?.split(':').at(-1) ?? 'refused');
}

function secretsIn(account: Account, member: string): readonly string[] {
  return listObjects(apiOf(account, member), 'secrets', namespace).map(({ metadata }) => metadata.name);
}

function isReady(account: Account, member: string): boolean {
  const found = findObject(apiOf(account), 'clusters', '', member)?.['status'];
  return JSON.stringify(found).includes('"type":"Ready","status":"True"');
}

const accounts = (member: string): readonly string[] => [`karmada-${member}`, 'karmada-impersonator'];

/** The steps that changed something. */
function ended({ events }: Pick<Ended, 'events'>): readonly string[] {
  return events.flatMap((event) => (event.type === 'step-done' ? [event.id] : []));
}

it('gives new tokens to all push members, and the old ones are refused', async () => {
  const account = fleet();
  const before = new Map(['one', 'two'].map((member) => [member, copies(account, member)]));
  const { stdout, events } = await succeed(account, rotate);
  expect(stdout).toContain('2 members with new tokens: one, two; the old ones are refused');
  for (const [member, old] of before) {
    expect(bearers(account, member, copies(account, member))).toEqual(accounts(member));
    expect(bearers(account, member, old)).toEqual(['refused', 'refused']);
    expect(secretsIn(account, member)).toHaveLength(2);
  }
  expect(ended({ events })).toEqual([
    'issue-tokens/one',
    'issue-tokens/two',
    'restart-for-tokens',
    'end-tokens/one',
    'end-tokens/two',
  ]);
  await account.clock.sleep(300_000);
  await readyStatus(account);
});

it('is Ready all the while; the old tokens end after the controllers have been replaced', async () => {
  const account = fleet();
  const before = copies(account, 'one');
  const managers = (): readonly string[] =>
    listObjects(apiOf(account, 'parent'), 'pods', 'karmada-system')
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith('karmada-controller-manager-'));
  const first = managers();
  const over = new AbortController();
  let isRefused = false;
  const watching = (async () => {
    for (; !over.signal.aborted; await account.clock.sleep(500, over.signal)) {
      expect(isReady(account, 'one')).toBe(true);
      if (bearers(account, 'one', before)[0] !== 'refused' || isRefused) continue;
      isRefused = true;
      expect(managers().filter((name) => first.includes(name))).toEqual([]);
      expect(bearers(account, 'one', copies(account, 'one'))).toEqual(accounts('one'));
    }
  })();
  await succeed(account, `${rotate} one`);
  over.abort();
  await watching;
  expect(isRefused).toBe(true);
});

it('rotates those that are named, and again', async () => {
  const account = fleet();
  const others = copies(account, 'two');
  for (let n = 0; n < 2; n += 1) {
    const old = copies(account, 'one');
    await succeed(account, `${rotate} one`);
    expect(bearers(account, 'one', old)).toEqual(['refused', 'refused']);
    expect(secretsIn(account, 'one')).toHaveLength(2);
  }
  expect(copies(account, 'two')).toEqual(others);
  await succeed(account, 'unjoin one --yes');
});

it('keeps tokens out of arguments, output and files', async () => {
  const account = fleet();
  const all = await succeed(account, rotate);
  const tokens = ['one', 'two'].flatMap((member) => copies(account, member));
  const texts = tokens.flatMap((token) => [token, Buffer.from(token, 'base64').toString()]);
  const files = Object.entries(account.state.files);
  const seen = JSON.stringify([all.stdout, all.stderr, all.events, all.calls.map(({ key }) => key), files]);
  for (const text of texts) expect(seen).not.toContain(text);
  expect(all.calls.some(({ key }) => key.includes('replace'))).toBe(true);
});

it('leaves tokens that others made for the same accounts', async () => {
  const account = fleet();
  const annotations = { 'kubernetes.io/service-account.name': 'karmada-one' };
  const manifest = {
    metadata: { name: 'theirs', namespace, annotations },
    type: 'kubernetes.io/service-account-token',
  };
  createObject(apiOf(account, 'one'), builtIn('secrets'), manifest, account.now());
  await succeed(account, `${rotate} one`);
  expect(secretsIn(account, 'one')).toContain('theirs');
});

it('goes on with the members that work, and keeps the old tokens of one that does not issue new ones', async () => {
  const account = fleet();
  const before = copies(account, 'one');
  const fault = { call: 'exec kubectl apply one Secret/karmada-one-*', kind: 'no-effect' } as const;
  const { code, stderr } = await cli(account, rotate, { faults: [fault] });
  expect(code).toBe(4);
  expect(stderr).toContain('did not issue a token for service account karmada-one within a minute');
  expect(copies(account, 'one')).toEqual(before);
  expect(bearers(account, 'one', before)).toEqual(accounts('one'));
  await readyStatus(account);
});

it('restarts what watches members once more when a member is resumed that had failed', async () => {
  const account = fleet();
  const old = copies(account, 'two');
  const fault = { call: 'exec kubectl apply two Secret/karmada-impersonator-*', kind: 'no-effect' } as const;
  const failed = await cli(account, rotate, { faults: [fault] });
  expect([failed.code, ended(failed)]).toEqual([4, ['issue-tokens/one', 'restart-for-tokens', 'end-tokens/one']]);
  expect(bearers(account, 'two', old)).toEqual(accounts('two'));
  const second = await succeed(account, rotate);
  expect(ended(second)).toEqual(['issue-tokens/two', 'restart-for-tokens', 'end-tokens/two']);
  expect(bearers(account, 'two', old)).toEqual(['refused', 'refused']);
});

it('blocks a member that another control plane has a token of', async () => {
  const account = fleet();
  const manifest = { metadata: { name: 'karmada-theirs', namespace } };
  createObject(apiOf(account, 'one'), builtIn('serviceaccounts'), manifest, account.now());
  const before = copies(account, 'one');
  const { code, stderr } = await cli(account, rotate);
  expect([code, stderr]).toEqual([3, expect.stringContaining('another Karmada control plane may use one of them')]);
  expect(copies(account, 'one')).toEqual(before);
});

it.each([
  [`${rotate} far`, 2, 'far: expected push members'],
  [`${rotate} nobody`, 2, 'no member of the fleet is named nobody'],
  ['members rotate-token', 2, 'members rotate-token needs consent: add --yes'],
])('refuses %s and changes nothing', async (words, code, why) => {
  const account = fleet();
  const before = copies(account, 'one');
  const refused = await cli(account, words);
  expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(why)]);
  expect(copies(account, 'one')).toEqual(before);
});

it('is resumed after a kill anywhere, and does not rotate again what was finished', limit, async () => {
  const undisturbed = await succeed(fleet(), rotate);
  await passAll('rotate-token killed at event', 10, upTo(undisturbed.events.length), (killAt) => resumed({ killAt }));
  await passAll('rotate-token killed at the end of command', 5, upTo(undisturbed.commands.length), (killAfterCommand) =>
    resumed({ killAfterCommand }),
  );
});

async function resumed(kill: Interruptions): Promise<void> {
  const account = fleet();
  const before = copies(account, 'one');
  expect((await killed(account, kill)).code).toBe('killed');
  expect(isReady(account, 'one')).toBe(true);
  const half = new Set(['one', 'two'].flatMap((member) => secretsIn(account, member)));
  const isHalf = ['one', 'two'].some((member) => secretsIn(account, member).length > 2);
  await succeed(account, rotate);
  const after = ['one', 'two'].flatMap((member) => secretsIn(account, member));
  expect(bearers(account, 'one', before)).toEqual(['refused', 'refused']);
  for (const member of ['one', 'two']) {
    expect(bearers(account, member, copies(account, member))).toEqual(accounts(member));
    expect(secretsIn(account, member)).toHaveLength(2);
  }
  const rotated = [...half].filter((name) => /-[0-9a-f]{12}$/.test(name));
  if (isHalf) expect(after).toEqual(expect.arrayContaining(rotated));
  await readyStatus(account);
}

async function killed(account: Account, kill: RunOptions): Promise<Ended> {
  return await cli(account, rotate, kill);
}
