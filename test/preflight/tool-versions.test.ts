/** What is told of programs that cannot be asked for their version. */
import { expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { Problem } from '../../src/errors/problem.js';
import { findTools } from '../../src/preflight/tool-versions.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { defaultVersions } from '../../src/rehearsal/machine/tools.js';

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

it.each(['1.16.156', '1.23.8', '2.0.0', '2.4.6'])(
  'refuses the AWS CLI %s, whose tokens kubectl does not take',
  async (aws) => {
    const { world } = connect(newAccount(), { tools: { ...defaultVersions, aws } });
    const clients = makeClients(world, { signal: new AbortController().signal });
    const { diagnostics } = await findTools(clients, { signal: new AbortController().signal });
    expect(diagnostics).toMatchObject([
      {
        code: 'tool-version',
        what: `aws ${aws} is not supported; >=1.23.9 <2 or >=2.7.0 is required`,
        why: 'older versions give kubectl tokens of client.authentication.k8s.io/v1alpha1, which kubectl 1.24 and newer refuse',
      },
    ]);
  },
);

it.each(['1.23.9', '1.44.2', '2.7.0', '2.36.7'])('takes the AWS CLI %s', async (aws) => {
  const { world } = connect(newAccount(), { tools: { ...defaultVersions, aws } });
  const clients = makeClients(world, { signal: new AbortController().signal });
  const { diagnostics } = await findTools(clients, { signal: new AbortController().signal });
  expect(diagnostics).toMatchObject([{ severity: 'ok' }]);
});
