/** Completion: what a shell is offered while a command is typed, and the scripts that ask for it. */
import { expect, it } from 'vitest';
import { readyFleet } from '../commands/status/machines.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { newMachine } from '../lifecycle/fleet.js';
import { said } from './output.js';

/** The values that are offered for the last word. */
async function offered(words: readonly string[], options?: RunOptions, account = newMachine()): Promise<string[]> {
  const { code, stdout, stderr } = await cli(account, ['complete', '--', ...words], { alone: true, ...options });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines.slice(-2)).toEqual([':4', '']);
  return lines.slice(0, -2).map((line) => line.split('\t')[0] ?? '');
}

it('offers commands, and the two words of a command one after the other', async () => {
  expect(await offered([''])).toEqual(expect.arrayContaining(['up', 'plan', 'status', 'demo', 'down', 'completion']));
  expect(await offered(['st'])).toEqual(['status']);
  expect(await offered(['tools', ''])).toContain('install');
});

it('offers the flags of a command, and no others', async () => {
  const flags = await offered(['status', '--']);
  expect(flags).toEqual(
    expect.arrayContaining(['--fleet', '--wait', '--timeout', '--watch', '--output', '--rehearse']),
  );
  expect(flags).not.toContain('--vpc');
  expect(await offered(['up', '--inst'])).toEqual(['--instance-type']);
  expect(await offered(['access', 'kubeconfig', '--us'])).toEqual(['--user']);
});

it('offers formats and regions', async () => {
  expect(await offered(['status', '-o', ''])).toEqual(['text', 'wide', 'json', 'yaml']);
  expect(await offered(['up', '--region', 'eu-w'])).toEqual(['eu-west-1', 'eu-west-2']);
});

it('offers the fleets that this machine knows, and their members', async () => {
  const account = await readyFleet();
  expect(await offered(['status', '--fleet', ''], {}, account)).toEqual(['karmada']);
  expect(await offered(['status', '--fleet=k'], {}, account)).toEqual(['karmada']);
  expect(await offered(['down', '--confirm', ''], {}, account)).toEqual(['karmada']);
  expect(await offered(['up', '--member', ''], {}, account)).toEqual(['name=one', 'name=two']);
  expect(await offered(['unjoin', ''], {}, account)).toEqual(['one', 'two']);
  expect(await offered(['unjoin', 'one', 'tw'], {}, account)).toEqual(['two']);
  expect(await offered(['up', '--fleet', 'other', '--member', ''], {}, account)).toEqual([]);
  expect(await offered(['members', 'rotate-token', ''], {}, account)).toEqual(['one']);
});

it('offers the VPCs of the region that is named, on the line or in the environment', async () => {
  expect(await offered(['up', '--region', 'us-west-2', '--vpc', ''])).toEqual(['main']);
  expect(await offered(['up', '--vpc', 'ma'], { vars: { AWS_REGION: 'eu-west-1' } })).toEqual(['main']);
  expect(await offered(['up', '--vpc', ''])).toEqual([]);
});

it('offers a VPC by its id when its name would not do', async () => {
  const account = newMachine();
  for (const { tags } of account.state.regions['us-west-2']?.vpcs ?? []) tags['Name'] = 'two words';
  expect(await offered(['up', '--region', 'us-west-2', '--vpc', ''], {}, account)).toEqual(['vpc-00000000000000001']);
});

it.each(['fail', 'expired', 'hang'] as const)('offers nothing when AWS does not respond: %s', async (kind) => {
  const account = newMachine();
  const from = account.state.now;
  const faults = [{ call: 'aws ec2:*', kind, times: -1 }] as const;
  expect(await offered(['up', '--region', 'us-west-2', '--vpc', ''], { faults }, account)).toEqual([]);
  expect(account.state.now - from).toBeLessThanOrEqual(2_000);
});

it('asks AWS nothing for what does not need it', async () => {
  const { calls } = await cli(await readyFleet(), ['complete', '--', 'status', '--fleet', '']);
  expect(calls.filter(({ key }) => !key.startsWith('file '))).toEqual([]);
});

it.each([
  ['bash', 'complete -F __karmada_eks_complete karmada-eks'],
  ['zsh', '#compdef karmada-eks'],
  ['fish', 'complete -c karmada-eks'],
])('prints a script for %s', async (shell, line) => {
  const { code, stdout } = await cli(newMachine(), ['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain(line);
  expect(stdout).toContain('karmada-eks complete -- ');
});

it('refuses a shell that there is no script for', async () => {
  expect(said(await cli(newMachine(), 'completion tcsh'))).toMatchInlineSnapshot(`
    "✖ shell: expected one of bash, zsh, fish, got "tcsh"
      next: run 'karmada-eks completion --help' for usage
      code: invalid-usage
    exit 2"
  `);
});
