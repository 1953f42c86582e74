/** `npm run lab:failover`: members that are silent are left by their replicas, or not, with the real Karmada; writes its part of docs/benchmarks.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withFailoverSection } from '../../scripts/bench/lab-section.js';
import { asText } from '../../scripts/bench/page.js';
import { kubernetesApi } from './kubernetes-api.js';
import { makeByHand } from './made-by-hand.js';
import { folderOf, inLab, ownAddress } from './session.js';

const region = 'us-west-2';
const after = '30s';
/** Longer than Karmada needs to call a member not Ready. */
const lookedMs = 120_000;
const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

await inLab(async (session) => {
  const { env, step, cli, run, expect, fleet, home, lab } = session;
  await made(session);
  const karmada = kubernetesApi(env, join(folderOf({ home, fleet }), 'kubeconfigs/karmada-apiserver.json'));
  const rows = [];
  await step(`up --failover --failover-after ${after}, and nothing to do again`, async () => {
    await cli(['up', '--failover', '--failover-after', after, '--yes']);
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), `up did something: ${stdout}`);
    const status = await cli(['status']);
    expect(
      status.stdout.includes(`failover is on: workloads move away from a member that is silent for ${after}`),
      status.stdout,
    );
  });
  for (const [name, mode] of [
    ['lab-three', 'push'],
    ['lab-two', 'pull'],
  ]) {
    await step(`demo --failover: ${name} (${mode})`, async () => {
      const { stdout } = await cli(['demo', '--failover', '--member', name, '--move-workloads']);
      console.log(stdout);
      rows.push([`demo, ${mode}`, after, ...timesIn(stdout)]);
    });
  }
  await step('failover off: the replicas of a silent member stay', async () => {
    const { stdout } = await session.off(['up', '--yes']);
    expect(stdout.includes('is up'), stdout);
    const status = await cli(['status']);
    expect(status.stdout.includes('failover is off: when a member is lost, nothing moves'), status.stdout);
    await cli(['demo', '--keep']);
    const before = await placed(karmada);
    const endpoint = await endpointOf(karmada, 'lab-three', 'https://192.0.2.1');
    await sleep(lookedMs);
    const silent = await cli(['clusters', '-o', 'json']);
    expect(
      JSON.parse(silent.stdout).some(({ name, ready }) => name === 'lab-three' && !ready),
      silent.stdout,
    );
    expect((await placed(karmada)) === before, `${before} became ${await placed(karmada)}`);
    await endpointOf(karmada, 'lab-three', endpoint);
    console.log(`       ${before}, also after ${lookedMs / 1000} s`);
    rows.push(['failover off, push', 'never', 'not Ready', 'nothing moves', '']);
  });
  await step('an API server that ends: the replicas move', async () => {
    await cli(['up', '--failover', '--failover-after', after, '--yes']);
    await cli(['demo', '--remove']);
    await cli(['demo', '--keep']);
    const before = await placed(karmada);
    lab.silence('lab-three', region);
    const from = Date.now();
    const moved = await until(
      () => placed(karmada),
      (now) => !now.includes('lab-three') && now !== before,
    );
    console.log(`       ${before} became ${moved} after ${Math.round((Date.now() - from) / 1000)} s`);
    rows.push(['API server ended, push', after, '', `${Math.round((Date.now() - from) / 1000)} s`, '']);
    const { stdout } = await run(['status']);
    expect(stdout.includes('lab-three'), stdout);
  });
  await step('docs/benchmarks.md', () => {
    const table = tableOf(rows);
    console.log(asText(table));
    writeFileSync(page, withFailoverSection(readFileSync(page, 'utf8'), table, new Date().toISOString().slice(0, 10)));
  });
});

/** A fleet of one parent with real nodes and three members, all adopted: made by hand they are there in a minute. */
async function made(session) {
  const { env, step, cli, fleet, vpcs, programOf } = session;
  const names = [`${fleet}-parent`, 'lab-one', 'lab-two', 'lab-three'];
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  await step('a parent with three real nodes, and three members', () =>
    Promise.all(names.map((name) => makeByHand({ env, vpc: vpcs[region], cluster: { name, region }, owner: name }))),
  );
  await step('up', () => {
    const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--use-existing'];
    const members = ['name=lab-one', 'name=lab-two,mode=pull', 'name=lab-three'];
    return cli(['up', ...wanted, ...members.flatMap((member) => ['--member', member]), '--yes']);
  });
  const off = { ...env };
  session.off = (words) => {
    off.KARMADA_EKS_FAILOVER = 'no';
    return programOf(fleet, off).cli(words);
  };
}

/** `lab-one 3, lab-two 3, lab-three 6` */
async function placed({ kubectl }) {
  const words = ['-n', 'default', 'get', 'resourcebindings', 'karmada-eks-demo-deployment', '-o', 'json'];
  const { spec } = JSON.parse(await kubectl(words));
  return (spec.clusters ?? [])
    .map(({ name, replicas }) => `${name} ${replicas}`)
    .sort()
    .join(', ');
}

/** Where Karmada reached the member before. */
async function endpointOf({ kubectl }, name, endpoint) {
  const { spec } = JSON.parse(await kubectl(['get', 'clusters', name, '-o', 'json']));
  const patch = JSON.stringify({ spec: { apiEndpoint: endpoint } });
  await kubectl(['patch', 'clusters', name, '--type=merge', `--patch=${patch}`]);
  return spec.apiEndpoint;
}

async function until(look, isEnough, limitMs = 300_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (isEnough(found)) return found;
    if (Date.now() > end) throw new Error(`after ${limitMs / 1000} s still ${found}`);
    await sleep(1_000);
  }
}

/** Of what `demo --failover` prints: not Ready, assigned elsewhere, running elsewhere, back. */
function timesIn(stdout) {
  return [...stdout.matchAll(/ +(\d+ s)$/gm)].map(([, time]) => time).filter((_, index) => index !== 1);
}

function tableOf(rows) {
  return {
    title: 'Failover, in the lab',
    about:
      'One run of `npm run lab:failover`: seconds from the moment when a member became silent, and from its return until it was Ready and cleaned up. ' +
      'Karmada’s own probes, their time-outs and thresholds are in them: with the defaults of the components a member is not Ready after 38 to 60 s.',
    columns: ['member', 'failover after', 'not Ready', 'all replicas elsewhere', 'back and cleaned up'],
    rows,
  };
}
