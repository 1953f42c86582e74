/** A member whose name is given to another cluster: refused while anything of the one before is there, for it would be nobody's. */
import { beforeAll, describe, expect, it } from 'vitest';
import { addTrustedRole, regionKey } from '../../src/rehearsal/account/other-accounts.js';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { triesMore } from './cases.js';
import { cli, type Ended } from './cli.js';
import { changes, down, newMachine, otherRegion, readyStatus, region, succeed } from './fleet.js';

const [other, third] = ['444455556666', '777788889999'];
const fieldsOf = (account: string): string => `vpc=theirs,account=${account},role=fleets`;
const base = `up --region ${region} --vpc main --yes --member name=one`;
const shop = `--member name=shop,${fieldsOf(other)}`;
const moved = `--member name=shop,${fieldsOf(third)}`;

function withOthers(account: Account): Account {
  for (const id of [other, third]) {
    addTrustedRole(account, { account: id, role: 'fleets' });
    for (const each of [region, otherRegion]) addVpc(account, { region: regionKey(id, each), name: 'theirs' });
  }
  return account;
}

function untrusted(account: Account): void {
  delete account.state.accounts?.[other]?.trusts['fleets'];
}

function clustersIn({ state }: Account, id: string, where = region): readonly string[] {
  return Object.keys(state.regions[regionKey(id, where)]?.clusters ?? {});
}

async function refused(account: Account, words: string): Promise<Ended> {
  const ended = await cli(account, words);
  expect([ended.code, changes(ended)], ended.stderr.slice(-800)).toEqual([3, []]);
  return ended;
}

function said({ stderr }: Ended): string {
  return stderr.slice(stderr.indexOf('✖'));
}

let made = '';
beforeAll(async () => {
  const account = withOthers(newMachine());
  await succeed(account, `${base} ${shop}`);
  made = snapshot(account);
}, 60_000);

describe.runIf(triesMore)('a member that the fleet made', () => {
  it('is not given to another account, in the words that lead on, which do', async () => {
    const account = restore(made);
    expect(said(await refused(account, `${base} ${moved}`))).toMatchInlineSnapshot(`
      "✖ member shop is EKS cluster shop in us-west-2 of account 444455556666, and would become EKS cluster shop in us-west-2 of account 777788889999
        why:  the fleet made that cluster: it would be left, and go on costing money
        next: 1. delete that cluster first: karmada-eks unjoin shop --delete-cluster --fleet karmada --region us-west-2
              2. then run the same command again
              3. or give the new member another name: --member name=…
        code: member-foreign
      "
    `);
    await succeed(account, 'unjoin shop --yes --delete-cluster');
    await succeed(account, `${base} ${moved}`);
    await readyStatus(account);
    expect([clustersIn(account, other), clustersIn(account, third)]).toEqual([[], ['shop']]);
  });

  it('can get a neighbour of another name, and goes with the fleet all the same', async () => {
    const account = restore(made);
    await succeed(account, `${base} ${moved.replace('name=shop', 'name=new,cluster=shop')}`);
    expect((await succeed(account, 'status')).stdout).toContain('shop');
    await succeed(account, down);
    expect([clustersIn(account, other), clustersIn(account, third)]).toEqual([[], []]);
  });

  it.each([
    ['another region', `--member name=shop,region=${otherRegion},${fieldsOf(other)}`],
    ['another cluster', `--member name=shop,cluster=mall,${fieldsOf(other)}`],
    ['the fleet’s own account', '--member name=shop'],
  ])('nor is it to be in %s', async (_, member) => {
    const account = restore(made);
    const ended = await refused(account, `${base} ${member}`);
    expect(ended.stderr).toContain('delete that cluster first: karmada-eks unjoin shop --delete-cluster');
    expect((await cli(account, `plan ${base.replace(/^up |--yes /g, '')} ${member}`)).code).toBe(3);
  });

  it('nor by a machine without a record', async () => {
    const account = restore(made);
    const ended = await cli(account, `${base} ${moved}`, { host: 'elsewhere' });
    expect([ended.code, ended.stderr.includes('unjoin shop --delete-cluster')]).toEqual([3, true]);
  });

  it('nor while its role is refused, for then nobody sees whether it is there', async () => {
    const account = restore(made);
    untrusted(account);
    const ended = await refused(account, `${base} ${moved}`);
    expect(ended.stderr).toContain('whether that cluster is still there cannot be seen');
    expect(ended.stderr).toContain('let it trust this identity');
  });

  it('nor once it was let go and its cluster is kept', async () => {
    const account = restore(made);
    await succeed(account, 'unjoin shop --yes');
    await refused(account, `${base} ${moved}`);
    await succeed(account, 'unjoin shop --yes --delete-cluster');
    await succeed(account, `${base} ${moved}`);
    await readyStatus(account);
  });
});

describe.runIf(triesMore)('a run that was killed before its member was made', () => {
  const killed = async (found: (account: Account) => boolean): Promise<Account> => {
    for (let after = 1; ; after += 1) {
      const account = withOthers(newMachine());
      const { commands } = await cli(account, `${base} ${shop}`, { killAfterCommand: after });
      if (found(account)) return account;
      if (commands.length < after) return expect.unreachable('no such moment');
    }
  };

  it('keeps its place where something of it is there', async () => {
    const account = await killed((each) => clustersIn(each, other).includes('shop'));
    await refused(account, `${base} ${moved}`);
    const name = moved.replace('name=shop', 'name=new,cluster=shop');
    await succeed(account, `${base} ${name}`);
    await succeed(account, `${down} --remove-leftovers`);
    expect([clustersIn(account, other), clustersIn(account, third)]).toEqual([[], []]);
  });

  it('gives it up as it is told to', async () => {
    const account = await killed((each) => clustersIn(each, other).includes('shop'));
    const unjoin = 'unjoin shop --yes --delete-cluster';
    // There is no Karmada yet that it could leave: it is told to finish the fleet as it was.
    expect((await cli(account, unjoin)).stderr).toContain('repair it: karmada-eks up --fleet karmada');
    await succeed(account, 'up --yes');
    await succeed(account, unjoin);
    expect(clustersIn(account, other)).toEqual([]);
    await succeed(account, `${base} ${moved}`);
    await readyStatus(account);
  });

  it('does not where nothing is', async () => {
    const account = await killed((each) => clustersIn(each, other).includes('shop'));
    Object.assign(account.state.regions[regionKey(other, region)] ?? {}, { clusters: {}, stacks: [] });
    await succeed(account, `${base} ${moved}`);
    await readyStatus(account);
    expect(clustersIn(account, third)).toEqual(['shop']);
  });
});
