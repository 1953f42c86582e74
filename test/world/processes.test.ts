/** The processes of this machine: which one this is, and whether another one still runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { realProcesses } from '../../src/world/real/programs/processes.js';

const hasProc = existsSync('/proc/self/stat');

/** A program that runs until it is ended. */
function sleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, pid: child.pid ?? 0 };
}

it('knows this process, and that it runs', async () => {
  const processes = realProcesses();
  const own = await processes.own();
  expect(own).toMatchObject({ machine: expect.stringMatching(/^[\da-f]{16}$/), pid: process.pid });
  expect(await realProcesses().own()).toEqual(own);
  expect(await processes.stateOf(own)).toBe(hasProc ? 'running' : 'unknown');
});

it('does not know about processes of another machine', async () => {
  const processes = realProcesses();
  const own = await processes.own();
  expect(await processes.stateOf({ ...own, machine: 'another' })).toBe('unknown');
});

it('knows that a process has ended, also before anybody has waited for it', async () => {
  const { child, pid } = sleeper();
  const other = await realProcesses(pid).own();
  const processes = realProcesses();
  expect(await processes.stateOf(other)).toBe(hasProc ? 'running' : 'unknown');
  child.kill('SIGSTOP');
  expect(await processes.stateOf(other)).not.toBe('ended');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await processes.stateOf(other)).toBe('ended');
});

it.runIf(hasProc)('tells a process from a later one of the same number', async () => {
  const { pid } = sleeper();
  const other = await realProcesses(pid).own();
  expect(Number(other.start)).toBeGreaterThan(0);
  expect(await realProcesses().stateOf({ ...other, start: '1' })).toBe('ended');
});

it('does not take a process for dead whose start nobody noted', async () => {
  const { pid } = sleeper();
  const other = await realProcesses(pid).own();
  expect(await realProcesses().stateOf({ ...other, start: '' })).toBe('unknown');
});

it.runIf(hasProc)('knows a dead process that nobody has waited for', async () => {
  // The shell does not wait for its child, which ends at once.
  const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void shell.kill('SIGKILL'));
  const [text] = (await once(shell.stdout, 'data')) as [Buffer];
  const dead = await realProcesses(Number(text.toString())).own();
  await expect.poll(() => realProcesses().stateOf(dead)).toBe('ended');
});
