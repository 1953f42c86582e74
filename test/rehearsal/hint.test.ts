/** Who forgot `--rehearse` is told so, and nobody else. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import type { ProblemCode } from '../../src/errors/table.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { accountPath, rehearsalHint } from '../../src/rehearsal/hint.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

const kept = JSON.stringify({ files: { '/home/you/.local/share/karmada-eks/fleets/1/us-west-2/demo/fleet.json': '' } });

it.each([
  ['missing-value', 'demo', 'fleet demo exists in the rehearsal: add --rehearse'],
  ['fleet-not-found', 'demo', 'fleet demo exists in the rehearsal: add --rehearse'],
  ['fleet-not-found', 'emo', undefined],
  ['fleet-not-found', undefined, undefined],
  ['fleet-not-ready', 'demo', undefined],
] as const)('%s of fleet %s', async (code: ProblemCode, fleet, hint) => {
  const { world } = connect(newAccount());
  await world.files.write(accountPath(world.environment), kept);
  expect(await rehearsalHint(world, new Problem(code, { what: 'x' }), fleet)).toBe(hint);
});

it('says nothing where there never was a rehearsal', async () => {
  expect(await rehearsalHint(connect(newAccount()).world, new Problem('missing-value', { what: 'x' }))).toBeUndefined();
});
