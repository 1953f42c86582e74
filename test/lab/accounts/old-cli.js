/** An AWS CLI that gives kubectl tokens which it refuses: plan, doctor and up name it, and change nothing; and kubectl does refuse them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeWithoutNodes, removeWithoutNodes } from '../made-by-hand.js';
import { changesIn, expectResources, ownAddress } from '../session.js';

const run = promisify(execFile);
const cluster = { name: 'somebodys', region: 'us-west-2' };
const refusals = [/aws 1\.23\.8 is not supported; >=1\.23\.9 <2 or >=2\.7\.0 is required/, /v1alpha1/];

export async function oldCli(session) {
  const { env, step, expect, fleet, folder, vpcs, lab, programOf } = session;
  const old = { ...env, PATH: `${join(env.LAB_HOME, 'old-aws/bin')}:${env.PATH}` };
  const { run: once } = programOf(fleet, old);
  const before = lab.resources();
  await step('plan, doctor and up refuse AWS CLI 1.23.8 with the reason, and create nothing', async () => {
    const { stdout } = await run('aws', ['--version'], { env: old });
    expect(stdout.startsWith('aws-cli/1.23.8 '), `it is ${stdout}`);
    lab.clearCalls();
    const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress];
    for (const words of [
      ['plan', ...wanted],
      ['doctor', '--vpc', 'karmada-vpc'],
      ['up', ...wanted, '--yes'],
    ]) {
      const ended = await once(words);
      const told = ended.stdout + ended.stderr;
      console.log(
        `       ${words[0]} ended with ${ended.code}: ${told.split('\n').find((line) => line.includes('1.23.8'))}`,
      );
      expect(ended.code !== 0, `${words[0]} ended with 0:\n${told}`);
      for (const text of refusals) expect(text.test(told), `${words[0]} does not tell ${text}:\n${told}`);
    }
    const changes = changesIn(lab.callCounts());
    expect(changes.length === 0, `it called ${changes.join(', ')}`);
    expectResources(before);
  });
  await step('kubectl refuses its tokens, and takes those of the present one', async () => {
    await makeWithoutNodes({ env, vpc: vpcs[cluster.region], cluster, owner: cluster.name });
    const own = { KUBECONFIG: join(folder, 'old-cli-kubeconfig') };
    await run('aws', ['eks', 'update-kubeconfig', '--name', cluster.name, '--region', cluster.region], {
      env: { ...env, ...own },
    });
    const asked = async (as) => await run('kubectl', ['get', 'namespaces', '-o', 'name'], { env: { ...as, ...own } });
    const refused = await asked(old).then(
      ({ stdout }) => stdout,
      ({ stderr }) => stderr,
    );
    expect(
      /no kind "ExecCredential" is registered for version "client.authentication.k8s.io\/v1alpha1"/.test(refused),
      refused,
    );
    expect((await asked(env)).stdout.includes('namespace/default'), 'the present one is refused');
  });
  await step('that cluster goes', async () => {
    await removeWithoutNodes({ env, cluster, owner: cluster.name });
    expectResources(before);
  });
}
