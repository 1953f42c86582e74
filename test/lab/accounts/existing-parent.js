/** A fleet whose parent was there before, as others made it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { addNodes, makeByHand, makeWithoutNodes } from '../made-by-hand.js';
import { ownAddress } from '../session.js';
import { fleetLife } from './fleet-life.js';

export const region = 'us-west-2';

/** `scenes`: functions of the session; one that brings a driver for volumes has `hasDriver`. */
export async function inExistingParent(session, scenes) {
  const { env, fleet, vpcs } = session;
  const parent = { name: `${fleet}-parent`, region };
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  const parts = scenes.map((scene) => scene({ ...session, parent }));
  const made = { env, vpc: vpcs[region], cluster: parent, owner: parent.name };
  const make = async () => {
    if (parts.every(({ hasDriver }) => hasDriver !== true)) return await makeByHand(made);
    await makeWithoutNodes(made);
    await addNodes(made);
  };
  const words = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--use-existing'];
  const noMembers = parts.some(({ words: own = [] }) => own.includes('--member')) ? [] : ['--members', '0'];
  await fleetLife(session, [{ make }, ...parts], [...words, ...noMembers]);
}
