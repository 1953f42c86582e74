/** What agrees to a loss is typed: no variable does, and one that is set is refused rather than ignored. */
import { expect, it } from 'vitest';
import { commandTable } from '../../../src/cli/command-table.js';
import { helpTexts } from '../../../src/cli/help-texts.js';
import { runOptions } from '../../../src/options/run-options.js';
import { said } from '../../cli/output.js';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, region } from '../../lifecycle/fleet.js';

const typed = Object.values(runOptions).filter(({ readsEnv }) => !readsEnv);

it('the flags that agree to a loss have no variable, and all others have', () => {
  expect(typed.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['confirm', 'force', 'deleteCluster', 'removeLeftovers', 'prune']),
  );
  const losses = /^(?:confirm|force|prune|delete|remove|replace|reinstall|keepWorkloads)/;
  const others = Object.values(runOptions).filter(({ readsEnv }) => readsEnv);
  expect(others.filter(({ key }) => losses.test(key))).toEqual([]);
});

it.each(typed)('$env is refused by every command that has the flag', async ({ key, env, flags }) => {
  const having = commandTable.filter(({ run }) => run.some((each) => each.key === key));
  expect(having.length).toBeGreaterThan(0);
  for (const { name, argument } of having) {
    for (const value of ['true', 'false', 'karmada', '']) {
      const words = [...name.split(' '), ...(argument ? ['one'] : []), '--region', region];
      const ended = await cli(newMachine(), words, { vars: { [env]: value } });
      expect(ended).toMatchObject({ code: 2, calls: [] });
      const flag = flags.split(' ')[0] ?? '';
      expect(said(ended)).toContain(`unset ${env}, and add ${flag} to the command when you mean it`);
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
  expect(texts).toContain('[KARMADA_EKS_YES]');
  for (const { env, flags } of typed) {
    expect(texts).toContain(flags);
    expect(texts).not.toContain(env);
  }
});

it('a question that a flag alone answers names no variable', async () => {
  const account = newMachine();
  await cli(account, `up --region ${region} --vpc main --yes --members 0`, { killAt: 60 });
  expect(said(await cli(account, 'down'))).toMatchInlineSnapshot(`
    "✖ a value is missing and there is no terminal to ask for it: This cannot be undone. To confirm, type the fleet’s name
      next: set --yes --confirm karmada
      code: missing-value
    exit 2"
  `);
});
