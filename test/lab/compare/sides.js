/** The two sides of the comparison: the lab and the rehearsal, each with a machine on which karmada-eks can be run. */
import { PassThrough } from 'node:stream';
import { runCli } from '../../../dist/main.js';
import { newAccount } from '../../../dist/rehearsal/account.js';
import { connect } from '../../../dist/rehearsal/machine/connect.js';
import { addVpc } from '../../../dist/rehearsal/vpcs.js';
import { realWorld } from '../../../dist/world/real/world.js';
import { recorded } from './recorder.js';

export const home = 'us-west-2';
export const abroad = 'eu-west-1';

/** Its name is that of the VPC on both sides. */
const vpcName = 'karmada-vpc';

/**
 * @typedef {object} Side
 * @property {() => object} world the ports, not written down
 * @property {string} crds path of Karmada's CRDs
 * @property {string} kubeconfig path of the user's kubeconfig
 * @property {readonly (readonly [string, string])[]} names see `normaliserFor`
 * @property {Readonly<Record<string, { readonly vpc: string, readonly private: readonly string[], readonly public: readonly string[] }>>} vpcs
 *   by region
 * @property {() => Promise<void>} settle waits until what AWS does by itself is done
 * @property {(fault: object) => void} spoil makes the next thing of a kind fail inside AWS
 */

/**
 * The lab, started, as the environment of this process.
 * @param session as `inLab` gives it
 * @returns {Side}
 */
export function labSide({ env, vpcs, lab, home: dataDir }) {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
  return {
    world: realWorld,
    crds: env.KARMADA_CRDS,
    kubeconfig: env.KUBECONFIG,
    vpcs,
    names: namesOf({ dataDir, crds: env.KARMADA_CRDS, kubeconfig: env.KUBECONFIG, vpcs }),
    // Seconds there, which the run before took to end.
    settle: async () => {},
    spoil: ({ kind, cluster, addon, reason }) => {
      const kinds = { 'control-plane': 'cluster-failed', 'node-group': 'nodegroup-failed', 'add-on': 'addon-failed' };
      const broken = { addon, status: 'DEGRADED', code: 'ConfigurationConflict' };
      lab.fault({ kind: kinds[kind], cluster, reason, ...(addon && broken) });
    },
  };
}

/** A new rehearsed account on a rehearsed machine. @returns {Side} */
export function rehearsedSide() {
  const account = newAccount();
  const vpcs = Object.fromEntries(
    [home, abroad].map((region) => {
      const { vpc, privateSubnets, publicSubnets } = addVpc(account, { region, name: vpcName });
      const ids = (subnets) => subnets.map(({ id }) => id);
      return [region, { vpc: vpc.id, private: ids(privateSubnets), public: ids(publicSubnets) }];
    }),
  );
  const paths = { crds: '/home/you/crds.tar.gz', kubeconfig: '/home/you/user-kubeconfig' };
  const dataDir = '/home/you/.local/share/karmada-eks';
  account.state.files[paths.crds] = 'what the rehearsed init does not look into';
  return {
    ...paths,
    world: () => connect(account, { vars: { KUBECONFIG: paths.kubeconfig }, publicAddress: null }).world,
    vpcs,
    names: namesOf({ ...paths, dataDir, vpcs }),
    settle: () => account.clock.sleep(180_000),
    spoil: ({ kind, cluster, addon, reason }) => {
      const times = 1;
      if (kind === 'control-plane')
        account.state.conditions.push({ kind: 'control-plane-fails', cluster, reason, times });
      else if (kind === 'node-group')
        account.state.conditions.push({ kind: 'node-group-fails', cluster, reason, times });
      else account.state.conditions.push({ kind: 'addon-fails', cluster, addon, status: 'DEGRADED', reason, times });
    },
  };
}

function namesOf({ dataDir, crds, kubeconfig, vpcs }) {
  const subnets = ([region, vpc]) =>
    ['private', 'public'].flatMap((kind) =>
      vpc[kind].map((id, index) => [id, `<${kind} subnet ${region}${'abc'[index]}>`]),
    );
  return [
    [dataDir, '<data>'],
    [crds, '<crds>'],
    [kubeconfig, '<kubeconfig>'],
    ...Object.entries(vpcs).map(([region, { vpc }]) => [vpc, `<vpc ${region}>`]),
    ...Object.entries(vpcs).flatMap(subnets),
  ];
}

/**
 * Runs karmada-eks on a side.
 * @param {Side} side
 * @param {readonly string[]} argv
 * @param {readonly import('./recorder.js').Disturbance[]} disturbances
 * @returns the exit code, what was printed, and all calls
 */
export async function runOn(side, argv, disturbances) {
  const { world, onEvent, calls } = recorded(side.world(), disturbances);
  const printed = [];
  const open = async () => ({ world, onEvent, close: async () => {} });
  const code = await runCli({ open, surroundings: surroundings(printed), onStop: () => {} }, argv);
  return { code, printed: printed.join(''), calls };
}

/** No terminal; what is said is kept, both streams in one. */
function surroundings(printed) {
  const keeping = () => new PassThrough().on('data', (text) => printed.push(String(text)));
  return {
    stdin: new PassThrough(),
    stdout: keeping(),
    stderr: keeping(),
    stdinIsTty: false,
    stdoutIsTty: false,
    stderrIsTty: false,
    columns: () => undefined,
    env: {},
  };
}
