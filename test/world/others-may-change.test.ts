/** What other users of the machine may change is refused: programs when they are run, the data folder at the start. */
import { spawnSync } from 'node:child_process';
import { chmod, chown, lchown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import {
  refuseDataFolder,
  refuseOthers,
  trustedGroups,
  type User,
  unmappedIds,
} from '../../src/world/real/disk/others-may-change.js';
import { realExec } from '../../src/world/real/programs/exec.js';
import { builtProgram } from './built-program.js';
import { program, tempFolder } from './temp-folder.js';

const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
const isRoot = uid === 0;
/** Somebody to whom no group is their own. */
const strict: User = { uid, groups: [], unmapped: [] };

async function refusal(act: () => Promise<unknown>): Promise<string> {
  const thrown = await act().then(
    () => 'nothing is refused',
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof Problem)) return String(thrown);
  return [thrown.message, thrown.why, ...thrown.next, thrown.code].join('\n');
}

/** A folder with a program that is reached by a link: `bin/aws -> ../real/aws`. */
async function linked(): Promise<Readonly<Record<'folder' | 'bin' | 'real' | 'link' | 'file', string>>> {
  const folder = await tempFolder();
  const [bin, real] = [join(folder, 'bin'), join(folder, 'real')];
  for (const each of [bin, real]) await mkdir(each, { mode: 0o755 });
  await program(join(real, 'aws'), '');
  await symlink('../real/aws', join(bin, 'aws'));
  return { folder, bin, real, link: join(bin, 'aws'), file: join(real, 'aws') };
}

const asProgram = (path: string, user = strict) =>
  refusal(() => refuseOthers({ path, why: 'aws is run', sticky: true }, user));

it('lets a program through that only we or root may change, below a sticky folder too', async () => {
  const { folder, link, file } = await linked();
  for (const path of [link, file, join(folder, 'none', 'at all')]) {
    expect(await asProgram(path), path).toBe('nothing is refused');
  }
  await chmod(folder, 0o1777);
  expect(await asProgram(link)).toBe('nothing is refused');
});

it.each([
  ['file', 0o757, 'everyone can write to it (mode 0757)', 'chmod go-w'],
  ['real', 0o777, 'everyone can write to it (mode 0777)', 'chmod go-w'],
  ['bin', 0o722, 'everyone can write to it (mode 0722)', 'chmod go-w'],
  ['folder', 0o770, `group id ${gid} can write to it (mode 0770)`, 'chmod g-w'],
  ['file', 0o775, `group id ${gid} can write to it (mode 0775)`, 'chmod g-w'],
] as const)('refuses when %s has mode %o', async (what, mode, why, fix) => {
  const scene = await linked();
  await chmod(scene[what], mode);
  expect(await asProgram(scene.link)).toBe(
    [
      `other users can modify ${scene[what]}`,
      `aws is run, and ${why}`,
      `${fix} ${scene[what]}`,
      'run the same command again',
      'writable-by-others',
    ].join('\n'),
  );
});

it.runIf(isRoot).each(['folder', 'bin', 'real', 'link', 'file'] as const)(
  'refuses when %s is somebody else’s',
  async (what) => {
    const scene = await linked();
    await lchown(scene[what], 4321, 0);
    expect(await asProgram(scene.link)).toBe(
      [
        `other users can modify ${scene[what]}`,
        'aws is run, and it is owned by user id 4321',
        `change its owner to yourself or root: chown 0 ${scene[what]}`,
        'run the same command again',
        'writable-by-others',
      ].join('\n'),
    );
    expect(await asProgram(scene.link, { ...strict, uid: 4321 })).toBe('nothing is refused');
    expect(await asProgram(scene.link, { ...strict, unmapped: [4321] })).toBe('nothing is refused');
  },
);

it('lets a group write that is nobody’s but ours, and still not everybody', async () => {
  const { file } = await linked();
  await chmod(file, 0o775);
  expect(await asProgram(file, { ...strict, groups: [gid] })).toBe('nothing is refused');
  await chmod(file, 0o777);
  expect(await asProgram(file, { ...strict, groups: [gid] })).toContain('everyone can write to it');
});

it.each([
  ['linux', 'root:x:0:\nyou:x:1000:\n', [0, 1000]],
  ['linux', 'you:x:1000:you\n', [0, 1000]],
  ['linux', 'you:x:1000:you,eve\n', [0]],
  ['linux', 'users:x:1000:\n', [0]],
  ['linux', '', [0]],
  ['darwin', 'staff:*:20:root\n', [0, 80]],
])('knows on %s with groups %j that %j are ours', (platform, file, groups) => {
  expect(trustedGroups(platform, file, 1000, 'you')).toEqual(groups);
});

it.each([
  ['         0          0 4294967295\n', []],
  ['      1000       1000          1\n', [65_534]],
  ['         0       1000          1\n         1     100000      65536\n', []],
  ['', []],
])('knows from %j which ids are nobody’s', (map, ids) => {
  expect(unmappedIds(map)).toEqual(ids);
});

it('refuses a data folder that others may write, even one like /tmp, or such a folder of programs in it', async () => {
  const folder = await tempFolder();
  const dataDir = join(folder, 'data');
  const ask = () => refusal(() => refuseDataFolder({ dataDir }, strict));
  expect(await ask()).toBe('nothing is refused');
  await mkdir(join(dataDir, 'bin'), { recursive: true, mode: 0o755 });
  expect(await ask()).toBe('nothing is refused');
  await chmod(join(dataDir, 'bin'), 0o777);
  expect(await ask()).toContain(`other users can modify ${dataDir}/bin\nprograms are run from it, and everyone`);
  await chmod(dataDir, 0o1777);
  expect(await ask()).toContain(`other users can modify ${dataDir}\nit contains the keys of fleets, and everyone`);
});

it('refuses to run a program, and one that runs another, when others may change it', async () => {
  const bin = await tempFolder();
  const environment = { vars: { PATH: bin }, homeDir: '/x', workingDir: '/', dataDir: '/z', owner: 'me', runtime: '' };
  const ask = (tool: 'kubectl' | 'aws' | 'eksctl') =>
    realExec(environment)({ tool, args: [], timeoutMs: 15_000 }).then(
      ({ kind }) => kind,
      (thrown: Problem) => thrown.message,
    );
  for (const each of ['kubectl', 'aws', 'eksctl']) await program(join(bin, each), '');
  expect([await ask('kubectl'), await ask('eksctl')]).toEqual(['exited', 'exited']);
  await chmod(join(bin, 'aws'), 0o777);
  const text = `other users can modify ${bin}/aws`;
  expect([await ask('aws'), await ask('kubectl'), await ask('eksctl')]).toEqual([text, text, text]);
});

it.runIf(isRoot)('does not run the program of a folder that somebody else owns', async () => {
  const bin = await tempFolder();
  await program(join(bin, 'eksctl'), '');
  await chown(bin, 4321, 4321);
  const environment = { vars: { PATH: bin }, homeDir: '/x', workingDir: '/', dataDir: '/z', owner: 'me', runtime: '' };
  const running = realExec(environment)({ tool: 'eksctl', args: [], timeoutMs: 15_000 });
  await expect(running).rejects.toMatchObject({ code: 'writable-by-others' });
});

let karmadaEks: string;

beforeAll(async () => {
  karmadaEks = await builtProgram();
}, 120_000);

const quiet = { AWS_EC2_METADATA_DISABLED: 'true', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };

it('ends before it reads anything of a data folder that everybody may write', { timeout: 60_000 }, async () => {
  const home = await tempFolder();
  await chmod(home, 0o777);
  const { status, stdout, stderr } = spawnSync(process.execPath, [karmadaEks, 'status', '--region', 'us-west-2'], {
    env: { ...quiet, PATH: dirname(process.execPath), KARMADA_EKS_HOME: home, AWS_CONFIG_FILE: '/dev/null' },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr.replaceAll(home, '<home>')).toMatchInlineSnapshot(`
    "✖ other users can modify <home>
      why:  it contains the keys of fleets, and everyone can write to it (mode 0777)
      next: 1. chmod go-w <home>
            2. run the same command again
      code: writable-by-others
    "
  `);
});

it('lets the SDK start no credential process from the working directory', { timeout: 60_000 }, async () => {
  const folder = await tempFolder();
  const [planted, own] = [join(folder, 'work', 'node_modules', '.bin'), join(folder, 'bin')];
  for (const each of [planted, own, join(folder, 'data')]) await mkdir(each, { recursive: true });
  const log = join(folder, 'log');
  await writeFile(log, '');
  for (const each of [planted, own]) {
    await program(join(each, 'credentials'), `require("node:fs").appendFileSync(${JSON.stringify(log)}, "${each}\\n")`);
  }
  const config = join(folder, 'config');
  await writeFile(config, '[default]\ncredential_process = credentials\n');
  spawnSync(process.execPath, [karmadaEks, 'status', '--fleet', 'x', '--region', 'us-west-2'], {
    cwd: join(folder, 'work'),
    env: {
      ...quiet,
      PATH: `${planted}:${own}`,
      HOME: '/nowhere',
      KARMADA_EKS_HOME: join(folder, 'data'),
      AWS_CONFIG_FILE: config,
    },
    encoding: 'utf8',
  });
  expect([...new Set((await readFile(log, 'utf8')).trim().split('\n'))]).toEqual([own]);
});
