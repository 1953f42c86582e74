/** `--config -` reads the description from standard input, as `--config FILE` reads it from a file. */
import { expect, it } from 'vitest';
import { said } from '../../cli/output.js';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, region } from '../../lifecycle/fleet.js';

const described = `fleet: piped\nregion: ${region}\nvpc: main\nmembers: 1\n`;

/** Runs with this text piped in; undefined: standard input is a terminal. */
async function piped(words: string, input: string | undefined) {
  const ended = await cli(newMachine(), words, { alone: true, ...(input === undefined ? {} : { input }) });
  return { code: ended.code, text: said(ended), stdout: ended.stdout };
}

it('makes the plan of the file that has the same text', async () => {
  const account = newMachine();
  account.state.files['/home/you/fleet.yaml'] = described;
  const fromFile = await cli(account, 'plan --config fleet.yaml', { alone: true });
  const fromInput = await piped('plan --config -', described);
  expect(fromInput.code).toBe(0);
  expect(fromInput.stdout).toContain('piped-member-1');
  expect(fromInput.stdout).toBe(fromFile.stdout);
});

it('creates the fleet, and join finds no other member in it', async () => {
  const account = newMachine();
  expect((await cli(account, 'up --config - --yes', { input: described })).code).toBe(0);
  const joined = await cli(account, 'join --config - --yes', { input: described, alone: true });
  expect(said(joined)).toContain('the fleet already has every member in standard input');
});

it.each([
  ['a field that does not exist', 'fleat: x\n', 2, 'standard input: '],
  ['nothing', '', 2, '✖ standard input is empty'],
  ['a text that is not YAML', 'fleet: [\n', 2, '✖ standard input is not YAML'],
])('names standard input as the place of %s', async (_, input, code, text) => {
  const ended = await piped('plan --config -', input);
  expect(ended.code).toBe(code);
  expect(ended.text).toContain(text);
});

it('does not wait for what somebody would have to type', async () => {
  const { code, text } = await piped('plan --config -', undefined);
  expect(code).toBe(2);
  expect(text).toMatchInlineSnapshot(`
    "✖ --config -: expected the description on standard input, got a terminal
      next: 1. cat fleet.yaml | karmada-eks plan --config -
            2. set a file: --config FILE
      code: config-unreadable
    exit 2"
  `);
});
