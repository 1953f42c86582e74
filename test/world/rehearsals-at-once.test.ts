/** Rehearsals as processes on a real disk: two at once, a home that cannot be written to, and an account that is damaged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { triesMore } from '../lifecycle/cases.js';
import { builtProgram } from './built-program.js';
import { tempFolder } from './temp-folder.js';

const limit = { timeout: 120_000 };
const up = (fleet: string, speed: number): readonly string[] =>
  `up --rehearse --speed ${speed} --fleet ${fleet} --members 0 --yes`.split(' ');
let karmadaEks: string;

beforeAll(async () => {
  karmadaEks = await builtProgram();
}, 120_000);

interface Run {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly over: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(args: readonly string[], home: string): Run {
  const env = { PATH: dirname(process.execPath), KARMADA_EKS_HOME: home };
  const child = spawn(process.execPath, [karmadaEks, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (text: Buffer) => {
      said[stream] += text.toString();
    });
  }
  const over = new Promise<Awaited<Run['over']>>((resolve) =>
    child.once('close', (code) => resolve({ code, ...said })),
  );
  return { child, stderr: () => said.stderr, over };
}

async function fleets(home: string): Promise<readonly string[]> {
  const text = await readFile(join(home, 'rehearsal', 'account.json'), 'utf8');
  const { regions } = JSON.parse(text) as { regions: Record<string, { clusters: Record<string, unknown> }> };
  return Object.keys(regions['us-west-2']?.clusters ?? {}).sort();
}

it.runIf(triesMore)('two at once: the second waits, and both fleets are there', limit, async () => {
  const home = await tempFolder();
  const first = start(up('one', 150), home);
  await expect.poll(first.stderr, { timeout: 60_000 }).toMatch(/^\+00:00 \d+ steps/m);
  const second = start(up('two', 600), home);
  await expect.poll(second.stderr, { timeout: 60_000 }).toContain('waiting for it to finish');
  const looked = await start(['status', '--rehearse', '--fleet', 'one'], home).over;
  expect(looked.stderr).toMatch(
    /^rehearsal: .*\n\S+@\S+ \(\d+\) is using the simulated account; showing it as last saved/,
  );
  expect((await first.over).code).toBe(0);
  const { code, stderr } = await second.over;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(
    stderr
      .split('\n')
      .slice(0, 2)
      .join('\n')
      .replace(/\S+@\S+ \(\d+\)/, 'ann@laptop (4711)'),
  ).toMatchInlineSnapshot(`
    "rehearsal: simulated account; nothing in AWS is read or changed
    ann@laptop (4711) is using the simulated account; waiting for it to finish"
  `);
  expect(await fleets(home)).toEqual(['one-parent', 'two-parent']);
  expect(await readdir(join(home, 'rehearsal'))).toEqual(['account.json', 'machine']);
});

it.runIf(triesMore)('continues after a kill -9, with what was kept until then', limit, async () => {
  const home = await tempFolder();
  const first = start(up('one', 60), home);
  await expect.poll(first.stderr, { timeout: 60_000 }).toMatch(/^\+00:00 \d+ steps/m);
  await expect.poll(() => fleets(home).catch(() => []), { timeout: 60_000 }).toEqual(['one-parent']);
  first.child.kill('SIGKILL');
  await first.over;
  expect((await start(up('one', 600), home).over).code).toBe(0);
  expect(await fleets(home)).toEqual(['one-parent']);
});

it.runIf(triesMore)('a home that cannot be made', limit, async () => {
  const file = join(await tempFolder(), 'file');
  await writeFile(file, '');
  const { code, stderr, stdout } = await start(up('one', 600), join(file, 'home')).over;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain('fleet one is up');
  expect(stderr.split('\n').slice(0, 2).join('\n').replaceAll(file, 'FILE')).toMatchInlineSnapshot(`
    "rehearsal: simulated account; nothing in AWS is read or changed
    the simulated account cannot be saved and ends with this command: ENOTDIR: not a directory, mkdir 'FILE/home/rehearsal'"
  `);
});

it.runIf(triesMore)('an account that was cut off', limit, async () => {
  const home = await tempFolder();
  await start(['plan', '--rehearse'], home).over;
  const path = join(home, 'rehearsal', 'account.json');
  await truncate(path, 1000);
  const { code, stderr } = await start(['up', '--rehearse', '--yes'], home).over;
  expect(code).toBe(3);
  expect(stderr.replaceAll(home, 'HOME')).toMatchInlineSnapshot(`
    "rehearsal: simulated account; nothing in AWS is read or changed
    ✖ cannot read the simulated account in HOME/rehearsal/account.json
      why:  Unterminated string in JSON at position 1000
      next: remove the file to start with a new account: rm 'HOME/rehearsal/account.json'
      code: rehearsal-unreadable
    "
  `);
  await writeFile(path, '');
  expect((await start(['complete', '--', 'status', '--rehearse', '--fleet', ''], home).over).stderr).toBe('');
});
