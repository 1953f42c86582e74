/** The account that is kept between rehearsals: two runs at once, a disk that takes nothing, and a file that is damaged. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { connect, type ProcessOptions, type RehearsedProcess } from '../../src/rehearsal/machine/connect.js';
import { type OpenRehearsal, openRehearsal } from '../../src/rehearsal/open.js';

const path = '/home/you/.local/share/karmada-eks/rehearsal/account.json';

interface Opened extends OpenRehearsal {
  readonly notes: readonly string[];
  readonly process: RehearsedProcess;
}

/** Opens a rehearsal on a machine that is itself rehearsed, so that its disk and its time can be turned. */
async function opened(
  machine: Account,
  use: 'change' | 'read' | 'peek' = 'change',
  options: ProcessOptions & { readonly signal?: AbortSignal } = {},
): Promise<Opened> {
  const process = connect(machine, options);
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const signal = options.signal ?? new AbortController().signal;
  return { ...(await openRehearsal(process.world, 600, { use, note, signal })), notes, process };
}

/** Something in the simulated account that tells whose run it was. */
async function leaveMark({ world, keep }: OpenRehearsal, mark: string): Promise<void> {
  await world.files.write(`/home/you/${mark}`, mark);
  await keep();
}

function marks(machine: Account): readonly string[] {
  const { files } = JSON.parse(machine.state.files[path] ?? '{"files":{}}') as { files: Record<string, string> };
  return Object.keys(files).map((file) => file.split('/').at(-1) ?? '');
}

const filesOf = (machine: Account): readonly string[] => Object.keys(machine.state.files);

it('keeps the account, and leaves nothing else', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  await leaveMark(first, 'one');
  await first.close();
  const second = await opened(machine);
  await leaveMark(second, 'two');
  await second.close();
  expect(marks(machine)).toEqual(['one', 'two']);
  expect(filesOf(machine)).toEqual([path]);
  expect([...first.notes, ...second.notes]).toEqual([]);
});

it('what people name outside of the simulated home is a file of theirs, in whatever way it is written', async () => {
  const machine = newAccount();
  machine.state.files['/mnt/own/kubeconfig'] = 'precious';
  const { world, close } = await opened(machine);
  const { files } = world;
  expect((await files.facts('/mnt/own/kubeconfig')).mode).toBeDefined();
  await files.writeStream('/mnt/own/backup.tar', pieces('whole'));
  await files.writeStream('/mnt/own/backup.part', pieces('half'));
  await files.remove('/mnt/own/backup.part');
  expect(await files.size('/mnt/own/backup.tar')).toBe(5);
  await close();
  expect(machine.state.files).toMatchObject({ '/mnt/own/kubeconfig': 'precious', '/mnt/own/backup.tar': 'whole' });
  expect(filesOf(machine)).not.toContain('/mnt/own/backup.part');
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

it('a second run waits for the end of the first, and goes on from what that kept', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  const waiting = opened(machine);
  await first.process.world.clock.sleep(5_000);
  await leaveMark(first, 'one');
  await first.close();
  const second = await waiting;
  await leaveMark(second, 'two');
  await second.close();
  expect(marks(machine)).toEqual(['one', 'two']);
  expect(second.notes).toMatchInlineSnapshot(`
    [
      "you@rehearsal (pid 1) is using the simulated account; waiting for it to finish",
    ]
  `);
});

it('a second run is refused while the first goes on, and has changed nothing', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  await leaveMark(first, 'one');
  const before = machine.state.files[path];
  await expect(opened(machine)).rejects.toMatchObject({
    code: 'rehearsal-in-use',
    exitCode: 7,
    message: 'another run is using the simulated account',
    why: `you@rehearsal (pid 1) holds ${path}`,
    next: [
      'wait until it finishes, then run the same command again',
      'or rehearse in another account: set KARMADA_EKS_HOME to another folder',
    ],
  });
  expect(machine.state.files[path]).toBe(before);
});

it('the waiting ends with Ctrl-C', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  const stop = new AbortController();
  const waiting = opened(machine, 'change', { signal: stop.signal });
  const refused = expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  await first.process.world.clock.sleep(3_000);
  stop.abort();
  await refused;
});

it('takes over from a run that died, and what that had kept is there', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  await leaveMark(first, 'one');
  first.process.kill();
  const died = machine.now();
  expect((await opened(machine, 'read')).notes).toEqual([]);
  const second = await opened(machine);
  expect(machine.now()).toBe(died);
  expect(second.notes).toEqual([]);
  await leaveMark(second, 'two');
  await second.close();
  expect(marks(machine)).toEqual(['one', 'two']);
  expect(filesOf(machine)).toEqual([path]);
});

it('a run whose account was taken over keeps nothing more, says so once, and leaves the lock to the other', async () => {
  const machine = newAccount();
  const slept = await opened(machine);
  await leaveMark(slept, 'one');
  slept.process.suspend();
  const other = await opened(machine);
  slept.process.wake();
  await leaveMark(slept, 'lost');
  await leaveMark(slept, 'lost-too');
  await slept.close();
  await leaveMark(other, 'two');
  expect(marks(machine)).toEqual(['one', 'two']);
  expect(slept.notes).toMatchInlineSnapshot(`
    [
      "another run has taken over the simulated account; changes of this run are not saved",
    ]
  `);
  expect(filesOf(machine)).toContain(`${path}.owner`);
  await other.close();
  expect(filesOf(machine)).toEqual([path]);
});

it('looks beside a run that changes: neither waits, and nothing of the run is lost', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  await leaveMark(first, 'one');
  const look = await opened(machine, 'read');
  expect(look.notes).toMatchInlineSnapshot(`
    [
      "you@rehearsal (pid 1) is using the simulated account; showing it as last saved",
    ]
  `);
  expect(await look.world.files.read('/home/you/one')).toBe('one');
  await leaveMark(look, 'looked');
  await leaveMark(first, 'two');
  await look.close();
  expect(marks(machine)).toEqual(['one', 'two']);
  await first.close();
});

it('a run that changes begins while another only looks, for as long as it likes', async () => {
  const machine = newAccount();
  const look = await opened(machine, 'read');
  const run = await opened(machine);
  expect(run.notes).toEqual([]);
  await leaveMark(run, 'one');
  await run.close();
  await look.close();
  expect(marks(machine)).toEqual(['one']);
});

it('keeps the time that went by while it only looked and nobody changed anything', async () => {
  const machine = newAccount();
  await (await opened(machine)).close();
  const look = await opened(machine, 'read');
  await leaveMark(look, 'looked');
  await look.close();
  expect(marks(machine)).toEqual(['looked']);
  expect(filesOf(machine)).toEqual([path]);
});

it('a glance keeps nothing and says nothing', async () => {
  const machine = newAccount();
  const first = await opened(machine);
  await leaveMark(first, 'one');
  const glance = await opened(machine, 'peek');
  expect(await glance.world.files.read('/home/you/one')).toBe('one');
  await leaveMark(glance, 'glanced');
  await glance.close();
  expect(marks(machine)).toEqual(['one']);
  expect(glance.notes).toEqual([]);
});

it('a home that cannot be written to: says so, goes on with what was kept, and ends with the command', async () => {
  const machine = newAccount();
  const before = await opened(machine);
  await leaveMark(before, 'one');
  await before.close();
  const message = 'EROFS: read-only file system, mkdir';
  const faults = ['file write *', 'file append *', 'file remove *', 'file lock *'].map((call) => ({
    call,
    kind: 'fail' as const,
    message,
    times: -1,
  }));
  const kept = machine.state.files[path];
  const run = await opened(machine, 'change', { faults });
  expect(await run.world.files.read('/home/you/one')).toBe('one');
  await leaveMark(run, 'two');
  await run.close();
  expect(run.notes).toMatchInlineSnapshot(`
    [
      "the simulated account cannot be saved and ends with this command: EROFS: read-only file system, mkdir",
    ]
  `);
  expect(machine.state.files[path]).toBe(kept);
  const look = await opened(machine, 'read', { faults });
  await look.close();
  expect(look.notes).toEqual([]);
});

it('a disk that is full in the middle of a run: says so once, and the run goes on', async () => {
  const machine = newAccount();
  const faults = [{ call: 'file write */account.json', kind: 'fail' as const, skip: 1, times: -1 }];
  const run = await opened(machine, 'change', { faults });
  await leaveMark(run, 'one');
  await leaveMark(run, 'two');
  await leaveMark(run, 'three');
  await run.close();
  expect(marks(machine)).toEqual(['one']);
  expect(run.notes).toMatchInlineSnapshot(`
    [
      "the simulated account is no longer saved: could not write /home/you/.local/share/karmada-eks/rehearsal/account.json: ENOSPC: no space left on device",
    ]
  `);
});

it('a folder that is removed in the middle of a run comes back', async () => {
  const machine = newAccount();
  const run = await opened(machine);
  await leaveMark(run, 'one');
  for (const file of filesOf(machine)) delete machine.state.files[file];
  machine.locks.clear();
  await leaveMark(run, 'two');
  await run.close();
  expect(marks(machine)).toEqual(['one', 'two']);
});

it('a file that is gone is a new account', async () => {
  const machine = newAccount();
  const run = await opened(machine);
  await leaveMark(run, 'one');
  await run.close();
  delete machine.state.files[path];
  const again = await opened(machine);
  await again.close();
  expect(marks(machine)).toEqual([]);
});

it.each([
  ['empty', () => '', 'Unexpected end of JSON input'],
  ['cut off', (text: string) => text.slice(0, text.length / 2), 'JSON'],
  ['no account', () => '[]', 'it is not an account'],
  [
    'of another version',
    (text: string) => text.replace('"roles":[', '"role":['),
    'not in the format of this version: roles',
  ],
])('a file that is %s: refused with the way out, and the lock given back', async (_, damage, why) => {
  const machine = newAccount();
  await (await opened(machine)).close();
  machine.state.files[path] = damage(machine.state.files[path] ?? '');
  const damaged = machine.state.files[path];
  for (const use of ['change', 'change', 'read'] as const) {
    await expect(opened(machine, use)).rejects.toMatchObject({
      code: 'rehearsal-unreadable',
      exitCode: 3,
      message: `cannot read the simulated account in ${path}`,
      why: expect.stringContaining(why),
      next: [`remove the file to start with a new account: rm '${path}'`],
    });
  }
  expect(machine.state.files).toEqual({ [path]: damaged });
});

it('stands in the VPC that the environment names, as long as it does', async () => {
  const machine = newAccount();
  const vars = { KARMADA_EKS_REHEARSED_VPC: 'eu-west-1/karmada-vpc' };
  const { world, close } = await opened(machine, 'change', { vars });
  expect(world.ownInterfaces().map(({ address }) => address)).toEqual(['10.0.0.250']);
  await close();
  await (await opened(machine, 'change', { vars })).close();
  const kept = machine.state.files[path] ?? '';
  expect(kept.match(/"your machine"/g)).toHaveLength(1);
  const outside = await opened(machine);
  expect(outside.world.ownInterfaces().map(({ address }) => address)).toEqual(['192.168.1.20']);
  await outside.close();
  expect(machine.state.files[path]).not.toContain('"your machine"');
  await expect(opened(machine, 'change', { vars: { KARMADA_EKS_REHEARSED_VPC: 'other' } })).rejects.toMatchObject({
    code: 'invalid-value',
    what: 'KARMADA_EKS_REHEARSED_VPC: the rehearsed account has no VPC other in us-west-2',
  });
  await (await opened(machine)).close();
});
