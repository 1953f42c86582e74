/** What options and surroundings tell of a fleet, unchecked. */
import {
  type FleetOptionName,
  flagOf,
  fleetNames,
  type OptionName,
  type OptionsOf,
  optionOf,
  variableOf,
} from './table.js';

type Env = Readonly<Record<string, string | undefined>>;

export function requestOptions(options: OptionsOf<FleetOptionName>): Record<string, unknown> {
  const given = fleetNames.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [optionOf(name).fills, options[name]]));
}

/**
 * What the surroundings suggest for what was not said: taken where nobody is asked, preselected where somebody is.
 * `KARMADA_EKS_DEFAULT_VPC` is to the VPC what AWS's own variables are to the region.
 */
export function rawSuggestion(env: Env): Record<string, string> {
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  const vpc = env['KARMADA_EKS_DEFAULT_VPC'];
  return { ...(region ? { region } : {}), ...(vpc ? { vpc } : {}) };
}

/** The flag, or the variable, behind a path of the request: `members.0.mode` → `--member mode`. */
export function sourceOfPath(path: string, typed: ReadonlySet<OptionName>, env: Env): string {
  const [first = '', index, ...rest] = path.split('.');
  const candidates = fleetNames.filter((name) => optionOf(name).fills === first);
  const found = candidates.find((name) => index === undefined || optionOf(name).between !== undefined);
  const isInEnv = found !== undefined && !typed.has(found) && env[variableOf(found)] !== undefined;
  const name = found === undefined ? path : isInEnv ? variableOf(found) : flagOf(found);
  return [name, ...rest.slice(0, 1)].filter(Boolean).join(' ');
}
