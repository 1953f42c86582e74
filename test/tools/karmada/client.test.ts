/** kubectl-karmada's answers as the product takes them; tokens never leave it. */
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import type { Problem } from '../../../src/errors/problem.js';
import { makeKubectlKarmada } from '../../../src/tools/karmada/client.js';
import type { ExecResult } from '../../../src/world/exec.js';
import { recordedAnswer } from '../recorded-answers.js';
import { exited, listening, rejection, scriptedExec } from '../scripted-exec.js';

const api = { kubeconfig: '/k/karmada', context: 'karmada-apiserver' };
const member = { kubeconfig: '/k/m', context: 'm' };
const place = { name: 'm', region: 'eu-west-1', zones: ['eu-west-1a'] };
const token = 'abcdef.0123456789abcdef';
const caHash = `sha256:${'0a'.repeat(32)}`;
const registration = { place, member, endpoint: 'nlb.example:32443', token, caHash };

const client = (answer: ExecResult) => makeKubectlKarmada(scriptedExec(answer).exec);
const register = (answer: ExecResult, call = listening().call) => client(answer).register(registration, call);

it.each([['kubectl karmada version: version.Info{GitVersion:"1.17.3-rc.0", GitCommit:"x"}', '1.17.3-rc.0']])(
  'reads the version from %s',
  async (text, version) => {
    expect(await client(exited(text)).version(listening().call)).toBe(version);
  },
);

it('does not guess a version', async () => {
  await expect(client(exited('karmada 1.18')).version(listening().call)).rejects.toMatchObject({ code: 'tool-output' });
});

it.each([
  `kubectl karmada register 198.51.100.1:32443 --token ${token} --discovery-token-ca-cert-hash ${caHash}`,
  `# Please use the following command\n    kubectl karmada register h:1 --token=${token} \\\n --discovery-token-ca-cert-hash=${caHash}\n`,
])('reads token and CA hash from %j', async (text) => {
  expect(await client(exited(text)).createToken(api, 'why', listening().call)).toEqual({ token, id: 'abcdef', caHash });
});

it.each([
  '',
  `--token ${token}`,
  `--discovery-token-ca-cert-hash ${caHash}`,
  `--token ABCDEF.0123456789abcdef ${caHash}`,
])('finds no token in %j, and does not repeat what was printed', async (text) => {
  const problem = await rejection(client(exited(text)).createToken(api, 'why', listening().call));
  expect(problem).toMatchObject({ code: 'tool-output', why: undefined });
  expect(inspect(problem)).not.toContain('0123456789abcdef');
});

it('registers, and reports the stages', async () => {
  const { call, said } = listening();
  await register(recordedAnswer('kubectl-karmada/register'), call);
  expect(said[0]).toBe('Waiting to perform the TLS Bootstrap');
  expect(said.at(-1)).toBe('Waiting karmada-agent Deployment');
});

it.each<[string, ExecResult]>([
  ['[ERROR] on stdout with status 0', exited(`[preflight]\n[ERROR]: Secret already exists ${token}\n`)],
  ['[ERROR] on stderr with status 0', exited('', { stderr: `\t[ERROR]: Secret already exists ${token}\n` })],
  ['status 1', exited('', { code: 1, stderr: `error: Secret already exists ${token}` })],
])('fails at %s, without the token', async (_, answer) => {
  const problem = (await rejection(register(answer))) as Problem;
  expect(problem).toMatchObject({ code: 'register-failed', message: 'member m could not be registered' });
  expect(problem.why).toMatch(/Secret already exists <token>$/);
  expect(inspect(problem, { depth: 9 })).not.toContain(token);
});

it('lists all errors of the preflight, and only them', async () => {
  const problem = await rejection(register(exited('[preflight] hello\n\t[ERROR]: one\nnoise\n\t[ERROR]: two\n')));
  expect(problem).toMatchObject({ why: '[ERROR]: one; [ERROR]: two' });
});

it.each<ExecResult>([
  { kind: 'timed-out', stdout: `using ${token}`, stderr: '' },
  { kind: 'timed-out', stdout: '', stderr: `using ${token}` },
  { kind: 'cancelled', stdout: token, stderr: token },
  { kind: 'not-found' },
])('keeps the token to itself when register does not end: %j', async (answer) => {
  const problem = await rejection(register(answer));
  expect(problem).toMatchObject({ name: 'Problem' });
  expect(inspect(problem, { depth: 9 })).not.toContain(token);
});

it('keeps a token to itself that was made before something failed', async () => {
  const problem = await rejection(
    client(exited(`--token ${token}`, { code: 1 })).createToken(api, 'why', listening().call),
  );
  expect(problem).toMatchObject({ code: 'tool-failed', why: '--token <token>' });
});

it('reports the stages of init without the prefix of klog', async () => {
  const { call, said } = listening();
  const init = {
    parent: member,
    advertiseAddress: '1',
    certAddresses: [],
    certNames: [],
    dataDir: '/d',
    storageClass: 's',
    replicas: 3,
    standbys: 2,
  };
  const klog = (text: string): string => `I0301 10:00:00.123456   12345 deploy.go:245] ${text}\n`;
  const stdout = `${klog('kubeconfig file: /k/m')}some banner\n${klog('Create karmada ApiServer Deployment')}`;
  await client(exited(stdout)).init(init, call);
  expect(said).toEqual(['Create karmada ApiServer Deployment']);
  await expect(
    client(exited('', { code: 1, stderr: 'x\nerror: nodePort of karmada apiserver 32443 already exist' })).init(
      init,
      call,
    ),
  ).rejects.toMatchObject({
    code: 'karmada-init-failed',
    why: 'x; error: nodePort of karmada apiserver 32443 already exist',
  });
});

it('names the member in what failed', async () => {
  const failing = client(exited('', { code: 1, stderr: 'error: has been registered' }));
  const { call } = listening();
  const why = 'error: has been registered';
  await expect(failing.join(api, member, place, call)).rejects.toMatchObject({
    code: 'join-failed',
    message: 'member m could not be joined',
    why,
  });
  await expect(failing.unjoin(api, member, 'm', call)).rejects.toMatchObject({ code: 'unjoin-failed', why });
  await expect(failing.unregister(api, member, 'm', call)).rejects.toMatchObject({ code: 'unjoin-failed', why });
  await expect(failing.deinit(member, call)).rejects.toMatchObject({ code: 'tool-failed', why });
  await expect(failing.deleteToken(api, 'abcdef', call)).rejects.toMatchObject({ code: 'tool-failed', why });
});

it('lets unjoin wait longer than the tool itself does', async () => {
  const { exec, asked } = scriptedExec(exited());
  await makeKubectlKarmada(exec).unjoin(api, member, 'm', listening().call);
  expect(asked[0]?.timeoutMs).toBeGreaterThan(180_000);
});
