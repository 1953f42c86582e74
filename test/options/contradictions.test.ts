/** Flags of which one makes the other pointless: refused before anything is read, for whoever wrote both expects both. */
import { expect, it } from 'vitest';
import { said } from '../cli/output.js';
import { cli, type RunOptions } from '../lifecycle/cli.js';
import { newMachine, region } from '../lifecycle/fleet.js';

/** Runs, expects that neither AWS nor a program was asked, and answers what the user reads. */
async function refused(words: string, vars: RunOptions['vars'] = {}): Promise<string> {
  const ended = await cli(newMachine(), words, { vars });
  expect(ended).toMatchObject({ code: 2, calls: [] });
  return said(ended).replace(/\n {2}code: invalid-value\nexit 2$/, '');
}

it.each([
  ['plan --iam-policy --commands', '--commands and --iam-policy: expected one of them, got both'],
  ['plan --iam-policy --details', '--details and --iam-policy: expected one of them, got both'],
  ['kubeconfig --use-context', '--use-context requires --merge'],
  ['kubeconfig --use-context --print', '--use-context requires --merge'],
  ['status --timeout 5m', '--timeout requires --wait'],
  ['status --region us-west-2 --region eu-west-1', '--region: expected one value, got "us-west-2" and "eu-west-1"'],
  ['up --yes --members 2 --member name=a', '--members and --member: expected one of them, got both'],
  [
    'tools install --only kubectl --eksctl-version 0.230.0',
    '--eksctl-version: expected eksctl to be installed, got --only kubectl',
  ],
  [
    'unjoin a --keep-workloads --remove-workloads',
    '--keep-workloads and --remove-workloads: expected one of them, got both',
  ],
])('%s', async (words, text) => {
  expect(await refused(words)).toContain(`✖ ${text}\n  next: `);
});

it.each(['plan', 'status', 'clusters', 'doctor'])('%s in two formats', async (command) => {
  const { code, stdout, stderr, calls } = await cli(newMachine(), `${command} -o text --json`);
  expect({ code, stderr, calls }).toEqual({ code: 2, stderr: '', calls: [] });
  expect(JSON.parse(stdout)).toMatchObject({
    problem: { what: '--output and --json: expected one of them, got both', next: ['omit --output or --json'] },
  });
});

it('a flag goes before the variable that it contradicts', async () => {
  const words = `plan --region ${region} --vpc main`;
  const vars = { KARMADA_EKS_JSON: 'yes' };
  const { code, stdout } = await cli(newMachine(), `${words} -o yaml`, { vars });
  expect([code, stdout.slice(0, 6)]).toEqual([0, 'fleet:']);
  const asLines = await cli(newMachine(), `${words} --json`, { vars: { KARMADA_EKS_OUTPUT: 'yaml' } });
  expect([asLines.code, asLines.stdout.slice(0, 2)]).toEqual([0, '{"']);
  const policy = await cli(newMachine(), `${words} --iam-policy`, { vars: { KARMADA_EKS_DETAILS: 'yes' } });
  expect(JSON.parse(policy.stdout)).toMatchObject([{ Statement: expect.anything() as unknown }, {}]);
});
