/** What is told of programs that cannot be asked for their version. */
import { expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { Problem } from '../../src/errors/problem.js';
import { findTools } from '../../src/preflight/tool-versions.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

it('tells once of a program that others may change, however many run it', async () => {
  const { world } = connect(newAccount());
  const exec: typeof world.exec = async (request) => {
    if (request.tool === 'eksctl') return await world.exec(request);
    throw new Problem('writable-by-others', { what: 'other users can modify /opt/bin/aws' });
  };
  const clients = makeClients({ ...world, exec }, { signal: new AbortController().signal });
  const { found, diagnostics } = await findTools(clients, { signal: new AbortController().signal });
  expect(Object.keys(found ?? {})).toEqual(['eksctl']);
  expect(diagnostics.map(({ what }) => what)).toEqual(['other users can modify /opt/bin/aws']);
});
