/** Fleets of one name that are not one fleet: in two accounts, in two regions, and one that others made anew. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Account, neighbourOf } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import {
  changes,
  down,
  downById,
  fleetFolder,
  fleetId,
  kubeconfig,
  kubeconfigPath,
  newMachine,
  otherRegion,
  readyStatus,
  region,
  smallUp,
  succeed,
} from './fleet.js';
import { joinable, karmadaIn, withContexts } from './joinable.js';
import { smallFleet } from './small-fleet.js';

const limit = { timeout: 900_000 };
const other = '444455556666';
const where = `--fleet karmada --region ${region}`;
const fleet = smallFleet();

/** The account beside the first, with a VPC of the same name. */
function neighbour(first: Account): Account {
  const account = neighbourOf(first, other);
  addVpc(account, { region, name: 'main' });
  return account;
}

function idsIn(account: Account): ReadonlySet<string | undefined> {
  const clusters = Object.values(account.state.regions).flatMap((each) => Object.values(each.clusters));
  return new Set(clusters.map(({ tags }) => tags['karmada-eks/fleet']));
}

function contextsIn(account: Account): readonly string[] {
  const config = parse(account.state.files[kubeconfigPath] ?? '') as { contexts: { name: string }[] };
  return config.contexts.map(({ name }) => name);
}

it('marks everything with an id that tells account and region, and with the name for people', limit, async () => {
  const account = fleet();
  const id = fleetId(account);
  expect(idsIn(account)).toEqual(new Set([id]));
  const { clusters } = account.region(region);
  expect(Object.values(clusters).map(({ tags }) => tags['karmada-eks/name'])).toEqual([
    'karmada',
    'karmada',
    'karmada',
  ]);
  const text = JSON.stringify(
    account.state.apis[`eks/${region}/karmada-parent`]?.objects['configmaps/karmada-system/karmada-eks'],
  );
  expect(text).toContain(`"karmada-eks/fleet":"${id}"`);
  expect(text).toContain(`\\"id\\":\\"${id}\\"`);
});

it('continues after a kill with the id that was noted before the first change', limit, async () => {
  const account = newMachine();
  await cli(account, smallUp, { killAfterCommand: 1 });
  const id = fleetId(account);
  await succeed(account, smallUp);
  expect([fleetId(account), idsIn(account)]).toEqual([id, new Set([id])]);
});

it('draws no id that lasts for a plan', limit, async () => {
  const account = newMachine();
  const files = { ...account.state.files };
  await succeed(account, `plan --region ${region} --vpc main`);
  expect(account.state.files).toEqual(files);
});

it('keeps the id that a policy was printed for, until up takes it', limit, async () => {
  const account = newMachine();
  const { stdout } = await succeed(account, `${smallUp.replace('up', 'plan').replace(' --yes', '')} --iam-policy`);
  await succeed(account, smallUp);
  expect(stdout).toContain(`"${fleetId(account)}"`);
  expect(Object.keys(account.state.files).filter((path) => path.endsWith('/reserved-id'))).toEqual([]);
});

describe('two accounts, one name, one machine', () => {
  it('are two fleets, each with a folder, an id and contexts of its own', limit, async () => {
    const first = fleet();
    const second = neighbour(first);
    const made = await succeed(second, smallUp);
    expect(made.stderr).toContain(
      `this machine knows a fleet karmada in ${region} in account 111122223333; this one is a different fleet, in account ${other}`,
    );
    expect([...idsIn(second)]).toEqual([expect.stringMatching(/^[0-9a-f]{12}\.444455556666\.us-west-2$/)]);
    expect(Object.keys(first.state.files)).toEqual(
      expect.arrayContaining([`${fleetFolder}/fleet.json`, `${fleetFolder.replace('111122223333', other)}/fleet.json`]),
    );
    const contexts = ['karmada-apiserver', 'karmada-parent', 'one', 'two'];
    expect(contextsIn(first)).toEqual(['home', ...contexts, ...contexts.map((name) => `karmada-${name}`)]);
    expect(made.stdout).toContain('  kubectl --context karmada-karmada-apiserver create deployment web --image=nginx');
    expect(made.stdout).not.toContain('--context karmada-apiserver');
    const again = await succeed(second, 'kubeconfig --merge');
    expect(again.stdout).toContain('  kubectl --context karmada-karmada-apiserver get clusters');
    const left = await succeed(second, 'unjoin one --yes');
    expect(left.stdout).toContain('  kubectl --context karmada-karmada-apiserver get clusters');
    const before = resourceIds(first);
    await succeed(second, down);
    expect(resourceIds(first)).toEqual(before);
    await readyStatus(first, ` ${where}`);
    await succeed(first, down);
    expect(first.state.files[kubeconfigPath]).toBe(kubeconfig);
  });

  it.runIf(triesMore)('wait for no run on each other, dead or alive', limit, async () => {
    const first = fleet();
    const second = neighbour(first);
    expect((await cli(first, `${smallUp} --member name=three`, { killAfterMs: 300_000 })).code).toBe('killed');
    const made = await succeed(second, smallUp);
    expect(made.stderr).not.toMatch(/works on (this )?fleet|sign of life/);
    await succeed(first, `${smallUp} --member name=three`);
  });

  it('are each unseen with the credentials of the other, which is said', limit, async () => {
    const second = neighbour(fleet());
    for (const words of [`status ${where}`, `${down} ${where}`, `unjoin one --yes ${where}`]) {
      const ended = await cli(second, words);
      expect([ended.code, said(ended)]).toMatchInlineSnapshot(`
        [
          3,
          "✖ no fleet karmada in us-west-2 in account 444455556666
          why:  this machine knows a fleet karmada in us-west-2 in account 111122223333
          next: 1. use credentials for account 111122223333 (--profile)
                2. or create one here: karmada-eks up --fleet karmada --region us-west-2
          code: wrong-account
        exit 3",
        ]
      `);
      expect(changes(ended)).toEqual([]);
    }
  });

  it.runIf(triesMore)('never take a cluster of any kubeconfig from each other', limit, async () => {
    const first = await joinable();
    await succeed(first, 'join --context kind-edge --yes', withContexts);
    const there = karmadaIn(first);
    const second = neighbour(first);
    await succeed(second, smallUp, withContexts);
    const refused = await cli(second, `join --context kind-edge --yes ${where}`, withContexts);
    expect([refused.code, said(refused)]).toMatchInlineSnapshot(`
      [
        3,
        "✖ context kind-edge already belongs to another Karmada control plane
        why:  it is member kind-edge there, and two control planes would conflict
        next: 1. remove it there first: kubectl karmada unjoin kind-edge (push) or unregister kind-edge (pull)
              2. if that control plane is gone, delete what it left: kubectl delete namespace karmada-cluster
        code: member-foreign
      exit 3",
      ]
    `);
    // Whoever says that it is theirs all the same does not clear it either.
    const unjoin = await cli(second, `unjoin kind-edge --yes ${where}`, withContexts);
    expect([unjoin.code, said(unjoin)]).toMatchInlineSnapshot(`
      [
        2,
        "✖ no member of the fleet is named kind-edge
        next: the members are one, two
        code: invalid-value
      exit 2",
      ]
    `);
    expect(karmadaIn(first)).toEqual(there);
  });
});

it.runIf(triesMore)('are two fleets in two regions of one account', limit, async () => {
  const account = fleet();
  const far = smallUp.replaceAll(region, otherRegion);
  await succeed(account, far);
  expect(idsIn(account).size).toBe(2);
  await succeed(account, `${down} --region ${otherRegion}`);
  await readyStatus(account, ` ${where}`);
});

describe('a fleet that somebody recreated under the name', () => {
  /** This machine knows the fleet of before. */
  async function madeAnew(): Promise<Account> {
    const account = fleet();
    const elsewhere = { host: 'other' };
    await succeed(account, `${downById(account)} ${where}`, elsewhere);
    await succeed(account, smallUp, elsewhere);
    return account;
  }

  it('is never taken for the one that this machine knows', limit, async () => {
    const account = await madeAnew();
    const [now] = idsIn(account);
    for (const words of ['status', smallUp, down]) {
      const refused = await cli(account, words);
      expect(changes(refused)).toEqual([]);
      expect([
        refused.code,
        said(refused)
          .replaceAll(fleetId(account), 'OLD')
          .replaceAll(now ?? '', 'NEW'),
      ]).toEqual([
        3,
        `✖ the fleet karmada now in us-west-2 is not the expected one
  why:  tag karmada-eks/fleet of EKS cluster karmada-parent names fleet id NEW, expected OLD
  next: 1. to use the existing fleet: --fleet-id NEW
        2. or choose another name: --fleet
        3. to find out what happened to yours, search for resources with tag karmada-eks/fleet=OLD
  code: another-fleet
exit 3`,
      ]);
    }
  });

  it.runIf(triesMore)('is worked on from here once that is chosen', limit, async () => {
    const account = await madeAnew();
    const [now] = idsIn(account);
    await succeed(account, `status --fleet-id ${now}`);
    await succeed(account, `${smallUp} --nodes 4 --change-fleet --fleet-id ${now}`);
    expect(fleetId(account)).toBe(now);
    await succeed(account, down);
  });
});

it('makes nothing under an id that no fleet has', limit, async () => {
  const refused = await cli(newMachine(), `${smallUp} --fleet-id 0a1b2c3d4e5f.111122223333.${region}`);
  expect([refused.code, said(refused)]).toMatchInlineSnapshot(`
    [
      3,
      "✖ no fleet karmada in us-west-2
      why:  this machine has no record of it, and no EKS cluster or stack has the tags of fleet id 0a1b2c3d4e5f.111122223333.us-west-2
      next: 1. set another fleet or region: --fleet, --region
            2. or omit --fleet-id to search by name
      code: fleet-not-found
    exit 3",
    ]
  `);
  expect(changes(refused)).toEqual([]);
});

it('wants to be told which, where the tags of two fleets have the name', limit, async () => {
  const account = fleet();
  const ids = [fleetId(account), `0a1b2c3d4e5f.111122223333.${region}`];
  const one = account.region(region).clusters['one'];
  Object.assign(one?.tags ?? {}, { 'karmada-eks/fleet': ids[1] });
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  // Without the description there are only tags to go by.
  const parent = account.state.apis[`eks/${region}/karmada-parent`];
  delete parent?.objects['configmaps/karmada-system/karmada-eks'];
  const refused = await cli(account, `${down} ${where}`);
  expect([refused.code, said(refused).replaceAll(ids[0] ?? '', 'ONE')]).toMatchInlineSnapshot(`
    [
      3,
      "✖ 2 fleets in us-west-2 are named karmada
      why:  clusters or stacks there carry the tag karmada-eks/fleet with the values 0a1b2c3d4e5f.111122223333.us-west-2 and ONE
      next: 1. select one: --fleet-id 0a1b2c3d4e5f.111122223333.us-west-2
            2. select one: --fleet-id ONE
            3. or choose another name: --fleet
      code: another-fleet
    exit 3",
    ]
  `);
  expect(changes(refused)).toEqual([]);
  const chosen = await cli(account, `status -o json ${where} --fleet-id ${ids[0]}`);
  expect(JSON.parse(chosen.stdout)).toMatchObject({
    members: expect.arrayContaining([expect.objectContaining({ name: 'two' })]),
  });
});

describe('a fleet of an earlier version', () => {
  /** As such a version left it: the id is made of name and region, and the folder is one for all accounts. */
  function older(): Account {
    const account = fleet();
    const id = fleetId(account);
    const text = JSON.stringify(account.state);
    const state = JSON.parse(
      text
        .replaceAll(new RegExp(String.raw`\\*"id\\*":\\*"${id}\\*",`, 'g'), '')
        .replaceAll(/\\n *,/g, '')
        .replaceAll(id, `karmada.${region}`)
        .replaceAll('fleets/111122223333/', 'fleets/')
        .replaceAll(',"karmada-eks/name":"karmada"', ''),
    ) as Account['state'];
    Object.assign(account.state, state);
    return account;
  }

  it('keeps its id and its folder, and can be changed and taken away', limit, async () => {
    const account = older();
    const folder = fleetFolder.replace('/111122223333', '');
    await readyStatus(account);
    const again = await succeed(account, smallUp);
    expect(changes(again)).toEqual([]);
    await succeed(account, 'join --create --cluster three --yes');
    expect(idsIn(account)).toEqual(new Set([`karmada.${region}`]));
    expect(Object.keys(account.state.files).some((path) => path.startsWith(fleetFolder))).toBe(false);
    expect(account.state.files[`${folder}/fleet.json`]).toContain('"three"');
    await succeed(account, down);
    expect(resourceIds(account)).toEqual(resourceIds(newMachine()));
    expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
  });

  it('is found by its tags, and by its description, where this machine has no record', limit, async () => {
    const account = older();
    for (const path of Object.keys(account.state.files))
      if (path.includes('/fleets/')) delete account.state.files[path];
    const described = await readyStatus(account, ` ${where}`);
    const { objects } = account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable();
    const { 'configmaps/karmada-system/karmada-eks': mark, ...others } = objects;
    Object.assign(account.state.apis[`eks/${region}/karmada-parent`] ?? {}, { objects: others });
    const traced = await readyStatus(account, ` ${where}`);
    expect([traced, described]).toMatchObject([1, 2].map(() => ({ members: [{ name: 'one' }, { name: 'two' }] })));
    Object.assign(others, { 'configmaps/karmada-system/karmada-eks': mark });
    await succeed(account, `${downById(account)} ${where}`);
    expect(resourceIds(account)).toEqual(resourceIds(newMachine()));
  });
});
