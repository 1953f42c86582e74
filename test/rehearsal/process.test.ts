/** Processes on the rehearsed machine: programs, time limits, death, locks, files. */
import { ListClustersCommand } from '@aws-sdk/client-eks';
import { expect, it } from 'vitest';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { config, exited, region, rig, rigOn } from './rig.js';

const minute = 60_000;

it('does not find a program that is not on PATH', async () => {
  const { run } = rig({ tools: { kubectl: 'v1.34.4' } });
  expect(await run(eksctlCommands.version())).toEqual({ kind: 'not-found' });
});

it('prints another version when told so', async () => {
  const { run } = rig({ tools: { eksctl: '0.190.0', aws: '2.30.0' } });
  expect(JSON.parse(exited(await run(eksctlCommands.version())).stdout)).toMatchObject({ Version: '0.190.0' });
  expect(exited(await run({ tool: 'aws', args: ['--version'] })).stdout).toMatch(/^aws-cli\/2\.30\.0 /);
  await expect(run({ tool: 'aws', args: ['s3', 'ls'] })).rejects.toMatchObject({ code: 'rehearsal-unmodelled' });
});

it('stops a program at its time limit; what it asked AWS for goes on', async () => {
  const { run, vpc, account, world } = rig();
  const start = account.now();
  const result = await run(eksctlCommands.createCluster(config(vpc)), { timeoutMs: 5 * minute });
  expect(result).toMatchObject({ kind: 'timed-out', stdout: expect.stringContaining('deploying stack') });
  expect(account.now() - start).toBe(5 * minute);
  await world.clock.sleep(10 * minute);
  await world.aws.eks(region).send(new ListClustersCommand({}));
  const cluster = account.region(region).clusters['demo'];
  expect(cluster?.status).toBe('ACTIVE');
  expect(cluster?.nodeGroups).toEqual({});
});

it('stops a program when its signal is aborted, and streams what it prints', async () => {
  const { run, vpc } = rig();
  const abort = new AbortController();
  const lines: string[] = [];
  const result = await run(eksctlCommands.createCluster(config(vpc)), {
    signal: abort.signal,
    onLine: ({ text }) => {
      lines.push(text);
      if (text.includes('waiting for CloudFormation')) abort.abort();
    },
  });
  expect(result.kind).toBe('cancelled');
  expect(lines.length).toBeGreaterThan(3);
});

it('answers nothing to a killed process, and lets the next one take its locks', async () => {
  const first = rig();
  const { account } = first;
  expect(await first.world.files.lock('/fleet')).toBeDefined();
  const second = rigOn(account);
  expect(await second.world.files.lock('/fleet')).toBeUndefined();

  const answers: unknown[] = [];
  const note = (promise: Promise<unknown>): void => void promise.then((answer) => answers.push(answer));
  note(first.run(eksctlCommands.createCluster(config(first.vpc))));
  note(first.world.clock.sleep(minute));
  await second.world.clock.sleep(1000 * 40);
  first.kill();
  note(first.world.files.write('/after', 'text'));
  note(first.world.aws.eks(region).send(new ListClustersCommand({})));

  expect(await second.world.files.lock('/fleet')).toBeDefined();
  await second.world.clock.sleep(30 * minute);
  const { clusters } = await second.world.aws.eks(region).send(new ListClustersCommand({}));
  expect(clusters).toEqual(['demo']);
  expect(account.region(region).clusters['demo']?.nodeGroups).toEqual({});
  expect(await second.world.files.read('/after')).toBeUndefined();
  expect(answers).toEqual([]);
});

it('gives a lock back', async () => {
  const { world } = rig();
  const held = await world.files.lock('/fleet');
  expect(await world.files.lock('/fleet')).toBeUndefined();
  await held?.release();
  expect(await world.files.lock('/fleet')).toBeDefined();
});

it('leaves the lock file of another program alone', async () => {
  const { files } = rig().world;
  await files.write('/config.lock', '');
  expect(await files.lock('/config')).toBeUndefined();
});

it('keeps files', async () => {
  const { files } = rig().world;
  await files.write('/a/b/one', '1');
  await files.append('/a/b/one', '2');
  await files.append('/a/two', '3');
  expect(await files.read('/a/b/one')).toBe('12');
  expect(await files.list('/a')).toEqual(['/a/b', '/a/two']);
  expect(await files.list('/none')).toEqual([]);
  expect(await files.facts('/a/two')).toEqual({ path: '/a/two', mode: 0o600, writable: true });
  expect(await files.facts('/a/three')).toEqual({ path: '/a/three', mode: undefined, writable: true });
  await files.remove('/a');
  expect(await files.list('/a')).toEqual([]);
});

it('knows one address on the web', async () => {
  const url = 'https://checkip.amazonaws.com/';
  const there = rig({ publicAddress: '192.0.2.7' }).world;
  expect(await there.httpGet(url, 1000)).toEqual({ kind: 'answered', status: 200, body: '192.0.2.7\n' });
  expect(await rig({ publicAddress: null }).world.httpGet(url, 1000)).toMatchObject({ kind: 'failed' });
  await expect(there.httpGet('https://example.com/', 1000)).rejects.toMatchObject({ code: 'rehearsal-unmodelled' });
});

it('stands still with its programs while its machine sleeps, and AWS goes on', async () => {
  const { world, run, vpc, account, suspend, wake } = rig();
  const lines: number[] = [];
  const making = run(eksctlCommands.createCluster(config(vpc)), {
    timeoutMs: 180 * minute,
    onLine: () => lines.push(account.now()),
  });
  await account.clock.sleep(5 * minute);
  suspend();
  const fellAsleep = account.now();
  const asleep = world.clock.sleep(minute).then(account.now);
  const read = world.files.write('/note', 'text').then(account.now);
  await account.clock.sleep(60 * minute);
  expect(account.state.files['/note']).toBeUndefined();
  const wokeAt = account.now();
  wake();
  expect(await asleep).toBeGreaterThanOrEqual(wokeAt);
  expect(await read).toBeGreaterThanOrEqual(wokeAt);
  await making;
  expect(lines.filter((at) => at > fellAsleep && at < wokeAt)).toEqual([]);
  expect(lines.some((at) => at >= wokeAt)).toBe(true);
  const other = rigOn(account);
  const { clusters } = await other.world.aws.eks(region).send(new ListClustersCommand({}));
  expect(clusters).toEqual(['demo']);
});

it('tells whether another process of its machine still runs, and of no other machine', async () => {
  const first = rig();
  const { account } = first;
  const id = await first.world.processes.own();
  const here = rigOn(account).world.processes;
  const elsewhere = rigOn(account, { host: 'other' }).world.processes;
  expect(id).toMatchObject({ machine: 'machine-rehearsal', pid: 1 });
  expect([await here.stateOf(id), await elsewhere.stateOf(id)]).toEqual(['running', 'unknown']);
  first.kill();
  expect([await here.stateOf(id), await elsewhere.stateOf(id)]).toEqual(['ended', 'unknown']);
});

it('loses a lock while its machine sleeps, and learns of it soon after', async () => {
  const first = rig();
  const { account } = first;
  const second = rigOn(account);
  const held = await first.world.files.lock('/fleet');
  first.suspend();
  await account.clock.sleep(31_000);
  expect(await second.world.files.lock('/fleet', minute)).toBeUndefined();
  const taken = await second.world.files.lock('/fleet');
  expect(taken).toBeDefined();
  first.wake();
  expect(await held?.isOurs()).toBe(false);
  await account.clock.sleep(11_000);
  expect(held?.lost.aborted).toBe(true);
  await held?.release();
  expect(await taken?.isOurs()).toBe(true);
});

it('keeps bytes as they came, piece by piece, and half of them from a process that died', async () => {
  const bytes = new Uint8Array(256).map((_, index) => index);
  const pieces = async function* () {
    yield bytes.subarray(0, 100);
    yield bytes.subarray(100);
  };
  const { account, world } = rig();
  await world.files.writeStream('/backup', pieces());
  const read: Uint8Array[] = [];
  for await (const piece of world.files.readStream('/backup')) read.push(piece);
  expect(Buffer.concat(read)).toEqual(Buffer.from(bytes));
  expect(await world.files.size('/backup')).toBe(256);

  const dying = rigOn(account, { faults: [{ call: 'file write /other', kind: 'die-half-way' }] });
  void dying.world.files.writeStream('/other', pieces());
  await world.clock.sleep(minute);
  expect(await world.files.size('/other')).toBe(128);
  expect(await world.files.size('/none')).toBeUndefined();
});

it('gives a file a name that nothing has, and both names from a process that died', async () => {
  const { account, world } = rig();
  const { files } = world;
  await files.write('/a', 'mine');
  await files.write('/b', 'theirs');
  await files.write('/folder/in', 'theirs');
  expect(await files.moveIfFree('/a', '/b')).toBe(false);
  expect(await files.moveIfFree('/a', '/folder')).toBe(false);
  expect(await files.moveIfFree('/a', '/c')).toBe(true);
  expect(account.state.files).toEqual({ '/b': 'theirs', '/folder/in': 'theirs', '/c': 'mine' });
  const dying = rigOn(account, { faults: [{ call: 'file move /d', kind: 'die-half-way' }] });
  void dying.world.files.moveIfFree('/c', '/d');
  await world.clock.sleep(minute);
  expect(account.state.files).toMatchObject({ '/c': 'mine', '/d': 'mine' });
});

it('hands a file to a program as its input, and does not start it without the file', async () => {
  const { run, world } = rig();
  await world.files.write('/object.json', '{"kind":"List"}');
  const apply = { tool: 'kubectl', args: ['config', 'view'] } as const;
  await expect(run({ ...apply, stdinFile: '/none' })).rejects.toMatchObject({
    code: 'file-failed',
    message: 'could not read /none',
  });
});

it.each([
  ['whole', undefined, 'one\ntwo\n'],
  ['with half of it', 'die-half-way', 'network-unreachable'],
  ['that stops', 'hang', 'network-unreachable'],
  ['of something else', 'garbage', '<html>502</html>'],
  ['not at all', 'fail', 'socket hang up'],
] as const)('answers a call of a port %s', async (_, kind, seen) => {
  const faults = kind === undefined ? [] : [{ call: 'http POST *', kind }];
  const { world, account } = rig({ faults });
  account.listeners.set(2379, () => ({ status: 200, lines: ['one', 'two'] }));
  const signal = new AbortController().signal;
  const answer = await world.httpPost({ url: 'http://127.0.0.1:2379/v3', body: '', idleMs: minute, signal });
  const read = async (): Promise<string> => {
    if (answer.kind === 'failed') return answer.reason;
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.bytes) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  expect(await read().catch(({ code }: { code: string }) => code)).toBe(seen);
});

it('refuses a call of a port at which nothing listens', async () => {
  const signal = new AbortController().signal;
  const answer = await rig().world.httpPost({ url: 'http://127.0.0.1:2379/v3', body: '', idleMs: minute, signal });
  expect(answer).toEqual({ kind: 'failed', reason: 'connect ECONNREFUSED 127.0.0.1:2379' });
});
