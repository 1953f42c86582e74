/** A fleet made in one account, and credentials of another: whatever is about that fleet is refused before anything is changed. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { said } from '../cli/output.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, kubeconfigPath, newMachine, region, smallUp, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';

const limit = { timeout: 900_000 };
const other = '444455556666';
const where = `--fleet karmada --region ${region}`;
const fleet = smallFleet();

/** The same machine, with the credentials of an account in which there is a VPC of the same name, and nothing else. */
function withOtherCredentials(): Account {
  const before = fleet();
  const account = newAccount({ accountId: other, now: before.now() });
  addVpc(account, { region, name: 'main' });
  Object.assign(account.state.files, before.state.files);
  // Whoever knows the address of a Kubernetes API may knock at it.
  Object.assign(account.state.apis, before.state.apis);
  return account;
}

const changing = [
  `join --cluster shop --yes ${where}`,
  `unjoin one --yes ${where}`,
  `unjoin two --force --delete-cluster --yes ${where}`,
  `demo ${where}`,
  `kubeconfig --merge ${where}`,
  `${down} ${where}`,
];
const reading = [`status ${where}`, `clusters ${where}`, `kubeconfig --print ${where}`];

it.each([...changing, ...reading])('refuses %s', limit, async (words) => {
  const account = withOtherCredentials();
  const files = { ...account.state.files };
  const refused = await cli(account, words);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain(
    `✖ no fleet karmada in ${region} in account ${other}\n  why:  this machine knows a fleet karmada in ${region} in account 111122223333`,
  );
  expect(refused.stderr).toContain('code: wrong-account');
  expect(changes(refused)).toEqual([]);
  expect(refused.stdout).not.toContain('client-key-data');
  expect(account.state.files).toEqual(files);
});

it.each(changing)('finds nothing for %s where nobody knows the fleet', limit, async (words) => {
  const account = withOtherCredentials();
  for (const path of Object.keys(account.state.files)) {
    if (path.startsWith(fleetFolder)) delete account.state.files[path];
  }
  const refused = await cli(account, words);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('code: fleet-not-found')]);
  expect(changes(refused)).toEqual([]);
});

it('is what doctor warns of', limit, async () => {
  const ended = await cli(withOtherCredentials(), `doctor -o json --vpc main ${where}`);
  const { findings } = JSON.parse(ended.stdout) as { findings: { severity: string; what: string }[] };
  const wrong = findings.filter(({ severity }) => severity !== 'ok' && severity !== 'unknown');
  expect(ended.code).toBe(0);
  expect(wrong.map(({ what }) => what)).toEqual([
    expect.stringContaining('this machine knows a fleet karmada in us-west-2 in account 1111'),
  ]);
  expect(changes(ended)).toEqual([]);
});

it('refuses a record that was copied from the folder of another account', limit, async () => {
  const account = withOtherCredentials();
  const record = `${fleetFolder}/fleet.json`;
  account.state.files[record.replace('111122223333', other)] = account.state.files[record] ?? '';
  for (const words of [smallUp, `${down} ${where}`]) {
    const refused = await cli(account, words);
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ fleet karmada was created in account 111122223333, but the credentials are for account 444455556666
        next: 1. use credentials for account 111122223333 (--profile)
              2. or choose another name: --fleet
        code: wrong-account
      exit 3"
    `);
    expect(changes(refused)).toEqual([]);
  }
});

it('finds nothing with the kubeconfigs alone, and changes nothing', limit, async () => {
  const account = withOtherCredentials();
  delete account.state.files[`${fleetFolder}/fleet.json`];
  const refused = await cli(account, `${down} ${where}`);
  expect(refused.code).toBe(3);
  expect(changes(refused)).toEqual([]);
});

it('continues once the credentials are the right ones again', limit, async () => {
  const account = fleet();
  const { accountId, callerArn } = account.state;
  Object.assign(account.state, { accountId: other, callerArn: `arn:aws:iam::${other}:user/you` });
  expect((await cli(account, down)).stderr).toContain('code: wrong-account');
  Object.assign(account.state, { accountId, callerArn });
  await succeed(account, down);
  expect(resourceIds(account)).toEqual(resourceIds(newMachine()));
  expect(account.state.files[kubeconfigPath]).not.toContain('karmada');
});
