/** `npm run lab`: a fleet goes up, is looked at, changed, left alone and taken down, with the real tools; then doctor. */
import { plantCanaries } from './canaries.js';
import { closedByRules, cloudController } from './cloud-controller.js';
import { doctorOnVariants } from './doctor.js';
import { degradedNodes, upKilledAfterInit } from './kept.js';
import { downWithLeftovers } from './leftovers.js';
import { deleteThird, makeThird, members as membersOfEveryKind } from './members.js';
import { auditedStep, downSecond, makeSecond, rememberOthers, secondFleet } from './second-fleet.js';
import { changesIn, expectResources, inLab, ownAddress } from './session.js';

await inLab(async (session) => {
  await lifecycle(session);
  await doctorOnVariants({ ...session, crds: session.env.KARMADA_CRDS });
});

async function lifecycle(session) {
  const { env, step, cli, lab, expect, vpcs } = session;
  await step('things of others that resemble the fleet’s', () => plantCanaries(session));
  const before = lab.resources();
  const members = ['name=lab-push', 'name=lab-pull,region=eu-west-1,mode=pull'];
  const wanted = [
    ...['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress],
    ...members.flatMap((member) => ['--member', member]),
  ];
  const second = secondFleet(session);
  await Promise.all([
    makeSecond(second),
    step('in parallel, somebody else’s cluster', () => makeThird({ env, vpc: vpcs['us-west-2'] })),
    upKilledAfterInit(session, wanted),
    cloudController(session),
  ]);
  await step('status: Ready', async () => {
    const { stdout } = await cli(['status', '-o', 'json']);
    const found = JSON.parse(stdout);
    expect(found.ready === true, 'the fleet is not Ready');
    expect(found.members.map(({ mode }) => mode).join() === 'push,pull', 'the members are not push and pull');
  });
  await step('demo: 4/8', async () => {
    const { stdout } = await cli(['demo']);
    expect(stdout.includes('nginx is divided 4/8'), `the division is not 4/8: ${stdout}`);
  });
  await step('plan: nothing to do', async () => {
    const { stdout } = await cli(['plan']);
    expect(stdout.includes('nothing to do'), `the plan is not empty: ${stdout}`);
  });
  await step('up again: changes nothing', async () => {
    const there = lab.resources().join('\n');
    lab.clearCalls();
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), `up did something: ${stdout}`);
    const changed = changesIn(lab.callCounts());
    expect(changed.length === 0, `up called ${changed.join(', ')}`);
    expect(lab.resources().join('\n') === there, 'the resources differ');
  });
  await closedByRules(session);
  await rememberOthers(second);
  const audited = auditedStep(second);
  await degradedNodes(session);
  await membersOfEveryKind({ ...session, audited });
  await downWithLeftovers({ ...session, audited });
  await downSecond(second);
  await step('the other cluster is still there; it goes by eksctl', () => deleteThird({ env }));
  await step('resources as before', () => expectResources(before));
}
