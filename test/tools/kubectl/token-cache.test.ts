/** Tokens in the place of the AWS CLI, on a rehearsed machine. Times are virtual. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../../src/rehearsal/account.js';
import { connect, type ProcessOptions } from '../../../src/rehearsal/machine/connect.js';
import { type EksUser, kubeconfigText } from '../../../src/tools/kubectl/kubeconfig.js';
import { cachedTokens } from '../../../src/tools/kubectl/token-cache.js';
import type { ExecRequest } from '../../../src/world/exec.js';
import { exited, scriptedExec } from '../scripted-exec.js';

const home = '/home/you/.local/share/karmada-eks';
const own = `${home}/kubeconfigs/demo.json`;
const minute = 60_000;

function eks(more: Partial<EksUser> = {}): string {
  const user: EksUser = { kind: 'eks', cluster: 'demo', region: 'us-west-2', profile: undefined, ...more };
  return kubeconfigText({ context: 'demo', server: 'https://demo', caData: 'Y2E=', user });
}

function started(text: string, options: ProcessOptions = {}, account = newAccount()) {
  account.state.files[own] = text;
  const { exec, asked } = scriptedExec(exited(''));
  const tokens = cachedTokens({ ...connect(account, options).world, exec });
  const run = async (more: Partial<ExecRequest> = {}): Promise<readonly string[]> => {
    const args = [`--kubeconfig=${own}`, '--context=demo', 'get', 'nodes'];
    await tokens.exec({ tool: 'kubectl', args, timeoutMs: 2 * minute, ...more });
    return asked.at(-1)?.args ?? [];
  };
  return { account, tokens, run };
}

function tokenFiles({ state }: Account): readonly string[] {
  return Object.keys(state.files).filter((path) => path.startsWith(`${home}/tokens/`));
}

/** The file that kubectl was given. */
function given(args: readonly string[]): string {
  return /=(.*)/.exec(args[0] ?? '')?.[1] ?? '';
}

it('gives kubectl the same cluster with a token, and one file for many calls', async () => {
  const { account, run } = started(eks());
  const [first, second] = await Promise.all([run(), run()]);
  expect(first.slice(1)).toEqual(['--context=demo', 'get', 'nodes']);
  expect(given(first)).toBe(given(second));
  expect(tokenFiles(account)).toEqual([given(first)]);
  const copy = JSON.parse(account.state.files[given(first)] ?? '') as object;
  expect(copy).toEqual({
    ...JSON.parse(eks()),
    users: [{ name: 'demo-aws', user: { token: expect.stringMatching(/^k8s-aws-v1\.[\w-]+$/) } }],
  });
  expect(account.state.files[own]).toBe(eks());
});

it('gives members of Karmada tokens too', async () => {
  const { run } = started(eks());
  const args = [`--cluster-kubeconfig=${own}`, '--kubeconfig=/karmada', 'join', 'demo'];
  const [member, ...others] = await run({ tool: 'kubectl-karmada', args });
  expect(member).toMatch(/^--cluster-kubeconfig=.*\/tokens\//);
  expect(others).toEqual(args.slice(1));
});

it('makes a new token before the old one ends under a command', async () => {
  const { account, run } = started(eks());
  const first = given(await run());
  await account.clock.sleep(11 * minute);
  expect(given(await run())).toBe(first);
  await account.clock.sleep(minute);
  const second = given(await run());
  expect(second).not.toBe(first);
  expect(tokenFiles(account)).toEqual([first, second]);
});

it('removes its files at the end, and what a killed process left when its time is over', async () => {
  const killed = started(eks());
  await killed.run();
  const beside = started(eks(), {}, killed.account);
  await beside.run();
  expect(tokenFiles(beside.account)).toHaveLength(2);
  await beside.tokens.forget();
  expect(tokenFiles(beside.account)).toHaveLength(1);
  await beside.account.clock.sleep(20 * minute);
  const later = started(eks(), {}, killed.account);
  await later.run();
  await later.tokens.forget();
  expect(tokenFiles(later.account)).toEqual([]);
});

it.each<[string, string, ProcessOptions, Partial<ExecRequest>]>([
  ['a command that may outlast a token', eks(), {}, { timeoutMs: 40 * minute }],
  ['credentials that have ended', eks(), { credentialsExpireAt: 0 }, {}],
  ['credentials that end before the command', eks(), { credentialsExpireAt: newAccount().now() + minute }, {}],
  ['another profile', eks({ profile: 'other' }), { vars: { AWS_PROFILE: 'mine' } }, {}],
  ['an exec plugin of others', eks().replace('"json"', '"text"'), {}, {}],
  ['no kubeconfig', 'clusters: []\n', {}, {}],
  ['another program', eks(), {}, { tool: 'eksctl' }],
])('leaves %s alone', async (_, text, options, request) => {
  const { run } = started(text, options);
  expect(given(await run(request))).toBe(own);
});
