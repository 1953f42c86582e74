/** The search for secrets is worth something: what is planted is found, and what a fleet has is looked for. */
import { expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { allSecrets, secrets } from '../commands/support-bundle/secrets.js';
import { scenarios } from './scenarios.js';
import { keysLeft, leaks, secretsInPlay } from './secrets-in-play.js';

const fleetFolder = '/home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada';

it('finds every kind of secret wherever one is written', () => {
  const account = newAccount();
  const inPlay = secretsInPlay(account);
  account.state.files[`${fleetFolder}/journal.jsonl`] = allSecrets;
  expect(leaks(account, inPlay, { stdout: '', stderr: '' })).toHaveLength(secrets.length);
  const { files } = account.state;
  delete files[`${fleetFolder}/journal.jsonl`];
  expect(leaks(account, inPlay, { stdout: allSecrets, stderr: allSecrets })).toHaveLength(2 * secrets.length);
});

it('knows the keys of a fleet, and finds each of them in a log', async () => {
  const account = await scenarios.down.account();
  const inPlay = secretsInPlay(account);
  const keys = inPlay.filter((secret) => secret.startsWith('-----BEGIN'));
  expect(keys.length).toBeGreaterThan(3);
  for (const key of keys) {
    account.state.files[`${fleetFolder}/logs/planted.log`] = `a line\n${key}\n`;
    expect(leaks(account, inPlay, { stdout: '', stderr: '' }).join()).toContain('planted.log');
    expect(keysLeft(account)).toEqual([`${fleetFolder}/logs/planted.log`]);
  }
});
