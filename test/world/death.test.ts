/** The real program as a process: its terminal closed, its reader gone, its disk full, signals while a real program runs. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { inThisRun, triesMore } from '../lifecycle/cases.js';
import { builtProgram } from './built-program.js';
import { program, tempFolder } from './temp-folder.js';

const limit = { timeout: 60_000 };
const hasPython = spawnSync('python3', ['--version']).status === 0;
const up = 'up --rehearse --speed 600 --region us-west-2 --vpc karmada-vpc --members 1'.split(' ');
let karmadaEks: string;

beforeAll(async () => {
  karmadaEks = await builtProgram();
}, 120_000);

/** Opens a terminal, starts a program in it, and closes it once a text has come; prints the status in the end. */
const inTerminal = `
import os, pty, sys
until, argv = sys.argv[1].encode(), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
seen = b''
while until not in seen:
    seen += os.read(fd, 4096)
os.close(fd)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

async function home(): Promise<NodeJS.ProcessEnv> {
  const none = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
  return { ...none, PATH: dirname(process.execPath), KARMADA_EKS_HOME: await tempFolder() };
}

function start(args: readonly string[], env: NodeJS.ProcessEnv, stdout: 'pipe' | number = 'pipe'): ChildProcess {
  const child = spawn(process.execPath, [karmadaEks, ...args], { env, stdio: ['ignore', stdout, 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function status(env: NodeJS.ProcessEnv): Promise<{ readonly ready: boolean }> {
  const asked = spawnSync(process.execPath, [karmadaEks, 'status', '--rehearse', '-o', 'json'], {
    env,
    encoding: 'utf8',
  });
  return JSON.parse(asked.stdout) as { ready: boolean };
}

/** When the terminal is closed: once it shows a text, after some words. */
type Closing = readonly [when: string, shown: string, words: readonly string[]];

const closings: readonly Closing[] = [
  ['at the last question', 'Proceed', up],
  ['at the first question', '?', ['up', '--rehearse']],
  ...(triesMore ? ([['while a run goes on', 'list prices of', [...up, '--yes']]] as const) : []),
];

it.runIf(hasPython).each(inThisRun(closings))(
  'ends in order when its terminal is closed %s',
  limit,
  async (_, until, args) => {
    const env = await home();
    const words = ['-c', inTerminal, until, process.execPath, karmadaEks, ...args];
    const python = spawn('python3', words, { env: { ...process.env, ...env, TERM: 'xterm', CI: '' } });
    let printed = '';
    python.stdout.on('data', (text: Buffer) => {
      printed += text.toString();
    });
    expect(await ended(python)).toEqual({ code: 0, signal: null });
    expect(printed).toBe('130\n');
    if (!args.includes('--yes')) return;
    expect(await status(env)).toMatchObject({ ready: false });
    expect((await ended(start([...up, '--yes'], env))).code).toBe(0);
    expect(await status(env)).toMatchObject({ ready: true });
  },
);

it.runIf(triesMore)('continues to its end when nobody reads what it says', limit, async () => {
  const env = await home();
  const child = start([...up, '--yes'], env);
  child.stderr?.once('data', () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  const end = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  expect(await end).toBe(0);
  expect(await status(env)).toMatchObject({ ready: true });
});

it.runIf(triesMore).each([
  ['plan', '--rehearse', '--commands'],
  ['completion', 'bash'],
])('reports nothing when the reader of %s is gone', limit, async (...args) => {
  const child = start(args, await home());
  child.stdout?.destroy();
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  expect(await ended(child)).toEqual({ code: 0, signal: null });
  expect(said).not.toMatch(/EPIPE|Error| {4}at /);
});

it.runIf(triesMore && existsSync('/dev/full'))(
  'does not end well when what was asked for could not be written',
  limit,
  async () => {
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    expect(await ended(start(['plan', '--rehearse'], await home(), full.fd))).toEqual({ code: 4, signal: null });
  },
);

/** Whatever is asked of the programs, the first waits until it is ended; what it does is told by files in the folder. */
async function withSlowTool(): Promise<{ readonly env: NodeJS.ProcessEnv; readonly folder: string }> {
  const folder = await tempFolder();
  const script = `
    const { writeFileSync } = require('node:fs');
    process.on('SIGTERM', () => { writeFileSync('${folder}/told', ''); process.exit(143); });
    for (const signal of ['SIGHUP', 'SIGINT']) process.on(signal, () => writeFileSync('${folder}/reached', ''));
    writeFileSync('${folder}/started', '');
    setInterval(() => {}, 1000);`;
  await mkdir(join(folder, 'bin'));
  await program(join(folder, 'bin', 'eksctl'), script);
  const env = await home();
  return { env: { ...env, PATH: [join(folder, 'bin'), env['PATH']].join(delimiter) }, folder };
}

it.each(triesMore ? (['SIGHUP', 'SIGINT', 'SIGTERM'] as const) : (['SIGTERM'] as const))(
  'lets a real program run at the first %s, and ends it at the second',
  limit,
  async (signal) => {
    const { env, folder } = await withSlowTool();
    const child = start(['doctor', '--region', 'us-west-2'], env);
    const over = ended(child);
    await expect.poll(() => existsSync(join(folder, 'started')), { timeout: 20_000 }).toBe(true);
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.kill(signal);
    await expect.poll(() => said, { timeout: 20_000 }).toContain('press Ctrl-C again to abort them');
    expect(existsSync(join(folder, 'told'))).toBe(false);
    child.kill(signal);
    expect(await over).toEqual({ code: 130, signal: null });
    expect([existsSync(join(folder, 'told')), existsSync(join(folder, 'reached'))]).toEqual([true, false]);
  },
);

it.runIf(triesMore).each([0o000, 0o077])(
  'keeps what it and its programs write to its user, under umask %o',
  limit,
  async (mask) => {
    const { env, folder } = await withSlowTool();
    const before = process.umask(mask);
    onTestFinished(() => void process.umask(before));
    const child = start(['doctor', '--region', 'us-west-2'], env);
    const over = ended(child);
    await expect.poll(() => existsSync(join(folder, 'started')), { timeout: 20_000 }).toBe(true);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    await over;
    expect(((await stat(join(folder, 'started'))).mode & 0o777).toString(8)).toBe('600');
    expect((await ended(start([...up, '--yes'], env))).code).toBe(0);
    const data = env['KARMADA_EKS_HOME'] ?? '';
    const modes = await Promise.all(
      (await readdir(data, { recursive: true })).map(async (name) => {
        const { mode } = await stat(join(data, name));
        return [name, (mode & 0o777).toString(8)];
      }),
    );
    const logs = modes.filter(([name = '']) => name.startsWith('rehearsal/machine'));
    expect(new Set(logs.map(([name = '', mode]) => `${name.endsWith('.log') ? 'log' : 'folder'} ${mode}`))).toEqual(
      new Set(['folder 700', 'log 600']),
    );
    expect(modes.filter((each) => !logs.includes(each))).toEqual([
      ['rehearsal', '700'],
      ['rehearsal/account.json', '600'],
    ]);
  },
);
