/** Help that the build keeps: the same words as commander's, shown without it. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.js';
import { helpTexts } from '../../src/cli/help-texts.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { cli } from '../lifecycle/cli.js';
import { builtProgram } from '../world/built-program.js';

const run = promisify(execFile);

const asked = async (words: readonly string[], columns?: number): Promise<string> => {
  const { code, stdout } = await cli(newAccount(), words, columns === undefined ? {} : { columns });
  expect(code).toBe(0);
  return stdout;
};

it('keeps what commander says of the program, of each verb and of each group, however wide the terminal', async () => {
  const texts = await helpTexts();
  expect(Object.keys(texts).sort()).toEqual(
    ['', 'access', 'certs', 'completion', 'members', 'tools', ...commandTable.map(({ name }) => name)].sort(),
  );
  for (const [about, text] of Object.entries(texts)) {
    expect(text).toContain(`Usage: karmada-eks ${about}`);
    for (const columns of [undefined, 80, 200]) {
      expect(await asked([...about.split(' ').filter(Boolean), '--help'], columns)).toBe(text);
    }
  }
  expect(await asked(['help'])).toBe(texts['']);
  expect(await asked(['help', 'up'])).toBe(texts['up']);
  expect(texts['kubeconfig']).toContain('\n  export KUBECONFIG=$(karmada-eks kubeconfig)\n');
});

it.each([70, 40])('lays help out again for a terminal that is narrower: %i columns', async (columns) => {
  const longest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
  const paragraphs = (text: string): string => text.split('\nExamples:')[0]?.replace(/^Usage:.*/, '') ?? '';
  for (const about of Object.keys(await helpTexts())) {
    const help = await asked([...about.split(' ').filter(Boolean), '--help'], columns);
    expect(longest(paragraphs(help))).toBeLessThanOrEqual(columns);
  }
  expect(longest(await asked(['--help'], 80))).toBeGreaterThan(70);
});

it('puts a description below its flag where there is no room at the right of it', async () => {
  const help = await asked(['up', '--help'], 40);
  expect(help).toContain(`
  --region <region>
      region of the parent (AWS_REGION
      is read too)
`);
  expect(help).toContain(`
Each flag is a variable too, --fleet for
example KARMADA_EKS_FLEET, except those
of consent.
`);
});

it('shows a kept text for each way to ask, and asks commander for the rest', async () => {
  const program = await builtProgram();
  const answer = async (...words: readonly string[]) => (await run(process.execPath, [program, ...words])).stdout;
  const laidOut = await answer('up', '--help');
  expect(laidOut).toBe((await helpTexts())['up']);
  await writeFile(
    join(program, '../../dist/help.json'),
    JSON.stringify({ '': 'kept', up: 'kept up', 'a b': 'kept a b' }),
  );
  expect(await Promise.all(['--help', '-h', 'help'].map((word) => answer(word)))).toEqual(Array(3).fill('kept'));
  expect([await answer('up', '-h'), await answer('help', 'up')]).toEqual(['kept up', 'kept up']);
  expect(await answer('a', 'b', '--help')).toBe('kept a b');
  expect(await answer('plan', '--help')).toContain('Usage: karmada-eks plan');
  expect(await answer('up', '--help', '--region=us-west-2')).toBe(laidOut);
});
