/** README.md can be read in three minutes, and its commands work as printed. */
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { commandTable, flagsOf } from '../../src/cli/command-table.js';
import { optionOf, variableOf } from '../../src/options/table.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from '../lifecycle/cli.js';
import { newMachine, succeed } from '../lifecycle/fleet.js';
import { readDoc } from './read-doc.js';

const readme = await readDoc('README.md');
const reference = await readDoc('docs/reference.md');

/** The commands of a section, one a line, without their remarks. */
function commandsOf(title: string): readonly string[] {
  const section = new RegExp(`^## ${title}\n(.*?)(?=^## )`, 'ms').exec(readme)?.[1] ?? '';
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  const lines = blocks.join('').replaceAll('\\\n', ' ').trim().split('\n');
  return lines.map((line) => line.replace(/ +#.*/, '').replaceAll(/ +/g, ' '));
}

it('has at most 900 words and one picture', () => {
  expect(readme.trim().split(/\s+/).length).toBeLessThanOrEqual(900);
  expect(readme.match(/!\[/g)).toHaveLength(1);
});

it('names the repository that the package and the action are from', async () => {
  const { repository, version } = JSON.parse(await readDoc('package.json')) as {
    readonly repository: { readonly url: string };
    readonly version: string;
  };
  const address = repository.url.replace(/^git\+|\.git$/g, '');
  expect(readme).toContain(`[the repository](${address})`);
  expect(reference).toContain(`uses: ${address.replace('https://github.com/', '')}@v${version}\n`);
});

it('what it prints to try, works in the account that npm start leaves', async () => {
  const account = newMachine();
  addVpc(account, { region: 'us-west-2', name: 'karmada-vpc', variant: 'full' });
  const [start, ...others] = commandsOf('Try it, without an AWS account');
  expect(start).toBe('npm start');
  await succeed(account, 'up --fleet demo --region us-west-2 --vpc karmada-vpc --members 3 --yes');
  expect(others).toHaveLength(3);
  for (const command of others) await succeed(account, command.replace('node bin/karmada-eks.js ', ''));
});

it.each(['Install', 'Run', 'Take it away'].flatMap(commandsOf).filter((line) => line.startsWith('karmada-eks ')))(
  '%s: every word of it is known',
  async (command) => {
    const { code, stderr } = await cli(newMachine(), command.replace('karmada-eks ', ''), { alone: true });
    expect(stderr).not.toMatch(/invalid-usage|invalid-value/);
    expect(code).not.toBe(1);
  },
);

it.each(
  commandTable.flatMap((entry) => flagsOf(entry).map((name) => [entry.name, optionOf(name).flags, name] as const)),
)('%s: %s is in the table of flags or in a section of its own, with its variable', (command, flags, name) => {
  const { group, onlyTyped } = optionOf(name);
  const isWord = !flags.includes('<');
  const variable = group === 'loss' || onlyTyped === true ? 'none' : `\`${variableOf(name)}${isWord ? '=true' : ''}\``;
  const rows = reference.split('\n').filter((line) => line.startsWith(`| \`${flags}\` |`));
  // The flags of tools install, and what they are by default, stand with what it does.
  if (command === 'tools install' && group !== 'common') return expect(rows).toHaveLength(1);
  const cells = rows.map((row) => row.split(/ ?(?<!\\)\| ?/).slice(1, -1));
  const own = cells.find((row) => row[3] === 'all' || (row[3] ?? '').split(/[,;] /).includes(command));
  expect(own?.[1]).toBe(variable);
});

it('docs/reference.md begins with a list of its sections, and docs/README.md names every page', async () => {
  const sections = [...reference.replaceAll(/```.*?```/gs, '').matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  expect([...reference.matchAll(/^- \[(.*)\]\(#.*\)$/gm)].map(([, title]) => title)).toEqual(sections);
  const index = await readDoc('docs/README.md');
  const pages = (await readdir(new URL('../../docs', import.meta.url))).filter((name) => /\.(?:md|json)$/.test(name));
  for (const page of pages.filter((name) => name !== 'README.md')) expect(index).toContain(`](${page})`);
});
