/** eksctl's answers as the product takes them. */
import { expect, it } from 'vitest';
import { makeEksctl } from '../../../src/tools/eksctl/client.js';
import { eksctlCommands } from '../../../src/tools/eksctl/commands.js';
import { ownRegion } from '../../../src/world/place.js';
import { exited, listening, scriptedExec } from '../scripted-exec.js';

const cluster = { name: 'demo', region: 'eu-west-1' };
const config = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: cluster } as const;

it.each(['', '0.230.0', '{"version":"0.230.0"}', '{"Version":1}', 'null'])(
  'does not guess a version from %j',
  async (text) => {
    const { exec } = scriptedExec(exited(text));
    await expect(makeEksctl(exec).version(listening().call)).rejects.toMatchObject({ code: 'tool-output', why: text });
  },
);

it('shows the user what matters while it runs', async () => {
  const { call, said } = listening();
  const line = (text: string): string => `2026-03-01 10:00:00 [ℹ]  ${text}`;
  const { exec } = scriptedExec(
    exited([line('using region eu-west-1'), line('building cluster stack "s"')].join('\n')),
  );
  await makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), call);
  expect(said).toEqual(['building cluster stack "s"']);
});

it('fails with the reason that eksctl printed, on whichever stream', async () => {
  const { exec } = scriptedExec(
    exited('2026-03-01 10:00:00 [✖]  AWS::EKS::Cluster/ControlPlane: CREATE_FAILED – "quota"\n', {
      code: 1,
      stderr: 'Error: failed',
    }),
  );
  await expect(
    makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), listening().call),
  ).rejects.toMatchObject({
    code: 'tool-failed',
    message: 'eksctl create cluster failed with exit status 1',
    why: 'AWS::EKS::Cluster/ControlPlane: CREATE_FAILED – "quota"',
  });
});

it('fails with the last words when eksctl gives no reason, as when it panics', async () => {
  const { exec } = scriptedExec(exited('', { code: 2, stderr: 'panic: runtime error\ngoroutine 1' }));
  await expect(
    makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.deleteCluster(cluster), listening().call),
  ).rejects.toMatchObject({
    code: 'tool-failed',
    why: 'panic: runtime error; goroutine 1',
  });
});

it('gives creations more time than eksctl itself takes for one wait', async () => {
  const { exec, asked } = scriptedExec(exited());
  await makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), listening().call);
  await makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.deleteCluster(cluster), listening().call);
  for (const { timeoutMs } of asked) expect(timeoutMs).toBeGreaterThan(40 * 60_000);
});

it.each([
  ['from a config, which eksctl waits for', eksctlCommands.createAddon(config), 90],
  ['by flags', eksctlCommands.createEbsAddon(cluster, 'arn'), 15],
  ['with tags, without being waited for', eksctlCommands.createEbsAddon(cluster, 'arn', { team: 'a' }), 90],
])('gives an add-on that is created %s its time', async (_, command, minutes) => {
  const { exec, asked } = scriptedExec(exited());
  await makeEksctl(exec).run(ownRegion('eu-west-1'), command, listening().call);
  expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([minutes * 60_000]);
});
