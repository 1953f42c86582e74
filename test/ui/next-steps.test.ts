/** Commands to go on with: in lines that a shell takes as they are. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { renderNext } from '../../src/ui/next-steps.js';

const command = `karmada-eks up --fleet shop --region us-west-2 --vpc 'Tom'\\''s *' --member name=one,mode=push --member 'name=two,mode=pull,vpc=ma*n' --internal --yes`;

it('is one line where there is room', () => {
  expect(renderNext([{ purpose: 'again', command }], Number.POSITIVE_INFINITY)).toBe(`again:\n  ${command}`);
});

it('is broken between words elsewhere, a flag staying with its value', () => {
  expect(renderNext([{ purpose: 'the same run as one command', command }], 60)).toMatchInlineSnapshot(`
    "the same run as one command:
      karmada-eks up --fleet shop --region us-west-2 \\
        --vpc 'Tom'\\''s *' --member name=one,mode=push \\
        --member 'name=two,mode=pull,vpc=ma*n' --internal \\
        --yes"
  `);
});

it.each([30, 40, 60, 80])('gives a shell the same words, in lines of at most %d columns', (columns) => {
  const [, ...lines] = renderNext([{ purpose: 'again', command }], columns).split('\n');
  // A word that is longer than a line stays whole.
  const long = lines.filter((line) => line.length > columns && !/^\s*\S+ \\$/.test(line));
  expect(long).toEqual([]);
  expect(wordsIn(lines.join('\n'))).toBe(wordsIn(command));
});

/** As a shell takes them. */
function wordsIn(text: string): string {
  const script = `k() { printf '<%s>' "$@"; }\n${text.replace('karmada-eks', 'k')}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' });
}

it('leaves a quoted text of several lines as it is', () => {
  const echo = "echo '\n  spec: {a: 1}\n' | kubectl apply -f -";
  expect(renderNext([{ purpose: 'try', command: echo }], 10)).toBe(`try:\n  ${echo.replaceAll('\n', '\n  ')}`);
});
