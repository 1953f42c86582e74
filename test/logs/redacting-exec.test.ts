/** What failed programs printed is told without secrets; what others answered is left alone. */
import { expect, it } from 'vitest';
import { redactingExec } from '../../src/logs/redacting-exec.js';
import type { ExecResult } from '../../src/world/exec.js';

const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKC'.repeat(5)}\n-----END RSA PRIVATE KEY-----`;
const printed = { stdout: `token abcdef.0123456789abcdef`, stderr: `error: bad key ${key}\n` };

const told = (result: ExecResult) =>
  redactingExec(() => Promise.resolve(result))({ tool: 'kubectl', args: [], timeoutMs: 1 });

it.each<ExecResult>([
  { kind: 'exited', code: 1, ...printed },
  { kind: 'timed-out', ...printed },
  { kind: 'cancelled', ...printed },
])('tells no secret: $kind', async (result) => {
  expect(await told(result)).toEqual({
    ...result,
    stdout: 'token abcdef.<hidden>',
    stderr: 'error: bad key <hidden> private key\n',
  });
});

it.each<ExecResult>([{ kind: 'exited', code: 0, ...printed }, { kind: 'not-found' }])(
  'hands on an answer: $kind',
  async (result) => {
    expect(await told(result)).toBe(result);
  },
);

it.each([
  ['kubectl-karmada', 'token create', printed.stdout],
  ['kubectl-karmada', 'register', 'token abcdef.<hidden>'],
  ['eksctl', 'version', 'token abcdef.<hidden>'],
] as const)('tells of what %s %s printed when it ended well what was asked for', async (tool, words, stdout) => {
  const exec = redactingExec(() => Promise.resolve({ kind: 'exited', code: 0, ...printed }));
  expect(await exec({ tool, args: words.split(' '), timeoutMs: 1 })).toMatchObject({ stdout });
});
