/** What agrees to a loss is typed: no variable does, and one that is set is refused rather than ignored. */
import { expect, it } from 'vitest';
import { commandTable, flagsOf } from '../../../src/cli/command-table.js';
import { helpTexts } from '../../../src/cli/help-texts.js';
import { flagOf, optionNames, optionOf, variableOf } from '../../../src/options/table.js';
import { said } from '../../cli/output.js';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, region } from '../../lifecycle/fleet.js';

const typed = optionNames.filter((name) => optionOf(name).group === 'loss');

it('a flag whose name tells of a loss has no variable', () => {
  expect(typed).toEqual(expect.arrayContaining(['confirm', 'force', 'deleteCluster', 'removeLeftovers', 'prune']));
  const losses = /^(?:confirm|force|prune|delete|remove|replace|reinstall|keepWorkloads)/;
  const others = optionNames.filter((name) => !typed.includes(name) && !optionOf(name).onlyTyped);
  expect(others.filter((name) => losses.test(name))).toEqual([]);
});

it.each(typed)('the variable of %s is refused by every command that has the flag', async (option) => {
  const env = variableOf(option);
  const having = commandTable.filter((each) => flagsOf(each).includes(option));
  expect(having.length).toBeGreaterThan(0);
  for (const { name, argument } of having) {
    for (const value of ['true', 'false', 'karmada', '']) {
      const words = [...name.split(' '), ...(argument ? ['one'] : []), '--region', region];
      const ended = await cli(newMachine(), words, { vars: { [env]: value } });
      expect(ended).toMatchObject({ code: 2, calls: [] });
      expect(said(ended)).toContain(`unset ${env}, and add ${flagOf(option)} to the command when you mean it`);
    }
  }
});

it('reports why', async () => {
  const vars = { KARMADA_EKS_CONFIRM: 'karmada', KARMADA_EKS_REMOVE_LEFTOVERS: 'true' };
  expect(said(await cli(newMachine(), 'down --yes', { vars }))).toMatchInlineSnapshot(`
    "✖ 2 values are invalid
      1. KARMADA_EKS_CONFIRM is set, but --confirm agrees to a loss and can only be set on the command line (invalid-value)
         next: unset KARMADA_EKS_CONFIRM, and add --confirm to the command when you mean it
      2. KARMADA_EKS_REMOVE_LEFTOVERS is set, but --remove-leftovers agrees to a loss and can only be set on the command line (invalid-value)
         next: unset KARMADA_EKS_REMOVE_LEFTOVERS, and add --remove-leftovers to the command when you mean it
      code: invalid-value
    exit 2"
  `);
});

it('a command without the flag does not mind', async () => {
  const ended = await cli(newMachine(), `status --region ${region}`, { vars: { KARMADA_EKS_PRUNE: 'true' } });
  expect(said(ended)).toContain('no fleet karmada in us-west-2');
});

it('help names no variable for them', async () => {
  const texts = Object.values(await helpTexts()).join('\n');
  expect(texts).toContain('KARMADA_EKS_FLEET');
  for (const option of typed) {
    expect(texts).toContain(optionOf(option).flags);
    expect(texts).not.toContain(variableOf(option));
  }
});

it.each([
  ['up', 'up needs consent: add --yes'],
  ['up --json', 'up needs consent: add --yes'],
  ['join --cluster shop', 'join needs consent: add --yes'],
  ['unjoin one', 'unjoin needs consent: add --yes'],
  ['down', 'down needs consent: add --yes --confirm karmada'],
  ['down --yes --fleet shop', 'down needs consent: add --confirm shop'],
  ['down --confirm karmada', 'down needs consent: add --yes'],
  ['down --yes --confirm shop', '--confirm does not match: expected karmada, got shop; nothing was changed'],
])('%s: what nobody can be asked for is asked for before anything is read', async (words, what) => {
  const { code, stdout, stderr, calls } = await cli(newMachine(), `${words} --region ${region}`);
  expect(code).toBe(2);
  expect(`${stdout}${stderr}`).toContain(what);
  expect(calls).toEqual([]);
});

it('the variable is consent too, and so is a terminal', async () => {
  const byVariable = await cli(newMachine(), `unjoin one --region ${region}`, { vars: { KARMADA_EKS_YES: 'yes' } });
  const onTerminal = await cli(newMachine(), `unjoin one --region ${region}`, { leaves: true });
  for (const { stderr } of [byVariable, onTerminal]) expect(stderr).toContain('no fleet karmada in us-west-2');
});
