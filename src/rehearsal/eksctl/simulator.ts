/** The simulated eksctl 0.230.0: takes an argv apart and does what that command does. */
import { type Arguments, type Expected, readArguments, unmodelled } from '../arguments.js';
import { durations } from '../durations.js';
import type { ToolSimulator } from '../simulation.js';
import { createAddon, deleteAddon, type Place } from './addons.js';
import { type Config, parseConfig } from './config.js';
import { createCluster, tryCluster } from './create-cluster.js';
import { deleteCluster } from './delete-cluster.js';
import {
  associateOidcProvider,
  createAccessEntries,
  createServiceAccountRoles,
  deleteServiceAccountRole,
} from './iam.js';
import { createIdentityMapping } from './identity-mapping.js';
import { createNodeGroups, deleteNodeGroups } from './node-groups.js';
import { activeCluster, EksctlFailure, type Run, runOf } from './run.js';
import { scaleNodeGroup } from './scale-nodegroup.js';

interface Verb extends Expected {
  readonly act: (run: Run, args: Arguments) => Promise<void>;
}

const serviceAccount = 'cluster region name namespace';

/** Every command that is modelled. */
const verbs: Readonly<Record<string, Verb>> = {
  'create cluster': {
    needed: 'filename=-',
    values: 'timeout write-kubeconfig',
    switches: 'dry-run',
    act: (run, args) => {
      const config = parseConfig(run.process.stdin);
      if (!args.has('dry-run')) {
        if (args.value('write-kubeconfig') !== 'false')
          throw unmodelled('eksctl', run.process, 'without --write-kubeconfig=false');
        return createCluster(run, config);
      }
      const barred = ['write-kubeconfig', 'timeout'].find(args.has);
      if (barred === undefined) return tryCluster(run, config);
      const why = 'with --dry-run as this option cannot be represented in ClusterConfig';
      throw new EksctlFailure(`cannot use --${barred} ${why}`);
    },
  },
  'create nodegroup': fromConfig('', createNodeGroups, { values: 'timeout' }),
  'delete nodegroup': fromConfig('approve=true wait=true', deleteNodeGroups, {
    switches: 'approve wait disable-eviction',
  }),
  'create accessentry': fromConfig('', createAccessEntries),
  'create addon': {
    values: 'cluster region name service-account-role-arn timeout',
    switches: 'force',
    act: createAddons,
  },
  'delete addon': {
    needed: 'cluster region name',
    switches: 'preserve',
    act: (run, args) =>
      deleteAddon(run, placeOf(run, args), args.value('name'), { preserve: args.value('preserve') === 'true' }),
  },
  'scale nodegroup': {
    needed: 'cluster region name nodes nodes-min nodes-max wait=true',
    switches: 'wait',
    act: (run, args) => {
      const [nodes = 0, least = 0, most = 0] = ['nodes', 'nodes-min', 'nodes-max'].map((flag) =>
        Number(args.value(flag)),
      );
      return scaleNodeGroup(run, placeOf(run, args), { nodeGroup: args.value('name'), nodes, least, most });
    },
  },
  'create iamidentitymapping': {
    needed: 'cluster region arn username group no-duplicate-arns=true',
    switches: 'no-duplicate-arns',
    act: async (run, args) => {
      const [arn = '', username = '', group = ''] = ['arn', 'username', 'group'].map(args.value);
      createIdentityMapping(run, placeOf(run, args), { arn, username, group });
    },
  },
  'utils associate-iam-oidc-provider': {
    needed: 'cluster region approve=true',
    switches: 'approve',
    act: async (run, args) => associateOidcProvider(run, placeOf(run, args)),
  },
  'create iamserviceaccount': fromConfig('approve=true', createServiceAccountRoles, { switches: 'approve' }),
  'delete iamserviceaccount': {
    needed: `${serviceAccount} wait=true`,
    switches: 'wait',
    act: (run, args) => deleteServiceAccountRole(run, placeOf(run, args), accountOf(args)),
  },
  'delete cluster': {
    values: 'timeout',
    needed: 'name region',
    switches: 'wait disable-nodegroup-eviction',
    act: (run, args) => {
      const place = { name: args.value('name'), region: args.value('region'), tags: {} };
      return deleteCluster(run, place, args.value('wait') === 'true');
    },
  },
};

/** A command that takes a ClusterConfig on standard input (`-f -`). */
function fromConfig(needed: string, act: (run: Run, config: Config) => Promise<void>, more: Expected = {}): Verb {
  return { ...more, needed: `filename=- ${needed}`, act: (run) => act(run, parseConfig(run.process.stdin)) };
}

/** From a config eksctl waits for add-ons, but with a timeout of nothing; by flags it does not (observed; pkg/actions/addon/create.go). */
async function createAddons(run: Run, args: Arguments): Promise<void> {
  const keepsOthers = args.value('force') !== 'true';
  if (args.has('filename')) {
    const config = parseConfig(run.process.stdin);
    const wait = args.value('timeout') !== '0s';
    for (const entry of config.addons) await createAddon(run, config, entry, { wait, keepsOthers });
    return;
  }
  const entry = { name: args.value('name'), podIdentity: false };
  const roleArn = args.value('service-account-role-arn');
  await createAddon(run, placeOf(run, args), entry, {
    wait: false,
    keepsOthers,
    ...(roleArn === '' ? {} : { roleArn }),
  });
}

function accountOf(args: Arguments) {
  return { account: args.value('name'), namespace: args.value('namespace') };
}

/** The cluster that flags name, which must be there. */
function placeOf(run: Run, args: Arguments): Place {
  const place = { name: args.value('cluster'), region: args.value('region'), tags: {} };
  activeCluster(run, place);
  return place;
}

/** eksctl as a program. */
export const eksctlSimulator: ToolSimulator = async (process) => {
  const words = process.args.filter((arg) => !arg.startsWith('-')).join(' ');
  if (words === 'version') {
    process.out(JSON.stringify({ Version: '0.230.0', PreReleaseID: '', Metadata: { BuildDate: '', GitCommit: '' } }));
    return 0;
  }
  const verb = verbs[words];
  if (verb === undefined) throw unmodelled('eksctl', process);
  const args = readArguments('eksctl', process, process.args, verb);
  try {
    await process.takes(durations.eksctlStart);
    await verb.act(runOf(process), args);
    return 0;
  } catch (error) {
    if (!(error instanceof EksctlFailure)) throw error;
    process.err(`Error: ${error.message}`);
    return 1;
  }
};
