/** The real exec, with real child processes. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ExecRequest, OutputLine } from '../../src/world/exec.js';
import { type RoleVariables, realExec } from '../../src/world/real/programs/exec.js';
import { program, tempFolder } from './temp-folder.js';

/** Only Linux shows processes as files. */
const hasProc = existsSync('/proc/self/stat');

/** Runs a script as kubectl, with a grace of 300 ms. */
async function kubectl(
  script: string,
  request: Partial<ExecRequest> = {},
  vars: Record<string, string> = {},
  asRole?: RoleVariables,
) {
  const folder = await tempFolder();
  const bin = join(folder, 'bin');
  const workingDir = join(folder, 'work');
  await mkdir(bin);
  await mkdir(workingDir);
  await program(join(bin, 'kubectl'), script);
  const environment = {
    vars: { PATH: bin, ...vars },
    homeDir: '/home/nobody',
    workingDir,
    dataDir: folder,
    owner: 'me',
    runtime: 'Node.js',
  };
  return await realExec(environment, { graceMs: 300, ...(asRole && { asRole }) })({
    tool: 'kubectl',
    args: [],
    timeoutMs: 15_000,
    ...request,
  });
}

it('hands over arguments as they are and returns both streams and the code', async () => {
  const args = ['a b', '$HOME', '*', '', '"', "it's", '; echo x', 'é漢'];
  const script = 'console.log(JSON.stringify(process.argv.slice(2))); console.error("oh"); process.exit(3)';
  const result = await kubectl(script, { args });
  expect(result).toEqual({ kind: 'exited', code: 3, stdout: `${JSON.stringify(args)}\n`, stderr: 'oh\n' });
});

it('keeps output as it is when the last line has no end', async () => {
  const result = await kubectl('process.stdout.write("a\\r\\n\\nb")');
  expect(result).toMatchObject({ stdout: 'a\r\n\nb' });
});

it('passes text to standard input', async () => {
  const result = await kubectl('process.stdin.pipe(process.stdout)', { stdin: '{"kind":"ClusterConfig"}' });
  expect(result).toMatchObject({ code: 0, stdout: '{"kind":"ClusterConfig"}' });
});

it('streams a file to standard input', async () => {
  const path = join(await tempFolder(), 'bytes');
  await writeFile(path, Buffer.alloc(3_000_000, 0xff));
  const script = "let n = 0; process.stdin.on('data', (d) => { n += d.length; }).on('end', () => console.log(n))";
  expect(await kubectl(script, { stdinFile: path })).toMatchObject({ code: 0, stdout: '3000000\n' });
});

it('names the file that it cannot stream, and starts nothing', async () => {
  const folder = await tempFolder();
  const started = join(folder, 'started');
  const script = `require('node:fs').writeFileSync(${JSON.stringify(started)}, '')`;
  const missing = join(folder, 'none');
  await expect(kubectl(script, { stdinFile: missing })).rejects.toMatchObject({
    code: 'file-failed',
    message: `could not read ${missing}`,
  });
  expect(existsSync(started)).toBe(false);
  await expect(kubectl('process.stdin.resume()', { stdinFile: folder })).rejects.toMatchObject({
    code: 'file-failed',
    message: `could not read ${folder}`,
  });
});

it('gives an empty standard input when there is no text', async () => {
  const result = await kubectl('process.stdin.resume().on("end", () => console.log("end"))');
  expect(result).toMatchObject({ code: 0, stdout: 'end\n' });
});

it('survives a program that does not read its input', async () => {
  const result = await kubectl('process.exit(0)', { stdin: 'x'.repeat(2_000_000) });
  expect(result).toMatchObject({ kind: 'exited', code: 0 });
});

it('shows lines while the program runs, without their ends', async () => {
  const lines: OutputLine[] = [];
  const abort = new AbortController();
  const script = 'console.log("one\\r"); console.error("two"); setInterval(() => {}, 1000)';
  const onLine = (line: OutputLine): void => {
    lines.push(line);
    if (lines.length === 2) abort.abort();
  };
  const result = await kubectl(script, { onLine, signal: abort.signal });
  expect(lines).toHaveLength(2);
  expect(lines).toContainEqual({ stream: 'stdout', text: 'one' });
  expect(lines).toContainEqual({ stream: 'stderr', text: 'two' });
  expect(result).toEqual({ kind: 'cancelled', stdout: 'one\r\n', stderr: 'two\n' });
});

it('answers 128 + n for a program that a signal ended', async () => {
  const result = await kubectl('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)');
  expect(result).toMatchObject({ kind: 'exited', code: 137 });
});

it('answers not-found for a program that is not on PATH', async () => {
  expect(await kubectl('', { tool: 'eksctl' })).toEqual({ kind: 'not-found' });
});

it('does not start a program for a run that is already over', async () => {
  expect(await kubectl('', { signal: AbortSignal.abort() })).toEqual({ kind: 'cancelled', stdout: '', stderr: '' });
});

it('ends a program that takes too long, and keeps what it said', async () => {
  const result = await kubectl('console.log("hello"); setInterval(() => {}, 1000)', { timeoutMs: 3000 });
  expect(result).toEqual({ kind: 'timed-out', stdout: 'hello\n', stderr: '' });
});

it('kills a program that ignores SIGTERM', async () => {
  const abort = new AbortController();
  const script = 'process.on("SIGTERM", () => console.log("no")); setInterval(() => {}, 1000); console.log("up")';
  const result = await kubectl(script, { signal: abort.signal, onLine: () => abort.abort() });
  expect(result).toEqual({ kind: 'cancelled', stdout: 'up\nno\n', stderr: '' });
});

it.runIf(hasProc).each([
  ['in its group', false],
  ['that left its group and holds its output', true],
])('does not wait for a grandchild %s', async (_, detached) => {
  const abort = new AbortController();
  const grandchild = 'process.on("SIGTERM", () => {}); console.log(process.pid); setTimeout(() => {}, 8000)';
  const options = `{ stdio: "inherit", detached: ${detached} }`;
  const script = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], ${options})`;
  const started = Date.now();
  const result = await kubectl(script, { signal: abort.signal, onLine: () => abort.abort() });
  expect(Date.now() - started).toBeLessThan(6000);
  expect(result.kind).toBe('cancelled');
  const pid = result.kind === 'cancelled' ? Number(result.stdout) : 0;
  if (detached) process.kill(pid, 'SIGKILL');
  await sleep(200);
  expect(await isRunning(pid)).toBe(false);
});

it.runIf(hasProc)('runs programs in a group of their own, away from the Ctrl-C of the terminal', async () => {
  const script = 'console.log(require("node:fs").readFileSync("/proc/self/stat", "utf8").split(" ")[4], process.pid)';
  const result = await kubectl(script);
  const [group, pid] = result.kind === 'exited' ? result.stdout.trim().split(' ') : [];
  expect(group).toBe(pid);
});

it('gives the program exactly the variables of the environment', async () => {
  const result = await kubectl('console.log(JSON.stringify(process.env))', {}, { AWS_REGION: 'eu-west-1' });
  const vars: unknown = result.kind === 'exited' ? JSON.parse(result.stdout) : undefined;
  expect(vars).toEqual({ PATH: expect.any(String), AWS_REGION: 'eu-west-1' });
});

it('does not run what lies in the working directory, however PATH leads there', async () => {
  const folder = await tempFolder();
  const inside = join(folder, 'work', 'node_modules', '.bin');
  await mkdir(inside, { recursive: true });
  await mkdir(join(folder, 'bin'));
  await program(join(inside, 'kubectl'), 'console.log("planted")');
  await symlink(join(inside, 'kubectl'), join(folder, 'bin', 'kubectl'));
  const workingDir = join(folder, 'work');
  const request = { tool: 'kubectl', args: [], timeoutMs: 15_000 } as const;
  for (const entry of [inside, 'node_modules/.bin', '.', '', join(folder, 'bin')]) {
    const environment = {
      vars: { PATH: entry },
      homeDir: '/home/x',
      workingDir,
      dataDir: '/nowhere',
      owner: 'me',
      runtime: '',
    };
    expect(await realExec(environment)(request), entry).toEqual({ kind: 'not-found' });
  }
  const own = join(workingDir, 'bin');
  await mkdir(own);
  await program(join(own, 'kubectl'), 'console.log("own")');
  const atHome = {
    vars: { PATH: `${inside}:${own}` },
    homeDir: workingDir,
    workingDir,
    dataDir: '/nowhere',
    owner: 'me',
    runtime: '',
  };
  expect(await realExec(atHome)(request)).toMatchObject({ stdout: 'own\n' });
});

it('lets what a program runs find nothing in the working directory either', async () => {
  const folder = await tempFolder();
  const [bin, project, workingDir] = ['bin', 'project', 'project/sub'].map((each) => join(folder, each)) as [
    string,
    string,
    string,
  ];
  const planted = [join(workingDir, 'node_modules', '.bin'), join(project, 'node_modules', '.bin'), workingDir];
  for (const each of [bin, ...planted]) await mkdir(each, { recursive: true });
  for (const each of planted) await program(join(each, 'aws'), 'console.log("planted")');
  const script = 'const { stdout, error } = require("node:child_process").spawnSync("aws", [], { encoding: "utf8" });';
  await program(join(bin, 'kubectl'), `${script} console.log(error?.code ?? stdout.trim(), process.env.PATH)`);
  const environment = {
    // What `npx` makes of PATH in a folder of a project, and what shells take for the working directory.
    vars: { PATH: [...planted, 'node_modules/.bin', '.', '', bin, ''].join(':') },
    homeDir: '/home/x',
    workingDir,
    dataDir: join(folder, 'data'),
    owner: 'me',
    runtime: '',
  };
  const ask = async () => await realExec(environment)({ tool: 'kubectl', args: [], timeoutMs: 15_000 });
  expect(await ask()).toMatchObject({ stdout: `ENOENT ${bin}:${folder}/data/bin\n` });
  await program(join(bin, 'aws'), 'console.log("the real one")');
  expect(await ask()).toMatchObject({ stdout: `the real one ${bin}:${folder}/data/bin\n` });
});

async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s+Z/m.test(status);
}

const as = {
  region: 'eu-west-1',
  account: { id: '444455556666', role: 'arn:aws:iam::444455556666:role/x', session: 's' },
};

it('gives a program that calls AWS as a role the variables of that role, and others none of them', async () => {
  const asRole: RoleVariables = async ({ account }, { AWS_PROFILE: _, ...vars }) => ({ ...vars, ROLE: account.role });
  const script = 'console.log(process.env.AWS_PROFILE, process.env.ROLE)';
  const own = { AWS_PROFILE: 'company' };
  expect(await kubectl(script, { as }, own, asRole)).toMatchObject({ stdout: `undefined ${as.account.role}\n` });
  expect(await kubectl(script, {}, own, asRole)).toMatchObject({ stdout: 'company undefined\n' });
});

it('starts nothing as a role that it has no credentials for', async () => {
  await expect(kubectl('console.log(1)', { as }, { AWS_PROFILE: 'company' })).rejects.toMatchObject({
    code: 'internal',
  });
});

it('gives programs what they need of the credentials, but for a version, and their own variables where there are none', async () => {
  const folder = await tempFolder();
  for (const each of ['bin', 'work']) await mkdir(join(folder, each));
  await program(join(folder, 'bin', 'kubectl'), 'console.log(process.env.KEY)');
  const environment = {
    vars: { PATH: join(folder, 'bin'), KEY: 'mine' },
    homeDir: '/home/nobody',
    workingDir: join(folder, 'work'),
    dataDir: folder,
    owner: 'me',
    runtime: 'Node.js',
  };
  const keyOf = async (args: readonly string[], own: () => Promise<Record<string, string>>): Promise<unknown> => {
    const ended = await realExec(environment, { own })({ tool: 'kubectl', args, timeoutMs: 15_000 });
    return ended.kind === 'exited' && ended.stdout.trim();
  };
  const session = async (): Promise<Record<string, string>> => ({ ...environment.vars, KEY: 'session' });
  expect(await keyOf(['get', 'nodes'], session)).toBe('session');
  expect(await keyOf(['version', '--client'], session)).toBe('mine');
  expect(await keyOf(['get', 'nodes'], () => Promise.reject(new Error('no credentials')))).toBe('mine');
});
