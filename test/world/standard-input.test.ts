/** What is piped into the process is read whole, once, and only when it is asked for. */
import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { realInput } from '../../src/world/real/standard-input.js';

const { signal } = new AbortController();

it('answers the same whole text at every call', async () => {
  const read = realInput(Readable.from([Buffer.from('fleet: sh'), Buffer.from('op\n')]));
  expect(await read(signal)).toBe('fleet: shop\n');
  expect(await read(signal)).toBe('fleet: shop\n');
});

it('does not touch a terminal', async () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  expect(await realInput(terminal)(signal)).toBeUndefined();
  expect(terminal.readableFlowing).toBeNull();
});

it('does not read before it is asked', () => {
  const piped = new PassThrough();
  realInput(piped);
  expect(piped.readableFlowing).toBeNull();
});

it('gives up on Ctrl-C, though the writer never closes its end', async () => {
  const stop = new AbortController();
  const reading = realInput(new PassThrough())(stop.signal);
  stop.abort();
  await expect(reading).rejects.toMatchObject({ code: 'interrupted', what: 'stopped while reading standard input' });
  await expect(realInput(new PassThrough())(stop.signal)).rejects.toMatchObject({ code: 'interrupted' });
});

it('reports input that cannot be read', async () => {
  const broken = new Readable({ read: () => broken.destroy(new Error('EISDIR: illegal operation on a directory')) });
  await expect(realInput(broken)(signal)).rejects.toMatchObject({
    code: 'config-unreadable',
    what: 'standard input cannot be read',
    why: 'EISDIR: illegal operation on a directory',
  });
});
