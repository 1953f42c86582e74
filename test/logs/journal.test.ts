/** The journal: every event a line, in order, without secrets. */
import { expect, it } from 'vitest';
import { fileTimedOut } from '../../src/errors/file-failed.js';
import { Problem } from '../../src/errors/problem.js';
import { journalTo } from '../../src/logs/journal.js';
import { makeWriteQueue } from '../../src/logs/write-queue.js';
import type { Files } from '../../src/world/files.js';
import { newStage, runOn } from '../engine/steps.js';

/** Files that can only be added to; each addition takes longer than the next. */
function slowFiles(refuse?: Problem) {
  const written = new Map<string, string>();
  const append: Files['append'] = async (path, text) => {
    for (let turns = 20 - (written.get(path)?.length ?? 0); turns > 0; turns -= 1) await Promise.resolve();
    if (refuse !== undefined) throw refuse;
    written.set(path, (written.get(path) ?? '') + text);
  };
  return { files: { append } as Partial<Files> as Files, written };
}

it('holds every event of a run as one line of JSON, with whose it is', async () => {
  const { files, written } = slowFiles();
  const queue = makeWriteQueue(files);
  const stage = newStage();
  const problem = new Problem('addon-failed', {
    what: 'no',
    why: 'token: abcdef.0123456789abcdef',
    cause: new Error('deep'),
  });
  const { events } = await runOn(stage, [
    stage.step('a', { onApply: ({ say }) => say('two\nlines') }),
    stage.step('b', { onApply: () => Promise.reject(problem) }),
  ]);
  events.forEach(journalTo(queue, '/j', 'up', 'me@here'));
  await queue.written();
  const lines = (written.get('/j') ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
  for (const line of lines) expect(line).toMatchObject({ v: 1, verb: 'up', owner: 'me@here', at: 0 });
  const told = { code: 'addon-failed', what: 'no', why: 'token: abcdef.<hidden>' };
  expect(lines.find(({ type }) => type === 'step-failed')).toMatchObject({ id: 'b', problem: told });
  expect(lines.at(-1)).toMatchObject({ report: { ok: false, done: ['a'], failed: [{ id: 'b', problem: told }] } });
});

it('keeps the order of lines, whichever file is slow', async () => {
  const { files, written } = slowFiles();
  const queue = makeWriteQueue(files);
  for (let n = 0; n < 9; n += 1) queue.line(n % 2 === 0 ? '/even' : '/odd', String(n));
  await queue.written();
  expect([written.get('/even'), written.get('/odd')]).toEqual(['0\n2\n4\n6\n8\n', '1\n3\n5\n7\n']);
});

it('tells of a failure to write at the end, and only there', async () => {
  const full = new Problem('file-failed', { what: 'the disk is full' });
  const queue = makeWriteQueue(slowFiles(full).files);
  queue.line('/j', 'a');
  queue.line('/j', 'b');
  await new Promise((resolve) => setImmediate(resolve));
  await expect(queue.written()).rejects.toBe(full);
});

it('continues writing when there is room again, on a line of its own', async () => {
  let text = '';
  let room = 3;
  const append = async (_: string, more: string): Promise<void> => {
    text += more.slice(0, room);
    if (more.length > room) throw new Problem('file-failed', { what: 'the disk is full' });
  };
  const queue = makeWriteQueue({ append } as Partial<Files> as Files);
  queue.line('/j', 'long line');
  await expect(queue.written()).rejects.toMatchObject({ code: 'file-failed' });
  room = 100;
  queue.line('/j', 'next');
  queue.line('/j', 'last');
  await expect(queue.written()).rejects.toMatchObject({ code: 'file-failed' });
  expect(text).toBe('lon\nnext\nlast\n');
});

it('does not ask a disk again that gave no answer', async () => {
  let asked = 0;
  const append = async (path: string): Promise<void> => {
    asked += 1;
    throw fileTimedOut('write', path, 30_000);
  };
  const queue = makeWriteQueue({ append } as Partial<Files> as Files);
  for (const path of ['/j', '/j', '/log']) queue.line(path, 'a line');
  await expect(queue.written()).rejects.toMatchObject({ code: 'file-timed-out' });
  expect(asked).toBe(1);
});
