/** `npm run lab:kills [-- N]`: kill -9 at random moments, each time gone on with to a fleet that works, or to none. */
import { makeCluster, removeCluster } from './members.js';
import { expectResources, inLab, ownAddress } from './session.js';

/** Kills in all; each round has two, one of `up` and one of `down`. */
const kills = Number(process.argv[2] ?? 20);

/** Rounds with new clusters take six minutes each; those on clusters that exist two. */
const roundsWithNewClusters = 2;

/** How long what is killed takes here, in ms: a moment is drawn from there. */
const lengths = { newUp: 235_000, newDown: 45_000, up: 75_000, down: 40_000 };

const clusters = [
  { name: 'lab-parent', region: 'us-west-2' },
  { name: 'lab-push', region: 'us-west-2' },
  { name: 'lab-pull', region: 'eu-west-1' },
];

await inLab(async (session) => {
  const before = session.lab.resources();
  let done = 0;
  for (; done < Math.min(kills, 2 * roundsWithNewClusters); done += 2) {
    await round(session, { name: `new clusters, kills ${done + 1} and ${done + 2}`, up: [], before, ms: newLengths() });
  }
  if (done >= kills) return;
  const { env, vpcs, step, lab } = session;
  await step('clusters that exist, made with eksctl', () =>
    Promise.all(clusters.map((cluster) => makeCluster({ env, vpc: vpcs[cluster.region], cluster, nodes: 3 }))),
  );
  // The OIDC provider of an adopted parent stays: the first round makes it.
  let adopted;
  for (; done < kills; done += 2) {
    const name = `existing clusters, kills ${done + 1} and ${done + 2}`;
    await round(session, { name, up: ['--use-existing'], before: adopted, ms: [lengths.up, lengths.down] });
    adopted ??= lab.resources();
  }
  await step('the clusters go by eksctl', () =>
    Promise.all(clusters.map((cluster) => removeCluster({ env, cluster }))),
  );
});

function newLengths() {
  return [lengths.newUp, lengths.newDown];
}

/** One life of the fleet, in which both its making and its going are killed once. */
async function round({ env, step, cli, run, expect, fleet }, { name, up, before, ms: [upMs, downMs] }) {
  const upWords = [
    ...['up', '--yes', '--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress],
    ...['--member', 'name=lab-push', '--member', 'name=lab-pull,region=eu-west-1,mode=pull', ...up],
  ];
  const downWords = ['down', '--yes', '--confirm', fleet];
  await step(name, async () => {
    await killed(run, upWords, upMs);
    await cli(upWords);
    const { ready } = JSON.parse((await cli(['status', '-o', 'json'])).stdout);
    expect(ready === true, 'the fleet is not Ready');
    await killed(run, downWords, downMs);
    await cli(downWords).catch((thrown) => {
      // Killed at its very end, it had nothing left to do.
      if (!String(thrown).includes('no fleet')) throw thrown;
    });
    if (before !== undefined) expectResources(before);
  });
}

async function killed(run, words, ms) {
  const killAfterMs = 1_000 + Math.floor(Math.random() * ms);
  const { code, stderr } = await run(words, { killAfterMs });
  const last = stderr.trimEnd().split('\n').at(-1);
  console.log(
    `       ${words[0]} ${code === null ? 'killed' : 'ended'} at ${(killAfterMs / 1000).toFixed(1)} s: ${last}`,
  );
}
