/** `tools install` on a rehearsed machine, and `up` that offers it. */
import { expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import type { Session } from '../../src/commands/shared/session.js';
import { offeringTools } from '../../src/commands/tools-install/offer-tools.js';
import { problemsIn } from '../../src/errors/diagnostic.js';
import { Problem } from '../../src/errors/problem.js';
import { optionTable } from '../../src/options/table.js';
import { findTools } from '../../src/preflight/tool-versions.js';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { ToolVersions } from '../../src/rehearsal/machine/tools.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { defaultToolVersions, installableTools } from '../../src/tools/install/catalogue.js';
import { makeUi } from '../../src/ui/make-ui.js';
import { said } from '../cli/output.js';
import { cli } from '../lifecycle/cli.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';

const bin = '/home/you/.local/share/karmada-eks/bin';
const bare = { tools: {} };
const onlyAws = { tools: { aws: '2.36.7' } };

const installed = (account: Account): readonly string[] =>
  Object.keys(account.state.files)
    .filter((path) => path.startsWith(`${bin}/`))
    .sort();

it('installs all three, in parallel, and says where they are and what else is needed', async () => {
  const account = newAccount();
  const before = account.now();
  const ended = await cli(account, 'tools install', bare);
  expect(ended.code).toBe(0);
  expect(installed(account)).toEqual([`${bin}/eksctl`, `${bin}/kubectl`, `${bin}/kubectl-karmada`]);
  expect(ended.stdout).toContain(`the tools are in ${bin}`);
  expect(ended.stdout).toContain(`export PATH="$PATH:${bin}"`);
  expect(ended.stderr).not.toMatch(/░|downloading/);
  expect(ended.stderr).toContain('the AWS CLI, which provides');
  expect(account.now() - before).toBeLessThan(15_000);
});

it('does nothing the second time, and reports nothing of an AWS CLI that is there', async () => {
  const account = newAccount();
  await cli(account, 'tools install', onlyAws);
  const again = await cli(account, 'tools install', onlyAws);
  expect(again.stderr).toContain(`unchanged: install kubectl 1.35.0 (installed in ${bin})`);
  expect(again.stderr).toContain('0 done, 3 unchanged');
  expect(again.stderr).not.toContain('AWS CLI');
});

it('installs what is named, in the version that is named, where it is named', async () => {
  const account = newAccount();
  const ended = await cli(
    account,
    'tools install --only kubectl,eksctl --kubectl-version v1.34.4 --into tools --json',
    bare,
  );
  expect(ended.code).toBe(0);
  expect(account.state.files['/home/you/tools/kubectl']).toContain('kubectl 1.34.4');
  expect(installed(account)).toEqual([]);
  expect(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '')).toEqual({
    v: 1,
    type: 'tools',
    ok: true,
    tools: [
      { tool: 'kubectl', version: '1.34.4', path: '/home/you/tools/kubectl' },
      { tool: 'eksctl', version: '0.230.0', path: '/home/you/tools/eksctl' },
    ],
  });
});

it.each([
  ['--only docker', '--only: docker cannot be installed'],
  ['--only kubectl,', '--only: an empty name cannot be installed'],
  ['--eksctl-version ../../x', '--eksctl-version: expected a version, got ../../x'],
  ['--kubectl-karmada-version latest', '--kubectl-karmada-version: expected a version, got latest'],
])('refuses %s', async (flags, words) => {
  const account = newAccount();
  const ended = said(await cli(account, `tools install ${flags}`, bare));
  expect(ended).toContain(words);
  expect(ended).toContain('exit 2');
  expect(Object.keys(account.state.files)).toEqual([]);
});

it('names the defaults in its help', () => {
  const helps = {
    eksctl: optionTable.eksctlVersion,
    kubectl: optionTable.kubectlVersion,
    'kubectl-karmada': optionTable.kubectlKarmadaVersion,
  };
  for (const tool of installableTools)
    expect(helps[tool].help).toBe(`version of ${tool} (default: ${defaultToolVersions[tool]})`);
});

it('reports what was altered on the way, and installs the others', async () => {
  const account = newAccount();
  const faults: Fault[] = [{ call: 'http https://dl.k8s.io/*/kubectl', kind: 'garbage' }];
  const ended = await cli(account, 'tools install', { ...bare, faults });
  expect(ended.code).toBe(4);
  expect(said(ended)).toMatchInlineSnapshot(`
    "✖ kubectl 1.35.0 does not match its publisher’s checksum
      why:  SHA-256 of kubectl: expected a2e984a18a0c063279d692533031c1eff93a262afcc0afdc517375432d060989, got 233d4809807d21d1b24ae54639eede42f519dcbe35ca71d51bd051bca59c6a68
      next: 1. run the same command again to download it again
            2. if it happens again, something on the network path alters the download
      code: checksum-mismatch
    exit 4"
  `);
  expect(installed(account)).toEqual([`${bin}/eksctl`, `${bin}/kubectl-karmada`]);
  expect((await cli(account, 'tools install', bare)).code).toBe(0);
  expect(installed(account)).toHaveLength(3);
});

it('stops at the second Ctrl-C, and continues when run again', async () => {
  const account = newAccount();
  const stopped = await cli(account, 'tools install', { ...bare, stopAt: 12 });
  expect(stopped.code).toBe(130);
  expect(installed(account)).toEqual([]);
  expect((await cli(account, 'tools install', bare)).code).toBe(0);
});

it('can be killed at any moment: a program is there whole or not at all', async () => {
  for (let at = 1; at < 60; at += 4) {
    const account = newAccount();
    await cli(account, 'tools install', { ...bare, killAt: at });
    for (const path of installed(account)) expect(account.state.files[path]).toMatch(/^rehearsed \S+ \d+\.\d+\.\d+\n$/);
    expect((await cli(account, 'tools install', bare)).code).toBe(0);
    expect(installed(account)).toHaveLength(3);
  }
});

it('is what makes a plan possible', async () => {
  const account = newAccount();
  addVpc(account, { region: 'us-west-2', name: 'main' });
  const plan = 'plan --region us-west-2 --vpc main --members 1';
  const before = await cli(account, plan, onlyAws);
  expect(said(before)).toContain('karmada-eks tools install --only eksctl');
  expect(before.code).toBe(3);
  await cli(account, 'tools install', onlyAws);
  expect((await cli(account, plan, onlyAws)).code).toBe(0);
});

/** A session in which somebody answers the one question, or nobody sits there. */
function attended(account: Account, tools: ToolVersions, answer: boolean | undefined) {
  const { world } = connect(account, { tools });
  const asked: string[] = [];
  const ui = makeUi(fakeSurroundings(), { json: false, debug: false, now: world.clock.now });
  const confirm: typeof ui.ask.confirm = async ({ message }) => {
    asked.push(message);
    return answer === true;
  };
  const clients = makeClients(world);
  const { signal } = new AbortController();
  const session: Session = {
    version: '0.0.0',
    backupProgram: async () => '',
    clients,
    ui: { ...ui, ask: { ...ui.ask, possible: answer !== undefined, confirm } },
    drain: signal,
    kill: signal,
    stopQuietly: () => undefined,
    listen: () => undefined,
    logInto: () => undefined,
  };
  const work = async (): Promise<string> => {
    const problems = problemsIn((await findTools(clients, { signal })).diagnostics);
    if (problems.length > 0) throw new Problem('plan-refused', { what: 'no', parts: problems });
    return 'went on';
  };
  return { asked, outcome: offeringTools(session, work) };
}

const noTools = { code: 'plan-refused', message: 'no' };

it('up offers what is missing, installs it, and goes on', async () => {
  const account = newAccount();
  const { asked, outcome } = attended(account, { aws: '2.36.7', kubectl: 'v1.34.4' }, true);
  expect(await outcome).toBe('went on');
  expect(asked).toEqual([`Not installed: eksctl 0.230.0, kubectl-karmada 1.18.2. Install into ${bin}`]);
  expect(installed(account)).toEqual([`${bin}/eksctl`, `${bin}/kubectl-karmada`]);
});

it('up refuses when the offer is declined, when nobody is there, and when only the AWS CLI is missing', async () => {
  const account = newAccount();
  const declined = attended(account, onlyAws.tools, false);
  await expect(declined.outcome).rejects.toMatchObject(noTools);
  expect(declined.asked).toHaveLength(1);
  const alone = attended(account, onlyAws.tools, undefined);
  await expect(alone.outcome).rejects.toMatchObject(noTools);
  expect(alone.asked).toEqual([]);
  await cli(account, 'tools install', bare);
  const noAws = attended(account, {}, true);
  await expect(noAws.outcome).rejects.toMatchObject(noTools);
  expect(noAws.asked).toEqual([]);
});

it('replaces no program that somebody else put there', async () => {
  const account = newAccount();
  const path = '/home/you/bin/kubectl';
  account.state.files[path] = '#!/bin/sh\n# my wrapper\n';
  const refused = await cli(account, 'tools install --only kubectl --into /home/you/bin');
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ /home/you/bin/kubectl was not installed by karmada-eks and is not replaced
      next: 1. set another folder: --into
            2. or remove it first: rm /home/you/bin/kubectl
      code: program-in-place
    exit 4"
  `);
  expect(account.state.files[path]).toContain('my wrapper');
  delete account.state.files[path];
  expect((await cli(account, 'tools install --only kubectl --into /home/you/bin')).code).toBe(0);
  expect((await cli(account, 'tools install --only kubectl --kubectl-version 1.34.0 --into /home/you/bin')).code).toBe(
    0,
  );
});
