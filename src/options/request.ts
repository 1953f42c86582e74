/** What options and surroundings tell of a fleet, unchecked. */
import { type FleetOptionName, flagOf, fleetNames, type OptionsOf, optionOf } from './table.js';

/** The raw request. */
export function requestOptions(options: OptionsOf<FleetOptionName>): Record<string, unknown> {
  const given = fleetNames.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [optionOf(name).fills, options[name]]));
}

/**
 * What the surroundings suggest for what was not said: taken where nobody is asked, preselected where somebody is.
 * `KARMADA_EKS_DEFAULT_VPC` is to the VPC what AWS's own variables are to the region.
 */
export function rawSuggestion(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  const vpc = env['KARMADA_EKS_DEFAULT_VPC'];
  return { ...(region ? { region } : {}), ...(vpc ? { vpc } : {}) };
}

/** What the user typed for a path of the request, for errors: `members.0.mode` → `--member mode`. */
export function flagOfPath(path: string): string {
  const [first = '', index, ...rest] = path.split('.');
  const candidates = fleetNames.filter((name) => optionOf(name).fills === first);
  const found = candidates.find((name) => index === undefined || optionOf(name).between !== undefined);
  return [found === undefined ? path : flagOf(found), ...rest.slice(0, 1)].filter(Boolean).join(' ');
}
