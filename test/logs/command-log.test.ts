/** The logs of commands: what changes something or fails is kept, what reads is not. */
import { expect, it } from 'vitest';
import { loggedExec } from '../../src/logs/command-log.js';
import { makeWriteQueue } from '../../src/logs/write-queue.js';
import type { Exec, ExecResult } from '../../src/world/exec.js';
import type { Files } from '../../src/world/files.js';

const exited = (stdout: string, code = 0, stderr = ''): ExecResult => ({ kind: 'exited', code, stdout, stderr });

/** Runs one command and answers the log files it left. */
async function logsOf(
  args: readonly string[],
  result: ExecResult,
  folder: string | undefined = '/logs',
  stdin?: string,
) {
  const written: Record<string, string> = {};
  const append: Files['append'] = (path, text) => {
    written[path] = (written[path] ?? '') + text;
    return Promise.resolve();
  };
  const queue = makeWriteQueue({ append } as Partial<Files> as Files);
  const heard: string[] = [];
  const exec: Exec = (request) => {
    if (result.kind === 'exited') request.onLine?.({ stream: 'stdout', text: result.stdout });
    return Promise.resolve(result);
  };
  const clock = { now: () => Date.UTC(2026, 2, 1, 10), sleep: () => Promise.resolve() };
  const logged = loggedExec(exec, clock, queue, () => folder);
  const request = { tool: 'kubectl', args, timeoutMs: 1, ...(stdin === undefined ? {} : { stdin }) } as const;
  const answer = await logged({ ...request, onLine: ({ text }) => void heard.push(text) });
  await queue.written();
  expect(answer).toBe(result);
  return { written, heard };
}

it('keeps argv, input, output and status of what changes something, and still tells whoever listens', async () => {
  const { written, heard } = await logsOf(['apply', '-f', '-'], exited('created'), '/logs', '{"a":1}');
  expect(written).toEqual({
    '/logs/2026-03-01T100000-0001-kubectl-apply.log':
      '$ kubectl apply -f - <<\'EOF\'\n{"a":1}\nEOF\ncreated\n→ status 0\n',
  });
  expect(heard).toEqual(['created']);
});

it.each(['Secret', 'TokenReview'])('keeps nothing of a %s, however its secrets look', async (kind) => {
  const body = JSON.stringify({ kind: 'List', items: [{ kind, spec: { token: 'of no known form' } }] });
  const kept = `$ kubectl create -f - <<'EOF'\n<not kept: it may hold secrets>\nEOF\n→ status 0\n`;
  const { written, heard } = await logsOf(['create', '-f', '-'], exited(body), '/logs', body);
  expect([Object.values(written), heard]).toEqual([[kept], [body]]);
});

it('keeps nothing of a read that went well: it may hold Secrets', async () => {
  const { written, heard } = await logsOf(['get', 'secrets'], exited('{"data":{}}'));
  expect([written, heard]).toEqual([{}, ['{"data":{}}']]);
});

it('keeps of a read that failed what it complained of, not what it printed', async () => {
  const { written } = await logsOf(['get', 'secrets'], exited('half a Secret', 1, 'refused\n'));
  expect(written).toEqual({ '/logs/failed-reads.log': '$ kubectl get secrets\nrefused\n→ status 1\n' });
});

it.each([
  ['not-found', { kind: 'not-found' } as const],
  ['timed-out', { kind: 'timed-out', stdout: '', stderr: '' } as const],
])('reports that a command was %s', async (kind, result) => {
  expect(Object.values((await logsOf(['delete', 'x'], result)).written)).toEqual([`$ kubectl delete x\n→ ${kind}\n`]);
});

it('writes no token', async () => {
  const { written } = await logsOf(
    ['register', '--token=abcdef.0123456789abcdef'],
    exited('token abcdef.0123456789abcdef'),
  );
  expect(JSON.stringify(written)).not.toContain('0123456789abcdef');
});

it('stays inside its folder, whatever the arguments are', async () => {
  const { written } = await logsOf(['patch', '../../etc/passwd x'], exited(''));
  expect(Object.keys(written)).toEqual(['/logs/2026-03-01T100000-0001-kubectl-patch-______etc_passwd_x.log']);
});
