/** What preflight tells through doctor, whole: why it is so, and what to do. Other tests hold when it is told. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addVpc, type VpcVariant } from '../../src/rehearsal/vpcs.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { newMachine, otherRegion, region } from '../lifecycle/fleet.js';

interface Told {
  readonly account: Account;
  readonly words: string;
  readonly options?: RunOptions;
}

function accountWith(variant: VpcVariant): Account {
  const account = newAccount();
  addVpc(account, { region, name: 'main', variant });
  return account;
}

const doctor = `doctor -v --region ${region} --vpc main`;
const soon = { credentialsExpireAt: newAccount().now() + 600_000 };

const all: Readonly<Record<string, Told>> = {
  'all is well': { account: newMachine(), words: `${doctor} --members 0` },
  'nodes with public addresses, and endpoints that are limited': {
    account: newMachine('no-nat'),
    words: `${doctor} --member name=far,region=${otherRegion} --public-access-cidr 192.0.2.10/32`,
  },
  'a machine that is not in the list': {
    account: newMachine(),
    words: `${doctor} --members 0 --public-access-cidr 203.0.113.0/24`,
    options: { publicAddress: '1.2.3.5' },
  },
  'a pull member without a NAT gateway': {
    account: accountWith('no-nat'),
    words: `${doctor} --member name=two,mode=pull`,
  },
  'an internal API, with a pull member in another VPC': {
    account: newMachine(),
    words: `${doctor} --internal --member name=far,region=${otherRegion},vpc=main,mode=pull`,
  },
  'an API that is open to all': { account: newMachine(), words: `${doctor} --members 0 --allow 0.0.0.0/0` },
  'an address that nobody tells': {
    account: newMachine(),
    words: `${doctor} --members 0`,
    options: { publicAddress: null },
  },
  'a Kubernetes in extended support': {
    account: newMachine(),
    words: `${doctor} --members 0 --kubernetes-version 1.31`,
  },
  'a Kubernetes that EKS does not offer': {
    account: newMachine(),
    words: `${doctor} --members 0 --kubernetes-version 1.20`,
  },
  'another Karmada than kubectl-karmada’s': {
    account: newMachine(),
    words: `${doctor} --members 0 --karmada-version 1.17.0`,
  },
  'credentials that end soon': { account: newMachine(), words: `${doctor} --members 0`, options: soon },
  'no programs': { account: newMachine(), words: `${doctor} --members 0`, options: { tools: {} } },
  'a VPC that is not there': { account: newMachine(), words: `doctor --region ${region} --vpc other --members 0` },
  'a VPC in two zones': { account: accountWith('two-azs'), words: `${doctor} --members 0` },
  'a context that is not there': { account: newMachine(), words: `${doctor} --member name=laptop,context=laptop` },
};

it.each(Object.entries(all))('%s', async (name, { account, words, options }) => {
  const { code, stdout, stderr } = await cli(account, words, { ...options, alone: true });
  const lines = stdout.split('\n').filter((line) => name === 'all is well' || !line.startsWith('  ✔'));
  await expect(`$ karmada-eks ${words}\n\n${lines.join('\n')}${stderr}\nexit code ${code}\n`).toMatchFileSnapshot(
    `told/${name.replaceAll(/[^a-zA-Z]+/g, '-')}.txt`,
  );
});
