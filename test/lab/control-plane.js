/** `npm run lab:control-plane`: Karmada's control plane is rolled, drained, loses a node and a member of etcd, with the real components, while its API is called. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup } from './control-plane/backup.js';
import { certificates, validity } from './control-plane/certificates.js';
import { drains } from './control-plane/drains.js';
import { killed } from './control-plane/killed.js';
import { lostMember } from './control-plane/lost-member.js';
import { lostNode } from './control-plane/lost-node.js';
import { olderFleet } from './control-plane/older-fleet.js';
import { recover } from './control-plane/recover.js';
import { restore } from './control-plane/restore.js';
import { rollouts } from './control-plane/rollouts.js';
import { tokens } from './control-plane/tokens.js';
import { adminKubeconfig, kubernetesApi } from './kubernetes-api.js';
import { makeByHand } from './made-by-hand.js';
import { folderOf, inLab, ownAddress } from './session.js';

const region = 'us-west-2';

/** By what they are asked for, e.g. `npm run lab:control-plane -- lost-node`. */
const scenes = {
  rollouts,
  drains,
  'lost-node': lostNode,
  'lost-member': lostMember,
  'older-fleet': olderFleet,
  restore,
  recover,
  killed,
  certificates,
  tokens,
  backup,
};

/** Those of a run that asks for none; the others would make it longer than 12 minutes. */
const usual = ['rollouts', 'drains', 'lost-node', 'lost-member'];

// A lost node is to be noticed as soon as in EKS (kubernetes 1.34, node-monitor-grace-period).
process.env.LAB_NODE_GRACE = '50s';

await inLab(async (session) => {
  const asked = process.argv.slice(2);
  const plane = await made(
    session,
    asked.some((name) => ['restore', 'recover', 'killed'].includes(name)) ? 3 : asked.includes('certificates') ? 2 : 1,
  );
  for (const name of asked.length === 0 ? usual : asked) await scenes[name](plane);
  // They end the fleet themselves.
  if (asked.includes('recover') || asked.includes('killed')) return;
  const workloads = asked.includes('restore') ? ['--remove-workloads'] : [];
  await session.step('down', () => session.cli(['down', '--yes', '--confirm', session.fleet, ...workloads]));
});

/** A fleet of one parent with three real nodes and members, all adopted: made by hand they are there in half a minute. The last of several pulls. */
async function made(session, count) {
  const { env, step, cli, expect, fleet, home, vpcs } = session;
  const parent = { name: `${fleet}-parent`, region };
  const names = ['member', 'second', 'third'].slice(0, count);
  const members = names.map((name) => ({ name: `${fleet}-${name}`, region }));
  const [member] = members;
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  await step('a parent with three real nodes, and a member', () =>
    Promise.all(
      [parent, ...members].map((cluster) => makeByHand({ env, vpc: vpcs[region], cluster, owner: cluster.name })),
    ),
  );
  await step('up', async () => {
    const certs = process.argv.includes('certificates') ? validity : [];
    const wanted = [
      ...certs,
      '--vpc',
      'karmada-vpc',
      '--crds',
      env.KARMADA_CRDS,
      '--allow',
      ownAddress,
      '--use-existing',
    ];
    const joined = members.flatMap(({ name }, index) => [
      '--member',
      `name=${name}${index > 0 && index === count - 1 ? ',mode=pull' : ''}`,
    ]);
    const { stderr } = await cli(['up', ...wanted, ...joined, '--yes']);
    for (const line of stderr.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
  });
  await step('up again: changes nothing', async () => {
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), `up did something: ${stdout}`);
  });
  const kubeconfigs = join(folderOf({ home, fleet }), 'kubeconfigs');
  const karmadaConfig = join(kubeconfigs, 'karmada-apiserver.json');
  return {
    ...session,
    parent,
    member,
    karmadaConfig,
    inParent: kubernetesApi(env, adminKubeconfig(env, parent)),
    inMember: kubernetesApi(env, adminKubeconfig(env, member)),
    members,
    pull: members[count - 1],
    inPull: kubernetesApi(env, adminKubeconfig(env, members[count - 1])),
    inMembers: members.map((each) => kubernetesApi(env, adminKubeconfig(env, each))),
    inKarmada: kubernetesApi(env, karmadaConfig),
  };
}
