/** One answer for all who ask the same while the world is only looked at. */
import { DescribeClusterCommand, ListClustersCommand, TagResourceCommand } from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import { makeReadCache } from '../../src/clients/read-cache.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { AwsClients } from '../../src/world/aws.js';
import type { Command, ExecResult } from '../../src/world/exec.js';
import { exited, scriptedExec } from '../tools/scripted-exec.js';

const get: Command = { tool: 'kubectl', args: ['--context=one', 'get', 'nodes'] };
const patch: Command = { tool: 'kubectl', args: ['--context=one', 'patch', 'nodes', 'a'] };

function rig({ fail = false, result = exited('{}') } = {}) {
  const { exec, asked } = scriptedExec(result);
  const sent: string[] = [];
  const { aws } = connect(newAccount()).world;
  const send = async (command: { readonly constructor: { readonly name: string } }): Promise<object> => {
    sent.push(command.constructor.name);
    if (fail) throw new TypeError('it failed');
    return { clusters: [] };
  };
  const eks = (() => ({ send })) as unknown as AwsClients['eks'];
  const shared = makeReadCache({ exec, aws: { ...aws, eks } });
  const run = (command: Command) => shared.exec({ ...command, timeoutMs: 1000 });
  return { ...shared, asked, sent, run, eks: shared.aws.eks };
}

describe('in one check', () => {
  it('asks each question once', async () => {
    const { asked, sent, run, eks, withReadCache } = rig();
    await withReadCache(async () => {
      await Promise.all([run(get), run(get)]);
      await withReadCache(() => run(get));
      await run({ ...get, args: ['--context=two', 'get', 'nodes'] });
      await eks('us-west-2').send(new DescribeClusterCommand({ name: 'a' }));
      await eks('us-west-2').send(new DescribeClusterCommand({ name: 'a' }));
      await eks('us-west-2').send(new DescribeClusterCommand({ name: 'b' }));
      await eks('us-east-1').send(new DescribeClusterCommand({ name: 'a' }));
      await eks('us-east-1').send(new ListClustersCommand({}));
    });
    expect(asked).toHaveLength(2);
    expect(sent).toEqual([...Array(3).fill('DescribeClusterCommand'), 'ListClustersCommand']);
  });

  it('makes every change, and asks again after it', async () => {
    const { asked, sent, run, eks, withReadCache } = rig();
    const tag = new TagResourceCommand({ resourceArn: 'a', tags: {} });
    await withReadCache(async () => {
      await run(get);
      await run(patch);
      await run(patch);
      await run(get);
      await eks('us-west-2').send(tag);
      await eks('us-west-2').send(tag);
      await run(get);
    });
    expect(asked.map(({ args }) => args[1])).toEqual(['get', 'patch', 'patch', 'get', 'get']);
    expect(sent).toHaveLength(2);
  });

  it('keeps no failure of AWS', async () => {
    const { sent, eks, withReadCache } = rig({ fail: true });
    await withReadCache(async () => {
      const ask = () => eks('us-west-2').send(new ListClustersCommand({}));
      await expect(ask()).rejects.toThrow('it failed');
      await expect(ask()).rejects.toThrow('it failed');
    });
    expect(sent).toHaveLength(2);
  });

  it.each<ExecResult>([
    exited('', { code: 1, stderr: 'Unable to connect to the server: net/http: TLS handshake timeout' }),
    { kind: 'timed-out', stdout: '', stderr: '' },
    { kind: 'cancelled', stdout: '', stderr: '' },
    { kind: 'not-found' },
  ])('shares a failure of a program ($kind) only with those who already wait for it', async (result) => {
    const { asked, run, withReadCache } = rig({ result });
    await withReadCache(async () => {
      expect(await Promise.all([run(get), run(get)])).toEqual([result, result]);
      expect(asked).toHaveLength(1);
      expect(await run(get)).toBe(result);
    });
    expect(asked).toHaveLength(2);
  });

  it('asks again for what it is to forget', async () => {
    const { asked, run, withReadCache, forgetReads } = rig();
    await withReadCache(async () => {
      await run(get);
      forgetReads();
      await run(get);
      await run(get);
    });
    expect(asked).toHaveLength(2);
  });
});

it('asks again before, after and in the next check', async () => {
  const { asked, run, withReadCache } = rig();
  await run(get);
  await run(get);
  await withReadCache(() => run(get));
  await withReadCache(() => run(get));
  await run(get);
  expect(asked).toHaveLength(5);
});
