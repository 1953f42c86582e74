/** Logins for the registry of the images: given as a file, kept in the parent and in pull members, and shown nowhere. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { findObject, listObjects, upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli, type Ended } from './cli.js';
import { down, downById, newMachine, otherRegion, readyStatus, region, smallUp, succeed } from './fleet.js';
import { elsewhere, loseParent } from './recovered.js';
import { backedUp, settled } from './restored.js';

const host = 'registry.example.com';
const file = '/home/you/pull.json';
const registry = `--image-registry ${host}/karmada`;
const up = `${smallUp} ${registry} --image-pull-secret ${file}`;
const secret = { name: 'karmada-eks-images', namespace: 'karmada-system' };

/** A machine with the file, in an account whose nodes get images of the registry with this password only. */
function machine(password = 'pa55-word-1'): Account {
  const account = newMachine();
  setPassword(account, password);
  return account;
}

function setPassword({ state }: Account, password: string): void {
  state.registries = { [host]: { login: `ci:${password}` } };
  const login = { auth: Buffer.from(`ci:${password}`).toString('base64') };
  state.files[file] = JSON.stringify({
    auths: { [host]: login, 'ghcr.io': { username: 'me', password: 'else-where' } },
  });
}

function api({ state }: Account, cluster: string, at = region) {
  return state.apis[`eks/${at}/${cluster}`] ?? expect.unreachable(`no ${cluster}`);
}

/** What the Secret of a cluster holds; undefined where there is none. */
function loginsIn(account: Account, cluster: string, at = region): string | undefined {
  const found = findObject(api(account, cluster, at), 'secrets', secret.namespace, secret.name);
  const data = found?.['data'] as Record<string, string> | undefined;
  return data && Buffer.from(data['.dockerconfigjson'] ?? '', 'base64').toString();
}

/** Nothing of the logins is in what was shown, noted or run. */
function expectHidden(account: Account, ended: Ended, password: string): void {
  const auth = Buffer.from(`ci:${password}`).toString('base64');
  const notes = Object.entries(account.state.files).filter(([path]) => path !== file);
  const descriptions = listObjects(api(account, 'karmada-parent'), 'configmaps');
  const texts = [said(ended), ended.stdout, JSON.stringify([ended.events, ended.calls, notes, descriptions])];
  for (const text of texts)
    for (const word of [password, auth, Buffer.from(auth).toString('base64').slice(0, -4), 'else-where'])
      expect(text).not.toContain(word);
}

it('are given to control plane and agents, which would not start without, and shown nowhere', async () => {
  const account = machine();
  const made = await succeed(account, up);
  expectHidden(account, made, 'pa55-word-1');
  const first = loginsIn(account, 'karmada-parent');
  expect(JSON.parse(first ?? '{}')).toEqual({ auths: { [host]: { auth: expect.any(String) } } });
  expect(loginsIn(account, 'two')).toBe(first);
  expect(loginsIn(account, 'one')).toBeUndefined();
});

it.runIf(triesMore)(
  'are missed at first, kept for other machines, renewed by the next up, and go with the fleet',
  async () => {
    const account = machine();
    const wrong = await cli(account, `${smallUp} ${registry}`);
    expect(said(wrong)).toContain('authorization failed: no basic auth credentials');
    await succeed(account, up);
    const first = loginsIn(account, 'karmada-parent');
    delete account.state.files[file];
    expect((await succeed(account, `plan --region ${region}`)).stdout).toContain('nothing to do');
    // A machine that never saw the file.
    const joined = await succeed(account, `join --region ${region} --member name=three,mode=pull --yes`);
    expectHidden(account, joined, 'pa55-word-1');
    expect(loginsIn(account, 'three')).toBe(first);
    setPassword(account, 'pa55-word-2');
    const renewed = await succeed(account, `up --region ${region} --image-pull-secret ${file} --yes`);
    expectHidden(account, renewed, 'pa55-word-2');
    expect(loginsIn(account, 'karmada-parent')).not.toBe(first);
    expect(loginsIn(account, 'three')).toBe(loginsIn(account, 'karmada-parent'));
    await readyStatus(account);
    await succeed(account, down);
  },
);

it('must be in the file, or in the parent already, before anything is made', async () => {
  const account = newMachine();
  account.state.files[file] = JSON.stringify({ auths: { [host]: {} }, credsStore: 'desktop' });
  const refused = await cli(account, `${smallUp} ${registry} --image-pull-secret ${file}`);
  expect(refused.code).toBe(2);
  expect(said(refused)).toContain(`${file} has no login for ${host}`);
  expect(said(refused)).toContain('its logins are in the credential store desktop, not in the file');
  expect((await cli(account, `${smallUp} ${registry} --image-pull-secret nowhere.json`)).code).toBe(2);
  expect(account.state.regions[region]?.clusters).toEqual({});
});

it.runIf(triesMore)('go to the members with the demo, and with it', async () => {
  const account = machine();
  await succeed(account, up);
  const secretOf = (cluster: string) => findObject(api(account, cluster), 'secrets', 'default', 'karmada-eks-demo');
  const kept = await succeed(account, `demo --region ${region} --keep`);
  expectHidden(account, kept, 'pa55-word-1');
  expect([secretOf('one')?.['data'], secretOf('two')?.['data']]).not.toContain(undefined);
  await succeed(account, `demo --region ${region} --remove`);
  expect([secretOf('one'), secretOf('two')]).toEqual([undefined, undefined]);
  setPassword(account, 'pa55-word-2');
  const ended = await cli(account, `demo --region ${region}`);
  expect(ended.code).toBe(4);
  expect(said(ended)).toMatch(
    /why: {2}karmada-eks-demo-\S+ and \d+ more pods: Failed to pull image "registry.example.com\/karmada\/nginx"/,
  );
  await succeed(account, down);
});

it.runIf(triesMore)('are to be given to recover, for the parent that had them is gone', async () => {
  const account = machine();
  await succeed(account, up);
  await backedUp(account);
  await loseParent(account);
  const refused = await cli(account, elsewhere);
  expect(refused.code).not.toBe(0);
  expect(said(refused)).toContain('set the file with the logins: --image-pull-secret FILE');
  await succeed(account, `${elsewhere} --image-pull-secret ${file}`);
  await settled(account);
  await readyStatus(account);
  expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
  expect(loginsIn(account, 'karmada-parent', otherRegion)).toBe(loginsIn(account, 'two'));
});

it.runIf(triesMore)('go from clusters that stay', async () => {
  const account = newAccount();
  setPassword(account, 'pa55-word-1');
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  for (const name of ['karmada-parent', 'one', 'two'])
    addExistingCluster(account, { region, name, vpcId: vpc.id, subnetIds });
  // With a namespace that stays.
  const metadata = { name: 'karmada-system' };
  upsert(api(account, 'karmada-parent'), 'namespaces', { metadata }, account.now());
  await succeed(account, `${up} --use-existing`);
  expect(loginsIn(account, 'two')).toBe(loginsIn(account, 'karmada-parent'));
  await succeed(account, down);
  expect(findObject(api(account, 'karmada-parent'), 'namespaces', '', 'karmada-system')).toBeDefined();
  expect([loginsIn(account, 'karmada-parent'), loginsIn(account, 'two')]).toEqual([undefined, undefined]);
});

it.runIf(triesMore)('come to the same after kills', async () => {
  const account = machine();
  for (const killAt of [20, 40, 60, 80, 100, 120]) await cli(account, up, { killAt });
  await succeed(account, up);
  await readyStatus(account);
  await succeed(account, downById(account));
});
