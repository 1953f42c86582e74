/** The commands of the command line; the code of a command is loaded when it runs. */

import type { Handler } from '../commands/session.js';
import { type FleetOption, fleetOptions, identityOptions } from '../options/fleet-options.js';
import { type RunOption, runOptions } from '../options/run-options.js';

interface CommandEntry {
  /** Two words for a command of a group, e.g. `tools install`. */
  readonly name: string;
  readonly summary: string;
  /** The options that describe a fleet; undefined for a command that is about none. */
  readonly fleet: readonly FleetOption[] | undefined;
  readonly run: readonly RunOption[];
  /** The positional arguments, in commander's syntax; passed to the command as `names`. */
  readonly argument?: { readonly flags: string; readonly help: string };
  /** It changes nothing, not even on this machine but for what it remembers. */
  readonly readsOnly?: boolean;
  readonly examples: readonly string[];
  readonly load: () => Promise<Handler>;
}

const {
  yes,
  confirm,
  config,
  useContext,
  reconcile,
  reinstallKarmada,
  replaceNodes,
  replaceAddons,
  prune,
  force,
  deleteCluster,
  keepWorkloads,
  removeWorkloads,
  removeLeftovers,
  removeVolumes,
  commands,
  iamPolicy,
  planOutput,
  weights,
  keep,
  statusOutput,
  clustersOutput,
  wait,
  timeout,
  watch,
  concurrency,
  cluster,
  context,
  mode,
  name,
  source,
  create,
  changeFleet,
  trustContext,
} = runOptions;

const { into, from, only, eksctlVersion, kubectlVersion, kubectlKarmadaVersion } = runOptions;
const toolOptions = [into, from, only, eksctlVersion, kubectlVersion, kubectlKarmadaVersion];

export const commandTable: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'create the fleet, or resume',
    fleet: fleetOptions,
    run: [
      ...[yes, config, useContext, reconcile, reinstallKarmada, replaceNodes, replaceAddons],
      ...[prune, keepWorkloads, removeWorkloads, changeFleet, trustContext, concurrency],
    ],
    examples: [
      'up   (on a terminal, prompts for what is needed)',
      'up --region eu-west-1 --vpc my-vpc',
      'up --member name=eu,mode=push --member name=us,region=us-east-1,mode=pull',
    ],
    load: async () => (await import('../commands/up/up.js')).up,
  },
  {
    name: 'plan',
    summary: "show what 'up' would do; changes nothing",
    fleet: fleetOptions,
    run: [
      config,
      reconcile,
      reinstallKarmada,
      replaceNodes,
      replaceAddons,
      trustContext,
      commands,
      iamPolicy,
      planOutput,
      concurrency,
    ],
    readsOnly: true,
    examples: ['plan --region eu-west-1 --vpc my-vpc', 'plan --commands', 'plan --iam-policy > policy.json'],
    load: async () => (await import('../commands/plan/plan.js')).plan,
  },
  {
    name: 'doctor',
    summary: "check everything 'up' needs; changes nothing",
    fleet: fleetOptions,
    run: [config, runOptions.output],
    readsOnly: true,
    examples: ['doctor --region eu-west-1', 'doctor --region eu-west-1 --vpc my-vpc', 'doctor -o json'],
    load: async () => (await import('../commands/doctor/doctor.js')).doctor,
  },
  {
    name: 'status',
    summary: 'show the current state of the fleet',
    fleet: [],
    run: [statusOutput, wait, timeout, watch, trustContext],
    readsOnly: true,
    examples: ['status', 'status --wait --timeout 30m', 'status --watch', 'status -o json'],
    load: async () => (await import('../commands/status/status.js')).status,
  },
  {
    name: 'join',
    summary: 'add clusters to the fleet: new or existing EKS clusters, or any kubeconfig context',
    fleet: fleetOptions.filter(({ key }) => key === 'member'),
    run: [cluster, context, mode, name, source, create, config, yes, changeFleet, useContext, concurrency],
    examples: [
      'join --cluster shop --cluster eu-west-1/shop-eu',
      'join --context kind-edge --mode pull --source 198.51.100.7/32',
      'join --member name=asia,region=ap-southeast-1,vpc=main   (creates the cluster)',
      'join --config fleet.yaml',
    ],
    load: async () => (await import('../commands/join/join.js')).join,
  },
  {
    name: 'clusters',
    summary: 'list the members as Karmada sees them',
    fleet: [],
    run: [clustersOutput],
    readsOnly: true,
    examples: ['clusters', 'clusters -o wide', 'clusters -o json'],
    load: async () => (await import('../commands/clusters/clusters.js')).clusters,
  },
  {
    name: 'kubeconfig',
    summary: 'get kubeconfig access to the fleet, rebuilt from AWS and the parent',
    fleet: [],
    run: [runOptions.merge, runOptions.print, runOptions.path, useContext, trustContext],
    examples: ['kubeconfig --merge', 'kubeconfig --print > fleet.json', 'export KUBECONFIG=$(karmada-eks kubeconfig)'],
    load: async () => (await import('../commands/kubeconfig/kubeconfig.js')).kubeconfig,
  },
  {
    name: 'demo',
    summary: 'divide nginx among the members, show the division, and delete it',
    fleet: [],
    run: [weights, keep, trustContext],
    examples: ['demo', 'demo --weights 1,3 --keep'],
    load: async () => (await import('../commands/demo/demo.js')).demo,
  },
  {
    name: 'unjoin',
    summary: 'remove members from the fleet; keeps their clusters',
    fleet: [],
    run: [yes, force, keepWorkloads, removeWorkloads, deleteCluster, removeVolumes, trustContext, concurrency],
    argument: { flags: '<member...>', help: 'names of the members in Karmada' },
    examples: ['unjoin eu us', 'unjoin eu --delete-cluster', 'unjoin eu --force   (its cluster does not respond)'],
    load: async () => (await import('../commands/unjoin/unjoin.js')).unjoin,
  },
  {
    name: 'down',
    summary: 'delete the fleet',
    fleet: [],
    run: [yes, confirm, keepWorkloads, removeWorkloads, removeLeftovers, removeVolumes, trustContext, concurrency],
    examples: [
      'down',
      'down --fleet demo --yes --confirm demo',
      'down --remove-leftovers   (also deletes the leftovers that it lists)',
    ],
    load: async () => (await import('../commands/down/down.js')).down,
  },
  {
    name: 'support-bundle',
    summary: 'collect diagnostics of the fleet in one file, without secrets',
    fleet: [],
    run: [],
    examples: ['support-bundle', 'support-bundle --fleet demo --region eu-west-1'],
    load: async () => (await import('../commands/support-bundle/support-bundle.js')).supportBundle,
  },
  {
    name: 'tools install',
    summary: 'download, verify and install eksctl, kubectl and kubectl-karmada into your own folder',
    fleet: undefined,
    run: toolOptions,
    examples: ['tools install', 'tools install --only kubectl --kubectl-version 1.34.4', 'tools install --from ./usb'],
    load: async () => (await import('../commands/tools-install/tools-install.js')).toolsInstall,
  },
];

/** Every option of a command that describes a fleet, that of its name and region among them. */
export function fleetOptionsOf({ fleet }: CommandEntry): readonly FleetOption[] {
  return fleet === undefined ? [] : [...identityOptions, ...fleet];
}

export type { CommandEntry };
