/** The options that say how a verb is run, not what the fleet is; each has an environment variable too. */
import { Problem } from '../errors/problem.js';

/** What commander parsed: a text, all texts of an option that may be repeated, or true. */
export type Parsed = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

export interface RunOption {
  /** As commander wants it. */
  readonly flags: string;
  /** The name that commander gives the value. */
  readonly key: string;
  readonly env: string;
  readonly help: string;
  /** Whether the flag takes a value. */
  readonly takesValue: boolean;
}

const runOption = (flags: string, help: string): RunOption => {
  const long = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
  const key = long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const env = `KARMADA_EKS_${long.replaceAll('-', '_').toUpperCase()}`;
  return { flags, key, env, help, takesValue: flags.includes('<') };
};

export const runOptions = {
  yes: runOption('--yes', 'do not ask'),
  confirm: runOption('--confirm <fleet>', 'the fleet’s name, instead of typing it; with --yes'),
  config: runOption('--config <file>', 'read the fleet from a file'),
  useContext: runOption('--use-context', 'switch kubectl to the Karmada API'),
  commands: runOption('--commands', 'show the exact commands too'),
  iamPolicy: runOption('--iam-policy', 'print the least IAM policy for this plan, and nothing else'),
  planOutput: runOption('-o, --output <format>', 'text, json or yaml (text)'),
  output: runOption('-o, --output <format>', 'text or json (text)'),
  statusOutput: runOption('-o, --output <format>', 'text, wide, json or yaml (text)'),
  wait: runOption('--wait', 'wait until the fleet is Ready'),
  timeout: runOption('--timeout <duration>', 'with --wait: how long, e.g. 90s, 10m, 1h30m (10m)'),
  watch: runOption('--watch', 'look every few seconds until Ctrl-C'),
  weights: runOption('--weights <list>', 'weight of each member, e.g. 1,1,2'),
  keep: runOption('--keep', 'leave the workload running'),
  into: runOption('--into <folder>', 'where the programs go (the folder that karmada-eks looks into)'),
  from: runOption('--from <folder>', 'take the publishers’ files from there instead of the network'),
  only: runOption('--only <tools>', 'some of eksctl,kubectl,kubectl-karmada (all)'),
  eksctlVersion: runOption('--eksctl-version <version>', 'of eksctl (0.230.0)'),
  kubectlVersion: runOption('--kubectl-version <version>', 'of kubectl (1.35.0)'),
  kubectlKarmadaVersion: runOption('--kubectl-karmada-version <version>', 'of kubectl-karmada (1.18.2)'),
} as const;

/** Options of every verb. */
export const commonOptions: readonly RunOption[] = [
  runOption('--json', 'one JSON object a line instead of text'),
  runOption('--debug', 'show where an error came from'),
  runOption('--rehearse', 'in a simulated account: no AWS, no tools, no network'),
  runOption('--speed <factor>', 'how much faster than life the rehearsal runs, 1 to 600 (60)'),
];

/** What was typed, and for what was not, what the environment says. */
export function withEnvironment(
  parsed: Parsed,
  options: readonly RunOption[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed {
  const said = options.flatMap(({ key, env: variable, takesValue }): [string, string | boolean][] => {
    const text = env[variable];
    if (parsed[key] !== undefined || text === undefined || text === '') return [];
    return [[key, takesValue ? text : isYes(text)]];
  });
  return { ...parsed, ...Object.fromEntries(said) };
}

/** `true`, `1` and `yes` in an environment variable. */
export function isYes(text: string): boolean {
  return ['true', '1', 'yes'].includes(text.toLowerCase());
}

/**
 * How much faster than life; beyond 600 the time that this machine itself needs, multiplied, runs into time limits.
 * @throws Problem `invalid-value`
 */
export function speedOf(text: Parsed[string]): number {
  const factor = text === undefined ? 60 : Number(text);
  if (Number.isFinite(factor) && factor >= 1 && factor <= 600) return factor;
  throw new Problem('invalid-value', { what: `--speed is ${String(text)}; a number from 1 to 600 is expected` });
}

/** @throws Problem `invalid-value` for a format that a verb does not have. */
export function wantsJson(parsed: Parsed): boolean {
  const format = parsed['output'] ?? 'text';
  if (format === 'json' || format === 'text') return format === 'json';
  throw new Problem('invalid-value', { what: `--output is ${String(format)}; text or json is expected` });
}
