/** Questions, answered from a keyboard of our own. */
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { WentBack } from '../../src/errors/went-back.js';
import { makeAsk } from '../../src/ui/prompts.js';
import { fakeSurroundings } from './fake-surroundings.js';

const vpc = { message: 'VPC', flag: '--vpc', env: 'KARMADA_EKS_VPC' };
const enter = '\r';
const down = '\u001B[B';
const ctrlC = '\u0003';

/** A place where somebody types these keys once the question is on the screen. */
function typing(...keys: readonly string[]) {
  const { stdin, stderr } = fakeSurroundings(80);
  const ask = makeAsk({ possible: true, stdin, stderr, columns: () => 40 });
  void expect
    .poll(() => stderr.text, { timeout: 10_000 })
    .not.toBe('')
    .then(() => keys.forEach((key) => void stdin.write(key)));
  return { ask, stdin, stderr };
}

it('takes a text, or its default', async () => {
  expect(await typing('vpc-1', enter).ask.input(vpc)).toBe('vpc-1');
  expect(await typing(enter).ask.input({ ...vpc, default: 'vpc-2' })).toBe('vpc-2');
});

it('asks again until the text is valid', async () => {
  const { ask, stdin, stderr } = typing('bad', enter);
  const validate = (text: string): true | string => text === 'bad but good' || 'it must be good';
  const answer = ask.input({ ...vpc, validate });
  await expect.poll(() => stderr.text, { timeout: 10_000 }).toContain('it must be good');
  stdin.write(' but good');
  stdin.write(enter);
  expect(await answer).toBe('bad but good');
});

it('takes one of several', async () => {
  const choices = [
    { name: 'first', value: 1 },
    { name: 'second', value: 2 },
  ];
  expect(await typing(down, enter).ask.select({ ...vpc, choices })).toBe(2);
  expect(await typing(enter).ask.select({ ...vpc, choices, default: 2 })).toBe(2);
});

it('breaks long choices between words, and shows what cannot be chosen with the reason', async () => {
  const choices = [
    { name: 'dark', value: 0, disabled: 'cannot be used: no way out of it' },
    { name: 'darker', value: 2, disabled: 'cannot be used: it is not only dark' },
    { name: 'a choice that is a good deal longer than the terminal is wide', value: 1 },
  ];
  const { ask, stderr } = typing(enter);
  expect(await ask.select({ ...vpc, choices })).toBe(1);
  const shown = stripVTControlCharacters(stderr.text).replaceAll('\r', '');
  expect(shown).toContain('- dark: cannot be used: no way out of it\n');
  expect(shown).toContain('- darker\n  cannot be used: it is not only dark\n');
  expect(shown).toContain('❯ a choice that is a good deal longer\n  than the terminal is wide\n');
  expect(shown).toMatch(/VPC\?\s+a choice that is a good deal longer\n {2}than the terminal is wide\s*$/);
});

it('takes yes and no; Enter means no', async () => {
  expect(await typing('y', enter).ask.confirm(vpc)).toBe(true);
  expect(await typing(enter).ask.confirm(vpc)).toBe(false);
  expect(await typing(enter).ask.confirm({ ...vpc, default: true })).toBe(true);
});

it('goes back at Esc where that is offered, takes the question off the screen, and says so in lists', async () => {
  const asked = { ...vpc, canGoBack: true };
  const choices = [{ name: 'first', value: 1 }];
  const { ask, stderr } = typing('half', '\u001B');
  await expect(ask.input(asked)).rejects.toBeInstanceOf(WentBack);
  expect(stderr.text).toContain('\u001B[2K');
  await expect(typing('\u001B').ask.confirm(asked)).rejects.toBeInstanceOf(WentBack);
  const list = typing('\u001B');
  await expect(list.ask.select({ ...asked, choices })).rejects.toBeInstanceOf(WentBack);
  expect(stripVTControlCharacters(list.stderr.text)).toContain('esc back');
  const first = typing('\u001B', enter);
  expect(await first.ask.select({ ...vpc, choices })).toBe(1);
  expect(stripVTControlCharacters(first.stderr.text)).not.toContain('esc back');
});

it('has a name typed', async () => {
  expect(await typing('demo', enter).ask.typedName({ ...vpc, name: 'demo' })).toBe(true);
  expect(await typing('dem', enter).ask.typedName({ ...vpc, name: 'demo' })).toBe(false);
});

it('breaks the request for a name at spaces', async () => {
  const { ask, stderr } = typing('demo', enter);
  await ask.typedName({ ...vpc, message: 'This cannot be undone. To confirm, type the fleet’s name', name: 'demo' });
  expect(stripVTControlCharacters(stderr.text)).toContain(
    '? This cannot be undone. To confirm,\n  type the fleet’s name (demo)',
  );
});

it('is a Problem when the user leaves', async () => {
  await expect(typing(ctrlC).ask.input(vpc)).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
});

it('names the flag and the variable where no prompt is possible', async () => {
  const { stdin, stderr } = fakeSurroundings();
  const ask = makeAsk({ possible: false, stdin, stderr, columns: () => 40 });
  const problem = { code: 'missing-value', next: ['set --vpc or KARMADA_EKS_VPC'] };
  await expect(ask.input({ ...vpc, default: 'x' })).rejects.toMatchObject(problem);
  await expect(ask.select({ ...vpc, choices: [] })).rejects.toMatchObject(problem);
  const unconfirmed = {
    code: 'missing-value',
    message: 'cannot ask for confirmation without a terminal',
    next: ['use --yes --confirm demo'],
  };
  const confirmation = { message: 'Delete it', flag: '--yes --confirm demo' };
  await expect(ask.confirm(confirmation)).rejects.toMatchObject(unconfirmed);
  await expect(ask.typedName({ ...confirmation, name: 'demo' })).rejects.toMatchObject(unconfirmed);
  expect(stderr.text).toBe('');
});

it('ends a question, and asks none any more, once a stop is asked for', async () => {
  const { stdin, stderr } = fakeSurroundings(40);
  const stop = new AbortController();
  const ask = makeAsk({ possible: true, stdin, stderr, stop: stop.signal, columns: () => 40 });
  const asked = ask.confirm(vpc);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
  await expect(ask.input(vpc)).rejects.toMatchObject({ code: 'interrupted' });
});

it('ends a question at Ctrl-D, and when the terminal is closed', async () => {
  await expect(typing('\u0004').ask.input(vpc)).rejects.toMatchObject({ code: 'interrupted' });
  const { stdin, stderr } = fakeSurroundings(80);
  const asked = makeAsk({ possible: true, stdin, stderr, columns: () => 40 }).confirm(vpc);
  stdin.end();
  await expect(asked).rejects.toMatchObject({ code: 'interrupted' });
});
