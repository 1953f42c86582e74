/** What there is when a run is over, asked through the same ports on both sides: contexts, AWS, Kubernetes and Karmada. */
import { parse } from 'yaml';
import { regionState } from './aws-state.js';
import { clustersBy } from './kubernetes-state.js';
import { abroad, home } from './sides.js';

/**
 * @param side as `sides.js` makes it
 * @param {string} fleet name of the fleet, whose kubeconfigs are used
 * @returns plain data; what does not answer says so
 */
export async function endState(side, fleet) {
  const world = side.world();
  const [here, there] = [await regionState(world.aws, home), await regionState(world.aws, abroad)];
  // Each side has one account.
  const [account = ''] = await world.files.list(`${world.environment.dataDir}/fleets`);
  const state = {
    contexts: contextsIn((await world.files.read(side.kubeconfig)) ?? ''),
    regions: { [home]: here, [abroad]: there },
    clusters: await clustersBy(world, `${account}/${home}/${fleet}/kubeconfigs`),
  };
  // Without fields that are undefined.
  return JSON.parse(JSON.stringify(state));
}

function contextsIn(text) {
  const { contexts, clusters, users, ...rest } = parse(text) ?? {};
  const context = ({ name, context: { cluster, user } }) => [name, { cluster, user }];
  return {
    current: rest['current-context'] ?? '',
    contexts: Object.fromEntries((contexts ?? []).map(context)),
    clusters: (clusters ?? []).map(({ name }) => name).sort(),
    users: (users ?? []).map(({ name, user }) => `${name}: ${Object.keys(user).sort().join(' ')}`).sort(),
  };
}
