/** A disk that gives no answer: a pipe that nobody writes to stands for it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { isDiskHung } from '../../src/world/real/disk/hung-disk.js';
import { withinLimit } from '../../src/world/real/time-limit.js';
import { triesMore } from '../lifecycle/cases.js';
import { builtProgram } from './built-program.js';
import { tempFolder } from './temp-folder.js';

async function silentFile(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  execFileSync('mkfifo', [path]);
  return path;
}

/** Writes to the pipe: whoever waits for it reads on. */
async function wake(path: string): Promise<void> {
  const file = await open(path, 'w');
  await file.writeFile('at last');
  await file.close();
}

it('is waited for until the limit, then named, and what comes after all is handed on', async () => {
  const path = await silentFile(join(await tempFolder(), 'fleet.json'));
  const late = new Promise<string>((resolve, reject) => {
    const read = withinLimit({ verb: 'read', path, limitMs: 50 }, () => readFile(path, 'utf8'), resolve);
    read.then(
      () => reject(new Error('it was not given up')),
      (thrown: unknown) => expect(thrown).toMatchObject({ code: 'file-timed-out', message: `could not read ${path}` }),
    );
  });
  await expect.poll(isDiskHung).toBe(true);
  await wake(path);
  expect(await late).toBe('at last');
  await expect.poll(isDiskHung).toBe(false);
});

it('passes on what comes in time, errors too', async () => {
  const act = { verb: 'read', path: '/x', limitMs: 60_000 };
  expect(await withinLimit(act, async () => 'text')).toBe('text');
  const refusal = new Error('EACCES');
  await expect(withinLimit(act, () => Promise.reject(refusal))).rejects.toBe(refusal);
});

it.runIf(triesMore)('does not keep the program from its end', { timeout: 60_000 }, async () => {
  const program = await builtProgram();
  // Half a minute in life.
  const limits = join(dirname(program), '..', 'dist', 'world', 'files.js');
  const text = await readFile(limits, 'utf8');
  expect(text).toContain('30_000');
  await writeFile(limits, text.replace('30_000', '500'));
  const home = await tempFolder();
  await silentFile(join(home, 'rehearsal', 'account.json'));
  const { signal, stderr } = spawnSync(process.execPath, [program, 'status', '--rehearse'], {
    env: { PATH: dirname(process.execPath), KARMADA_EKS_HOME: home },
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(stderr).toContain('code: file-timed-out');
  expect(signal).toBe('SIGKILL');
});
