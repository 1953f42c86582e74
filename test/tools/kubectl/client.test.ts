/** kubectl's answers as the product takes them. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { makeKubectl } from '../../../src/tools/kubectl/client.js';
import { anyObject } from '../../../src/tools/kubectl/objects.js';
import type { ExecResult } from '../../../src/world/exec.js';
import { exited, listening, scriptedExec } from '../scripted-exec.js';

const access = { kubeconfig: '/k', context: 'demo-parent' };
const { call } = listening();
const one = { kind: 'Pod', metadata: { name: 'a' }, spec: { x: 1 } };

const get = (answer: ExecResult) =>
  makeKubectl(scriptedExec(answer).exec).get(access, { kind: 'pods', name: 'a' }, anyObject, call);
const list = (answer: ExecResult) =>
  makeKubectl(scriptedExec(answer).exec).list(access, { kind: 'pods' }, anyObject, call);

it('reads one object, and all of a kind, with what it does not know', async () => {
  expect(await get(exited(JSON.stringify(one)))).toEqual(one);
  expect(await list(exited(JSON.stringify({ kind: 'List', items: [one, one] })))).toEqual([one, one]);
  expect(await list(exited('{"items":[]}'))).toEqual([]);
});

it.each([
  ['there is none', exited('')],
  ['there is only a line end', exited('\n')],
])('finds nothing when %s', async (_, answer) => {
  expect([await get(answer), await list(answer)]).toEqual([undefined, []]);
});

it('does not take a type that the API does not tell of for one that has no objects', async () => {
  const stderr = 'error: the server doesn\'t have a resource type "clusters"';
  const answer = exited('', { code: 1, stderr });
  const expected = { code: 'tool-failed', why: stderr };
  await expect(get(answer)).rejects.toMatchObject(expected);
  await expect(list(answer)).rejects.toMatchObject(expected);
  const client = makeKubectl(scriptedExec(answer).exec);
  expect(await client.listIfServed(access, { kind: 'clusters' }, anyObject, call)).toBeUndefined();
});

it.each([
  'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
  'Unable to connect to the server: dial tcp: lookup x.eks.amazonaws.com: no such host',
  'error: You must be logged in to the server (Unauthorized)',
  'Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255',
])('reports which API does not respond: %s', async (stderr) => {
  const answer = exited('', { code: 1, stderr });
  const expected = {
    code: 'cluster-unreachable',
    message: 'the Kubernetes API of demo-parent does not respond',
    why: stderr,
  };
  await expect(get(answer)).rejects.toMatchObject(expected);
  await expect(list(answer)).rejects.toMatchObject(expected);
  await expect(makeKubectl(scriptedExec(answer).exec).apply(access, [one], call)).rejects.toMatchObject(expected);
});

it('takes other refusals for what they are', async () => {
  const stderr = 'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"';
  await expect(list(exited('', { code: 1, stderr }))).rejects.toMatchObject({ code: 'tool-failed', why: stderr });
});

it.each(['<html>', '{"kind":', 'null{}'])('does not understand %j', async (text) => {
  await expect(get(exited(text))).rejects.toMatchObject({
    code: 'tool-output',
    message: expect.stringContaining('not JSON'),
  });
});

it.each(['[]', 'null', '7', '{}', '{"kind":"Pod"}', '{"kind":"Pod","metadata":{"name":1}}'])(
  'does not take %s for an object',
  async (text) => {
    await expect(get(exited(text))).rejects.toMatchObject({
      code: 'tool-output',
      message: expect.stringContaining('pods/a'),
    });
  },
);

it.each(['{}', '{"items":{}}', '{"items":[{}]}'])('does not take %s for a list', async (text) => {
  await expect(list(exited(text))).rejects.toMatchObject({ code: 'tool-output' });
});

it.each([
  ['ok', 0, true],
  ['ok\n', 0, true],
  ['[-]etcd failed', 0, false],
  ['ok', 1, false],
])('an API that says %j with status %i is ready: %s', async (text, code, expected) => {
  expect(await makeKubectl(scriptedExec(exited(text, { code })).exec).isReady(access, call)).toBe(expected);
});

it('sends objects on standard input only', async () => {
  const { exec, asked } = scriptedExec(exited());
  const kubectl = makeKubectl(exec);
  await kubectl.apply(access, [{ secret: 'hunter2' }, { b: 1 }], call);
  await kubectl.create(access, { secret: 'hunter2' }, call);
  expect(asked.map(({ stdin }) => JSON.parse(stdin ?? '') as unknown)).toEqual([
    { apiVersion: 'v1', kind: 'List', items: [{ secret: 'hunter2' }, { b: 1 }] },
    { secret: 'hunter2' },
  ]);
  for (const { args } of asked) expect(args.join(' ')).not.toContain('hunter2');
});

it('hands what it read on in the form asked for', async () => {
  const kubectl = makeKubectl(scriptedExec(exited('{"n":"7"}')).exec);
  expect(await kubectl.get(access, { kind: 'x', name: 'y' }, z.object({ n: z.coerce.number() }), call)).toEqual({
    n: 7,
  });
});
