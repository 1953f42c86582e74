/** The real HTTP reads, against a server on this machine. */
import { expect, it } from 'vitest';
import { realHttpGet } from '../../src/world/real/net/http.js';
import { loopback } from './loopback.js';

const none = { vars: {} };

it('answers status and text', async () => {
  const url = await loopback((_, response) => response.writeHead(503).end('203.0.113.7\n'));
  expect(await realHttpGet(none)(url, 5000)).toEqual({ kind: 'answered', status: 503, body: '203.0.113.7\n' });
});

it('asks for the head alone when told so', async () => {
  const url = await loopback(({ method }, response) =>
    response.writeHead(method === 'HEAD' ? 200 : 405).end('archive'),
  );
  expect(await realHttpGet(none)(url, 5000, 'HEAD')).toEqual({ kind: 'answered', status: 200, body: '' });
});

it('gives up in time', async () => {
  const url = await loopback(() => {});
  expect(await realHttpGet(none)(url, 50)).toEqual({ kind: 'failed', reason: expect.stringContaining('timeout') });
});

it('reports what the network says', async () => {
  expect(await realHttpGet(none)('http://127.0.0.1:1/', 5000)).toEqual({ kind: 'failed', reason: expect.any(String) });
  const refused = await realHttpGet(none)('http://127.0.0.1:59999/', 5000);
  expect(refused).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
});
