/** No change passes once a lock is lost, whoever makes it; reads always do. */
import { DeleteVolumeCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { makeClients } from '../../src/clients/clients.js';
import { Problem } from '../../src/errors/problem.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';

const region = 'us-west-2';
const lost = new Problem('fleet-locked', { what: 'somebody took it over' });

function guarded() {
  const { world, calls } = connect(newAccount());
  const clients = makeClients(world);
  const { exec, aws } = clients.world;
  const remove = () => aws.ec2(region).send(new DeleteVolumeCommand({ VolumeId: 'vol-1' }));
  const scale = () =>
    exec({ tool: 'eksctl', args: ['delete', 'cluster', '--name=x', '--region=us-west-2'], timeoutMs: 1 });
  return { clients, calls, exec, aws, remove, scale };
}

it('lets no change through once a check fails, and reads still', async () => {
  const { clients, calls, exec, aws, remove, scale } = guarded();
  const forget = clients.guard.add(() => Promise.reject(lost));
  expect(await scale()).toEqual({ kind: 'cancelled', stdout: '', stderr: '' });
  await expect(remove()).rejects.toBe(lost);
  await aws.ec2(region).send(new DescribeVolumesCommand({}));
  expect(await exec({ ...eksctlCommands.version(), timeoutMs: 60_000 })).toMatchObject({ kind: 'exited' });
  expect(calls.map(({ key }) => key)).toEqual(['aws ec2:DescribeVolumes us-west-2', 'exec eksctl version']);
  forget();
  await expect(remove()).rejects.not.toBe(lost);
});

it('asks every check before every change', async () => {
  const { clients, remove } = guarded();
  const asked: string[] = [];
  clients.guard.add(async () => void asked.push('lock'));
  clients.guard.add(async () => void asked.push('lease'));
  await expect(remove()).rejects.toThrow();
  expect(asked).toEqual(['lock', 'lease']);
});

it('has clients that it does not ask about', async () => {
  const { clients, calls } = guarded();
  clients.guard.add(() => Promise.reject(lost));
  const { exec } = clients.unguarded.world;
  await exec({ tool: 'eksctl', args: ['delete', 'cluster', '--name=x', '--region=us-west-2'], timeoutMs: 1 });
  expect(calls).toHaveLength(1);
});
