/** What becomes of a program that ends, and of one that does not. */
import { expect, it } from 'vitest';
import { commandSummary, lastLines, run, toolFailed } from '../../src/tools/run.js';
import type { Command } from '../../src/world/exec.js';
import { exited, listening, scriptedExec } from './scripted-exec.js';

const command: Command = { tool: 'kubectl', args: ['--context=secret', 'get', 'pods', 'x', 'y', '--all'], stdin: 'in' };
const start = (answer: Parameters<typeof scriptedExec>[0]) =>
  run(scriptedExec(answer).exec, command, 120_000, listening().call);

it('hands the command down as it is, with its limit and the way to stop it', async () => {
  const { exec, asked } = scriptedExec(exited());
  const { call } = listening();
  await run(exec, command, 120_000, call);
  expect(asked).toEqual([{ ...command, timeoutMs: 120_000, signal: call.signal }]);
});

it('takes an exit for an answer, whatever its status', async () => {
  expect(await start(exited('out', { code: 3, stderr: 'err' }))).toMatchObject({
    code: 3,
    stdout: 'out',
    stderr: 'err',
  });
});

it.each([
  [{ kind: 'not-found' }, 'tool-missing', 'kubectl is not on PATH'],
  [
    { kind: 'timed-out', stdout: 'out', stderr: 'a\nb\n' },
    'tool-timed-out',
    'kubectl get pods x did not finish within 2 minutes',
  ],
  [{ kind: 'cancelled', stdout: '', stderr: '' }, 'interrupted', 'kubectl get pods x was stopped'],
] as const)('turns %j into a Problem', async (answer, code, message) => {
  await expect(start(answer)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

it('reports why in the last words of stderr, else of stdout', async () => {
  await expect(start({ kind: 'timed-out', stdout: 'out', stderr: '1\n2\n3\n4\n' })).rejects.toMatchObject({
    why: '2; 3; 4',
  });
  await expect(start({ kind: 'timed-out', stdout: 'out', stderr: ' \n' })).rejects.toMatchObject({ why: 'out' });
  expect(toolFailed(command, { code: 1, stdout: 'out', stderr: '' })).toMatchObject({
    code: 'tool-failed',
    message: 'kubectl get pods x failed with exit status 1',
    why: 'out',
  });
});

it('shows a command by its words, never by its values', () => {
  expect(commandSummary(command)).toBe('kubectl get pods x');
  expect(commandSummary({ tool: 'kubectl-karmada', args: ['register', 'h:1', '--token=abc'] })).toBe(
    'kubectl-karmada register h:1',
  );
});

it('joins the last lines of a text', () => {
  expect([lastLines('a\nb\n\n', 1), lastLines('a\nb', 5), lastLines('')]).toEqual(['b', 'a; b', '']);
});
