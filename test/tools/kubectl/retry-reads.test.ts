/** Reads by kubectl that are refused for their rate. Times are virtual. */
import { expect, it } from 'vitest';
import { newAccount } from '../../../src/rehearsal/account.js';
import { retryReads } from '../../../src/tools/kubectl/retry-reads.js';
import type { ExecResult } from '../../../src/world/exec.js';
import { exited, scriptedExec } from '../scripted-exec.js';

/** Runs kubectl where it always answers so: how often it was run, how it ended, and after how many s. */
async function ran(args: readonly string[], answer: ExecResult, signal = new AbortController().signal) {
  const account = newAccount({ now: 0 });
  const { exec, asked } = scriptedExec(answer);
  const result = await retryReads(exec, account.clock)({ tool: 'kubectl', args, timeoutMs: 1000, signal });
  return { times: asked.length, result, seconds: account.now() / 1000 };
}

const refused = (stderr: string): ExecResult => exited('', { code: 1, stderr });
const get = ['--kubeconfig=/k', '--context=c', 'get', 'nodes', '--output=json'];

it.each([
  'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (get nodes)',
  'An error occurred (Throttling) when calling the AssumeRole operation (reached max retries: 2): Rate exceeded',
  'Error: api error ThrottlingException: Rate exceeded',
])('tries a read for a minute after: %s', async (stderr) => {
  const answer = refused(stderr);
  expect(await ran(get, answer)).toEqual({ times: 7, result: answer, seconds: 63 });
});

it.each([
  ['a change', ['--context=c', 'delete', 'namespaces', 'get'], refused('Error from server (TooManyRequests)')],
  ['another refusal', get, refused('Error from server (Forbidden): waited for a client-side throttling')],
  ['an answer', get, exited('{}', { stderr: 'Throttling' })],
  ['a program that is not there', get, { kind: 'not-found' } as const],
])('runs %s once', async (_, args, answer) => {
  expect(await ran(args, answer)).toEqual({ times: 1, result: answer, seconds: 0 });
});

it('continues with the answer once there is one', async () => {
  const account = newAccount({ now: 0 });
  const answers = [refused('TooManyRequests'), refused('TooManyRequests'), exited('{}')];
  const exec = retryReads(async () => answers.shift() ?? exited(''), account.clock);
  expect(await exec({ tool: 'kubectl', args: get, timeoutMs: 1000 })).toEqual(exited('{}'));
  expect(account.now()).toBe(3000);
});

it('counts as cancelled when the wait is ended', async () => {
  const stop = new AbortController();
  const account = newAccount({ now: 0 });
  const { exec } = scriptedExec(refused('TooManyRequests'));
  void account.clock.sleep(10_000).then(() => stop.abort());
  const request = { tool: 'kubectl', args: get, timeoutMs: 1000, signal: stop.signal } as const;
  expect(await retryReads(exec, account.clock)(request)).toMatchObject({ kind: 'cancelled' });
  expect(account.now()).toBe(10_000);
});
