/** What a run with --profile shows, is for that profile. */
import { expect, it } from 'vitest';
import { makeUi } from '../../src/ui/make-ui.js';
import { fakeSurroundings } from './fake-surroundings.js';

function shown(profile: string, text: string, rehearsed?: readonly string[]): string {
  const surroundings = fakeSurroundings();
  const profiled = { profile, commands: ['up', 'down'] };
  const ui = makeUi(surroundings, { json: false, debug: false, now: () => 0, profiled, rehearsed });
  ui.note(text);
  return surroundings.stderr.text.trimEnd();
}

it.each([
  ['karmada-eks down --fleet demo', 'karmada-eks down --profile ops --fleet demo'],
  [
    'run karmada-eks up again, or karmada-eks down',
    'run karmada-eks up --profile ops again, or karmada-eks down --profile ops',
  ],
  ['karmada-eks up --yes --profile ops', 'karmada-eks up --yes --profile ops'],
  ['karmada-eks tools install, which needs none', 'karmada-eks tools install, which needs none'],
  [
    'delete it: aws cloudformation delete-stack --stack-name x',
    'delete it: aws cloudformation delete-stack --profile ops --stack-name x',
  ],
  ['  eksctl delete cluster --name x', '  eksctl delete cluster --profile ops --name x'],
  ['log in again: aws sso login --profile other', 'log in again: aws sso login --profile other'],
  ['find out why: kubectl get pods', 'find out why: kubectl get pods'],
  ['in aws two things', 'in aws two things'],
])('%s', (text, told) => {
  expect(shown('ops', text)).toBe(told);
});

it('quotes a name for the shell, whatever is in it', () => {
  expect(shown("my ops' $& one", 'karmada-eks up')).toBe(`karmada-eks up --profile 'my ops'\\'' $& one'`);
});

it('in a rehearsal too', () => {
  expect(shown('ops', 'karmada-eks up', ['up'])).toBe('karmada-eks up --profile ops --rehearse');
});
