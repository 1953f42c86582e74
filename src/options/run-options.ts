/**
 * The options that control how a command runs, not what the fleet is; each has an environment variable, except those
 * that agree to a loss.
 */
import { yesOrNo } from './yes-or-no.js';

/** What commander parsed: a text, all texts of an option that may be repeated, or true. */
export type Parsed = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

export interface RunOption {
  /** As commander wants it. */
  readonly flags: string;
  /** The name that commander gives the value. */
  readonly key: string;
  readonly env: string;
  /** False for what agrees to a loss: a variable may have been set by somebody else, or for another fleet, so it is refused. */
  readonly readsEnv: boolean;
  readonly help: string;
  /** Whether the flag takes a value. */
  readonly takesValue: boolean;
  /** Whether it is repeatable; in its variable the values are separated by commas. */
  readonly repeated: boolean;
}

const runOption = (
  flags: string,
  help: string,
  { repeated = false, env: readsEnv = true }: { readonly repeated?: boolean; readonly env?: boolean } = {},
): RunOption => {
  const long = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
  const key = long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const env = `KARMADA_EKS_${long.replaceAll('-', '_').toUpperCase()}`;
  return { flags, key, env, readsEnv, help, takesValue: flags.includes('<'), repeated };
};

export const runOptions = {
  yes: runOption('--yes', 'do not ask for confirmation'),
  confirm: runOption('--confirm <fleet>', 'with --yes: the fleet’s name, instead of typing it at the prompt', {
    env: false,
  }),
  config: runOption('--config <file>', 'read the fleet from a file'),
  useContext: runOption('--use-context', 'switch kubectl’s current context to the Karmada API'),
  reconcile: runOption(
    '--reconcile',
    'scale existing clusters to the requested number of nodes; interrupts pods on nodes that are removed',
    { env: false },
  ),
  merge: runOption('--merge', 'merge the contexts into your kubeconfig, as up does'),
  print: runOption('--print', 'print one kubeconfig with all contexts, including keys'),
  path: runOption('--path', 'print the path of such a file, for KUBECONFIG (the default)'),
  commands: runOption('--commands', 'also show the exact commands'),
  iamPolicy: runOption('--iam-policy', 'print only the least IAM policy for this plan'),
  planOutput: runOption('-o, --output <format>', 'text, json or yaml (default: text)'),
  output: runOption('-o, --output <format>', 'text or json (default: text)'),
  statusOutput: runOption('-o, --output <format>', 'text, wide, json or yaml (default: text)'),
  clustersOutput: runOption('-o, --output <format>', 'text, wide or json (default: text)'),
  wait: runOption('--wait', 'wait until the fleet is Ready'),
  timeout: runOption('--timeout <duration>', 'with --wait: for how long, e.g. 90s, 10m, 1h30m (default: 10m)'),
  watch: runOption('--watch', 'refresh every few seconds until Ctrl-C'),
  weights: runOption('--weights <list>', 'weight per member, e.g. 1,1,2'),
  keep: runOption('--keep', 'keep the workload running'),
  concurrency: runOption('--concurrency <number>', 'members processed in parallel per region (default: 20)'),
  cluster: runOption(
    '--cluster <name>',
    'existing EKS cluster: NAME (in the parent’s region), REGION/NAME, or its ARN (repeatable)',
    { repeated: true },
  ),
  context: runOption('--context <name>', 'any context of your kubeconfig (repeatable)', { repeated: true }),
  mode: runOption('--mode <mode>', 'push or pull, for --cluster and --context (default: push)'),
  name: runOption('--name <name>', 'the member’s name in Karmada, for a single --cluster or --context'),
  source: runOption(
    '--source <cidr>',
    'with --mode pull: source address of the agent (repeatable; default: the NAT gateways of its VPC)',
    { repeated: true },
  ),
  create: runOption('--create', 'create the EKS cluster named by --cluster if it does not exist'),
  force: runOption('--force', 'remove members that do not respond; what Karmada put into them stays there', {
    env: false,
  }),
  keepWorkloads: runOption('--keep-workloads', 'keep what Karmada propagated running in clusters that are kept', {
    env: false,
  }),
  removeWorkloads: runOption(
    '--remove-workloads',
    'agree to the deletion of what Karmada propagated to clusters that are kept',
    { env: false },
  ),
  deleteCluster: runOption('--delete-cluster', 'also delete the EKS clusters that this fleet created', {
    env: false,
  }),
  removeLeftovers: runOption(
    '--remove-leftovers',
    'delete leftovers of the fleet at the end, after listing them with their cost',
    { env: false },
  ),
  reinstallKarmada: runOption(
    '--reinstall-karmada',
    'remove an incomplete Karmada with all its data, and install it again',
    { env: false },
  ),
  removeVolumes: runOption(
    '--remove-volumes',
    'also delete volumes with users’ data that the clusters leave behind; retained volumes are kept',
    { env: false },
  ),
  replaceNodes: runOption(
    '--replace-nodes',
    'replace the nodes of unhealthy node groups even if some nodes are Ready; interrupts the pods on them',
    { env: false },
  ),
  replaceAddons: runOption(
    '--replace-addons',
    'remove and re-add unhealthy add-ons, and add those that have a substitute',
    { env: false },
  ),
  changeFleet: runOption(
    '--change-fleet',
    'agree to change a fleet that this machine has no record of, or that others have changed',
    {
      env: false,
    },
  ),
  trustContext: runOption(
    '--trust-context <name>',
    'use this context of your kubeconfig, which is named only by the description in the parent (repeatable)',
    { repeated: true, env: false },
  ),
  prune: runOption('--prune', 'remove members that are no longer in the configuration', { env: false }),
  into: runOption('--into <folder>', 'target folder (default: the folder that karmada-eks searches)'),
  from: runOption('--from <folder>', 'read the publishers’ files from this folder instead of the network'),
  only: runOption('--only <tools>', 'some of eksctl,kubectl,kubectl-karmada (default: all)'),
  eksctlVersion: runOption('--eksctl-version <version>', 'version of eksctl (default: 0.230.0)'),
  kubectlVersion: runOption('--kubectl-version <version>', 'version of kubectl (default: 1.35.0)'),
  kubectlKarmadaVersion: runOption(
    '--kubectl-karmada-version <version>',
    'version of kubectl-karmada (default: 1.18.2)',
  ),
} as const;

/** Options of every verb. */
export const commonOptions: readonly RunOption[] = [
  runOption('--json', 'print one JSON object per line instead of text'),
  runOption('--debug', 'show stack traces'),
  runOption('--rehearse', 'run in a simulated account: no AWS, no tools, no network'),
  runOption('--speed <factor>', 'rehearsal speed-up factor, 1 to 600 (default: 60)'),
];

/** The typed values, otherwise those of the environment; `readWords` has validated them. */
export function withEnvironment(
  parsed: Parsed,
  options: readonly RunOption[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed {
  const said = options.flatMap(({ key, env: variable, readsEnv, takesValue, repeated }): [string, Parsed[string]][] => {
    const text = readsEnv ? env[variable] : undefined;
    if (parsed[key] !== undefined || text === undefined || text === '') return [];
    if (repeated) return [[key, text.split(',').map((part) => part.trim())]];
    return [[key, takesValue ? text : yesOrNo(text)]];
  });
  return { ...parsed, ...Object.fromEntries(said) };
}
