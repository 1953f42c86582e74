/** A second fleet in the lab's account, VPC, kubeconfig and data folder, with an adopted parent: made, audited, taken away. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesBetween } from './audit.js';
import { adminKubeconfig, kubernetesApi, userEntries } from './kubernetes-api.js';
import { makeByHand, removeByHand } from './made-by-hand.js';
import { folderOf, ownAddress } from './session.js';
import { policyInKarmada, thingsInParent } from './users-things.js';

/** Its parent, made by somebody else before it: what a fleet of this name adopts. */
const name = 'other';
const parent = { name: `${name}-parent`, region: 'us-west-2' };
const owner = 'people';

/** How a thing of the account names a cluster of the first fleet; some canaries have such a name with a 2 after it. */
const namesFirst = /\blab-(parent|push|pull)(?!-?2\b)/;
const namesSecond = /\bother-parent\b|\bpeople-/;

/** The second fleet of a session, which is still to be made. */
export function secondFleet({ env, folder, home, vpcs, step, expect, lab, fleet, programOf }) {
  return {
    ...{ env, home, vpc: vpcs[parent.region], step, expect, lab, first: fleet, program: programOf(name) },
    inParent: kubernetesApi(env, adminKubeconfig(env, parent)),
    inKarmada: kubernetesApi(env, join(folder, 'other-karmada-kubeconfig')),
  };
}

/** A cluster of somebody else, in which a user has a thing of every kind and a volume with data, becomes its parent. */
export async function makeSecond(second) {
  const { env, step, expect, vpc, program, inParent, inKarmada } = second;
  await step('in parallel, somebody else’s cluster with things and data of a user', async () => {
    await makeByHand({ env, vpc, cluster: parent, owner });
    await inParent.apply(thingsInParent);
    await inParent.kubectl(['-n', 'people', 'rollout', 'status', 'deployment/archive', '--timeout=180s']);
    second.adopted = { ...(await parentOf(second)), data: await dataOf(second) };
  });
  await step('in parallel, up of a second fleet with that cluster as its parent', async () => {
    const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--members', '0'];
    await program.cli(['up', ...wanted, '--use-existing', '--yes']);
    writeFileSync(inKarmada.kubeconfig, (await program.cli(['kubeconfig', '--print'])).stdout, { mode: 0o600 });
    await inKarmada.apply(policyInKarmada);
    const { ready } = JSON.parse((await program.cli(['status', '-o', 'json'])).stdout);
    expect(ready === true, 'the second fleet is not Ready');
  });
}

/** Remembers everything that is not of the first fleet, as it is now; the audits compare with that. */
export async function rememberOthers(second) {
  const { step, home, first } = second;
  await step('what is not of the first fleet: a second one in its account, VPC and kubeconfig', async () => {
    second.ids = Object.fromEntries([first, name].map((each) => [each, idOf(folderOf({ home, fleet: each }))]));
    second.others = await others(second);
    return counted(second.others);
  });
}

/** Fails unless all of that is there, and nothing of it is different. @returns the counts, as a sentence */
export async function audit(second) {
  const found = await others(second);
  const changes = [
    // The first fleet may make things in the account.
    ...changesBetween(second.others.resources, found.resources, { additions: false }),
    ...changesBetween(second.others.objects, found.objects),
    ...changesBetween(second.others.entries, found.entries),
  ];
  second.expect(changes.length === 0, `what is not of the first fleet was touched:\n${changes.join('\n')}`);
  return `audit: ${counted(found)} untouched`;
}

/** A step that is followed by an audit. */
export function auditedStep(second) {
  return (title, work) =>
    second.step(title, async () => {
      await work();
      return await audit(second);
    });
}

/** What was there before the second fleet is there after it, and nothing else but what `down` names. */
export async function downSecond(second) {
  const { env, step, expect, program, adopted } = second;
  await step('down of the second fleet: its parent, the data and the kubeconfig are as before it', async () => {
    const entries = await userEntries(env, Object.values(second.ids));
    await program.cli(['down', '--yes', '--confirm', name]);
    const found = await parentOf(second);
    const left = await userEntries(env, []);
    const changes = [
      ...changesBetween(adopted.resources, found.resources),
      ...changesBetween(adopted.objects, found.objects),
      ...changesBetween(entries, left),
    ];
    expect(changes.length === 0, `the adopted parent is not as before:\n${changes.join('\n')}`);
    expect((await dataOf(second)) === adopted.data, 'the data are others now');
    return `${counted({ ...found, entries: left })} as before`;
  });
  await step('its parent is deleted by its owner', () => removeParent(second));
}

/** The claim first: what a cluster has for its claims would stay without it. */
async function removeParent({ env, inParent }) {
  const volumes = (await inParent.kubectl(['get', 'persistentvolumes', '-o', 'name'])).trim().split('\n');
  await inParent.kubectl(['delete', 'namespace', 'people', '--timeout=120s']);
  await inParent.kubectl(['wait', '--for=delete', ...volumes, '--timeout=120s']);
  await removeByHand({ env, cluster: parent, owner });
}

async function others({ env, lab, first, ids, inParent, inKarmada }) {
  const placed = async (place, api) => [...(await api.contents())].map(([key, value]) => [`${place}: ${key}`, value]);
  const ofFirst = (text) => text.includes(ids[first]) || namesFirst.test(text);
  return {
    resources: only(lab.detailedResources(), (text) => !ofFirst(text)),
    objects: new Map([...(await placed('parent', inParent)), ...(await placed('Karmada', inKarmada))]),
    entries: await userEntries(env, [ids[first]]),
  };
}

async function parentOf({ lab, inParent }) {
  return {
    resources: only(lab.detailedResources(), (text) => namesSecond.test(text)),
    objects: await inParent.contents(),
  };
}

async function dataOf({ inParent }) {
  return await inParent.kubectl(['-n', 'people', 'exec', 'deployment/archive', '--', 'cat', '/data/kept']);
}

function only(resources, wanted) {
  return new Map([...resources].filter(([line, details]) => wanted(`${line} ${details}`)));
}

function idOf(fleetFolder) {
  return JSON.parse(readFileSync(join(fleetFolder, 'fleet.json'), 'utf8')).request.id;
}

function counted({ resources, objects, entries }) {
  return `${resources.size} resources, ${objects.size} objects, ${entries.size} kubeconfig entries`;
}
