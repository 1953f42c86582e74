/** Which answers become fixtures, and that nothing of a secret or of one run is kept in them. */
import { expect, it } from 'vitest';
import { redact } from '../../../src/logs/redact.js';
import { allSecrets, foundIn } from '../../commands/support-bundle/secrets.js';

interface Call {
  readonly kind: 'exec' | 'aws';
  readonly request?: { readonly tool: string; readonly args: readonly string[] };
  readonly result?: { readonly code: number; readonly stdout: string; readonly stderr: string };
}

interface Fixture {
  readonly command: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// The lab's JavaScript has no types: it runs without a build.
const { pick, fixtureOf } = (await import(new URL('recordings.js', import.meta.url).href)) as {
  readonly pick: (recording: object, runs: readonly (readonly Call[])[]) => Call | undefined;
  readonly fixtureOf: (call: Call, names: readonly (readonly [string, string])[], hide: typeof redact) => Fixture;
};

const call = (args: string, stdout: string, code = 0): Call => ({
  kind: 'exec',
  request: { tool: 'kubectl', args: args.split(' ') },
  result: { code, stdout, stderr: '' },
});

it('takes the last fitting call of the first run that has one', () => {
  const runs = [
    [call('get a', '')],
    [
      { kind: 'aws' } as const,
      call('get a', 'x 1'),
      call('get a', 'x 2'),
      call('get a', 'x 3', 1),
      call('get b', 'x 4'),
    ],
    [call('get a', 'x 5')],
  ];
  expect(pick({ tool: 'kubectl', args: /^get a$/, printed: /x/ }, runs)?.result?.stdout).toBe('x 2');
  expect(pick({ tool: 'kubectl', args: /^get a$/, code: 1 }, runs)?.result?.stdout).toBe('x 3');
  expect(pick({ tool: 'eksctl', args: /^get a$/ }, runs)).toBeUndefined();
});

it('keeps no secret, whatever is printed', () => {
  const { stdout } = fixtureOf(call('get a', allSecrets), [], redact);
  expect(foundIn(stdout)).toEqual([]);
});

it('keeps the names in a Secret and none of its values', () => {
  const secret = JSON.stringify({ kind: 'Secret', metadata: { name: 'a' }, data: { 'ca.crt': 'Y2VydGlmaWNhdGU=' } });
  const list = JSON.stringify({ kind: 'List', items: [JSON.parse(secret), {}, { metadata: { name: 'third' } }] });
  const [one, all] = [secret, list].map((text) => fixtureOf(call('get a', text), [], redact).stdout);
  expect(JSON.parse(one ?? '')).toEqual({
    kind: 'Secret',
    metadata: { name: 'a' },
    data: { 'ca.crt': 'cmVtb3ZlZA==' },
  });
  expect(JSON.parse(all ?? '').items).toEqual([JSON.parse(one ?? ''), {}]);
});

it('puts values of the same kind in the place of those of the run', () => {
  const text =
    'token abcdee.0123456789abcdee of vol-0123456789abcdef1 at 10.1.2.3:6443 in /home/x/y, 2026-05-06T07:08:09Z\n';
  const { command, stdout } = fixtureOf(call('get /home/x/y', text), [['/home/x', '<data>']], redact);
  expect(command).toBe('kubectl get /data/y');
  expect(stdout).toBe(
    'token abcdef.0123456789abcdef of vol-0123456789abcdef0 at 192.0.2.1:6443 in /data/y, 2026-01-02T03:04:05Z\n',
  );
});
