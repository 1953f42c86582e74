/** The scenarios, each from where the one before it ended: what goes wrong, what is typed, and with what it has to end. */
import { abroad, home } from './sides.js';

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} fleet
 * @property {readonly string[]} words what is typed, without the fleet and its region
 * @property {number} code with what it has to end
 * @property {readonly object[]} [spoilt] what fails inside AWS, see `Side`
 * @property {readonly import('./recorder.js').Disturbance[]} [disturbed] what fails at the ports
 * @property {(side: object) => Promise<void>} [before] what somebody else does first
 */

const done = 0;
const failed = 4;

/** What this machine looks like to the lab's load balancers. */
const ownAddress = '203.0.113.10/32';

/** @returns {readonly Scenario[]} */
export function scenarios() {
  return [...newClusters('lab'), ...existingClusters('old')];
}

/** Clusters are made, two members more fail in three ways and are gone on with, and all of it goes. */
function newClusters(fleet) {
  const more = ['--member', `name=${fleet}-third`, '--member', `name=${fleet}-fourth`];
  const again = (name, code, how) => ({ name, fleet, words: [...upWords(fleet), ...more], code, ...how });
  return [
    { name: 'first up: a push member, and a pull member in another region', fleet, words: upWords(fleet), code: done },
    { name: 'second up: nothing to do', fleet, words: upWords(fleet), code: done },
    { name: 'status', fleet, words: ['status', '-o', 'json'], code: done },
    again('up with two members more: the control plane of one fails, the node group of the other', failed, {
      spoilt: [
        { kind: 'control-plane', cluster: `${fleet}-third`, reason: 'no capacity' },
        { kind: 'node-group', cluster: `${fleet}-fourth`, reason: 'no capacity' },
      ],
    }),
    again('resume after control plane and node group; an add-on is degraded', failed, {
      spoilt: [{ kind: 'add-on', cluster: `${fleet}-third`, addon: 'coredns', reason: 'no capacity' }],
    }),
    again('resume after the add-on', done, {}),
    { name: 'down', fleet, words: ['down', '--yes', `--confirm=${fleet}`], code: done },
  ];
}

/** Clusters that somebody made with eksctl are adopted; three things fail and are gone on with; the clusters stay. */
function existingClusters(fleet) {
  const clusters = [
    [home, `${fleet}-parent`],
    [home, `${fleet}-push`],
    [abroad, `${fleet}-pull`],
  ];
  const again = (name, code, how) => ({ name, fleet, words: [...upWords(fleet), '--use-existing'], code, ...how });
  return [
    again('adopt clusters that exist; the credentials expire while the load balancer is waited for', failed, {
      before: (side) => Promise.all(clusters.map(([region, name]) => makeCluster(side, region, name))),
      disturbed: [{ call: /^expose-api ec2:DescribeNetworkInterfaces /, kind: 'expired' }],
    }),
    again('resume after the credentials; init ends with an error though it is done', failed, {
      before: (side) => side.settle(),
      disturbed: [{ call: /^init-karmada kubectl-karmada init /, kind: 'fails-when-done' }],
    }),
    again('resume after init; join ends with an error though it is done', failed, {
      disturbed: [{ call: /^join-member\S* kubectl-karmada join /, kind: 'fails-when-done' }],
    }),
    again('resume after join', done, {}),
    { name: 'adopted: status', fleet, words: ['status', '-o', 'json'], code: done },
    { name: 'adopted: down', fleet, words: ['down', '--yes', `--confirm=${fleet}`], code: done },
  ];
}

function upWords(fleet) {
  return [
    ...['up', '--yes', '--vpc=karmada-vpc', '--crds=<crds>', `--allow=${ownAddress}`],
    ...['--member', `name=${fleet}-push`, '--member', `name=${fleet}-pull,region=${abroad},mode=pull`],
  ];
}

/** As somebody would who knows nothing of karmada-eks. */
async function makeCluster(side, region, name) {
  const subnets = (ids) => Object.fromEntries(ids.map((id, index) => [`${region}${'abc'[index]}`, { id }]));
  const vpc = side.vpcs[region];
  const size = { desiredCapacity: 3, minSize: 3, maxSize: 3 };
  const config = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name, region, version: '1.34' },
    vpc: { id: vpc.vpc, subnets: { private: subnets(vpc.private), public: subnets(vpc.public) } },
    autoModeConfig: { enabled: false },
    managedNodeGroups: [{ name: 'own', instanceType: 'm5.large', privateNetworking: true, ...size }],
  };
  const ended = await side.world().exec({
    tool: 'eksctl',
    args: ['create', 'cluster', '-f', '-', '--write-kubeconfig=false', '--timeout=40m'],
    stdin: JSON.stringify(config),
    timeoutMs: 90 * 60_000,
  });
  if (ended.code !== 0) throw new Error(`eksctl create cluster ${name}: ${ended.stdout}${ended.stderr}`);
}
