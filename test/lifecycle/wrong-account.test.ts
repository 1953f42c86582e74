/** A fleet made in one account, and credentials of another: refused by every verb before anything is changed. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { resourceIds } from '../../src/rehearsal/resources.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
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
  smallUp,
  `join --cluster shop --yes ${where}`,
  `unjoin one --yes ${where}`,
  `unjoin two --force --delete-cluster --yes ${where}`,
  `demo ${where}`,
  `kubeconfig --merge ${where}`,
  `${down} ${where}`,
];
const reading = [
  `plan --region ${region} --vpc main`,
  `status ${where}`,
  `clusters ${where}`,
  `kubeconfig --print ${where}`,
];

it.each([...changing, ...reading])('refuses %s', limit, async (words) => {
  const account = withOtherCredentials();
  const files = { ...account.state.files };
  const refused = await cli(account, words);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain(
    `fleet karmada was made in account 111122223333, but the credentials are of account ${other}`,
  );
  expect(refused.stderr).toContain('code: wrong-account');
  expect(changes(refused)).toEqual([]);
  expect(refused.stdout).not.toContain('client-key-data');
  expect(account.state.files).toEqual(files);
});

it.each(changing.filter((words) => words !== smallUp))(
  'finds nothing for %s where nobody knows the fleet',
  limit,
  async (words) => {
    const account = withOtherCredentials();
    for (const path of Object.keys(account.state.files)) {
      if (path.startsWith(fleetFolder)) delete account.state.files[path];
    }
    const refused = await cli(account, words);
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('code: fleet-not-found')]);
    expect(changes(refused)).toEqual([]);
  },
);

it('is the one thing that doctor finds wrong', limit, async () => {
  const ended = await cli(withOtherCredentials(), `doctor -o json --vpc main ${where}`);
  const { findings } = JSON.parse(ended.stdout) as { findings: { severity: string; what: string }[] };
  const wrong = findings.filter(({ severity }) => severity !== 'ok' && severity !== 'unknown');
  expect(ended.code).toBe(3);
  expect(wrong.map(({ what }) => what)).toEqual([expect.stringContaining('fleet karmada was made in account 1111')]);
  expect(changes(ended)).toEqual([]);
});

it('finds nothing with the kubeconfigs alone, and changes nothing', limit, async () => {
  const account = withOtherCredentials();
  delete account.state.files[`${fleetFolder}/fleet.json`];
  const refused = await cli(account, `${down} ${where}`);
  expect(refused.code).toBe(3);
  expect(changes(refused)).toEqual([]);
});

it('goes on once the credentials are the right ones again', limit, async () => {
  const account = fleet();
  const { accountId, callerArn } = account.state;
  Object.assign(account.state, { accountId: other, callerArn: `arn:aws:iam::${other}:user/you` });
  expect((await cli(account, down)).stderr).toContain('code: wrong-account');
  Object.assign(account.state, { accountId, callerArn });
  await succeed(account, down);
  expect(resourceIds(account)).toEqual(resourceIds(newMachine()));
  expect(account.state.files[kubeconfigPath]).not.toContain('karmada');
});
