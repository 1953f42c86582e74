/**
 * The options that describe a fleet: each with its flag, its environment variable and the field of the request it
 * fills.
 */
import type { FleetRequest } from '../fleet/schema.js';
import { commaParts, memberFields, unescapeCommas } from './comma-lists.js';
import type { Parsed } from './run-options.js';
import { yesOrNo } from './yes-or-no.js';

/** How the text of an option becomes a value of the request. */
type Kind = 'text' | 'number' | 'list' | 'members' | 'yes';

export interface FleetOption {
  /** As commander wants it. */
  readonly flags: string;
  /** The name that commander gives the value. */
  readonly key: string;
  readonly env: string;
  readonly fills: keyof FleetRequest;
  readonly kind: Kind;
  readonly help: string;
}

const option = (flags: string, fills: keyof FleetRequest, kind: Kind, help: string): FleetOption => {
  const long = flags.split(' ')[0]?.slice(2) ?? '';
  const key = long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { flags, key, env: `KARMADA_EKS_${long.replaceAll('-', '_').toUpperCase()}`, fills, kind, help };
};

/** Which fleet: every verb has these. */
export const identityOptions: readonly FleetOption[] = [
  option('--fleet <name>', 'fleet', 'text', 'name of the fleet (default: karmada)'),
  option('--region <region>', 'region', 'text', 'region of the parent (AWS_REGION is read too)'),
  option(
    '--fleet-id <id>',
    'id',
    'text',
    'fleet id, as shown by status, to select one of several fleets with the same name',
  ),
];

/** What the fleet is: `up` and `plan` have these. */
export const fleetOptions: readonly FleetOption[] = [
  option('--vpc <id-or-name>', 'vpc', 'text', 'VPC ID or Name tag (* matches any text)'),
  option('--members <number>', 'members', 'number', 'number of members, named after the fleet (default: 2)'),
  option(
    '--member <fields>',
    'members',
    'members',
    'one member: name=…,region=…,vpc=…,mode=push|pull,cluster=…,existing=true,context=…,sources=CIDR+CIDR (repeatable; only name is required)',
  ),
  option('--nodes <number>', 'nodes', 'number', 'nodes per cluster (default: 3)'),
  option('--instance-type <type>', 'instanceType', 'text', 'instance type of the nodes (default: m5.large)'),
  option(
    '--kubernetes-version <version>',
    'kubernetesVersion',
    'text',
    'e.g. 1.35 (default: the newest in standard support)',
  ),
  option(
    '--karmada-version <version>',
    'karmadaVersion',
    'text',
    'e.g. 1.18.2 (default: the version of kubectl-karmada)',
  ),
  option('--crds <file>', 'crds', 'text', 'local archive of Karmada’s CRDs (default: init downloads it)'),
  option(
    '--allow <cidr>',
    'allow',
    'list',
    'who may reach the Karmada API (repeatable; default: this machine, or the VPC with --internal)',
  ),
  option('--internal', 'internal', 'yes', 'give the load balancer of the Karmada API private addresses only'),
  option(
    '--public-access-cidr <cidr>',
    'publicAccess',
    'list',
    'who may reach the public endpoints of new EKS clusters, in addition to nodes and Karmada (repeatable; default: everyone)',
  ),
  option('--admin <arn>', 'admins', 'list', 'additional administrator of the clusters (repeatable)'),
  option('--use-existing', 'useExisting', 'yes', 'use existing clusters that do not belong to the fleet'),
];

/** The raw request in the flags, and in the variables for parts of which no flag speaks; unchecked. */
export function requestOptions(
  parsed: Parsed,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const options = [...identityOptions, ...fleetOptions];
  const said = (of: (option: FleetOption) => Parsed[string]): Record<string, unknown> =>
    Object.fromEntries(
      options.flatMap((option) => {
        const words = of(option);
        return words === undefined ? [] : [[option.fills, toValue(words, option.kind)]];
      }),
    );
  return { ...said(({ env: variable, kind }) => fromEnv(env[variable], kind)), ...said(({ key }) => parsed[key]) };
}

/**
 * What the surroundings suggest for what was not said: used if nobody is asked, preselected otherwise.
 * `KARMADA_EKS_DEFAULT_VPC` is to the VPC what AWS's own variables are to the region.
 */
export function rawSuggestion(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  const vpc = env['KARMADA_EKS_DEFAULT_VPC'];
  return { ...(region ? { region } : {}), ...(vpc ? { vpc } : {}) };
}

/** What the user typed for a path of the request, for errors. */
export function flagOf(path: string): string {
  const [first = '', index] = path.split('.');
  const candidates = [...identityOptions, ...fleetOptions].filter(({ fills }) => fills === first);
  const found = candidates.find(({ kind }) =>
    index === undefined ? kind !== 'members' : kind === 'members' || kind === 'list',
  );
  const flag = (found ?? candidates[0])?.flags.split(' ')[0] ?? path;
  const rest = path.split('.').slice(2).join('.');
  return rest === '' ? flag : `${flag} ${rest}`;
}

/** In a variable, lists are separated by commas and members by semicolons. */
function fromEnv(text: string | undefined, kind: Kind): string | readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  if (kind === 'members') return split(text, ';');
  return text;
}

function toValue(said: string | readonly string[] | boolean, kind: Kind): unknown {
  if (kind === 'members') return [said].flat().map((text) => memberOf(String(text)));
  if (kind === 'list') return [said].flat().flatMap((text) => listOf(String(text)));
  // A word that is neither is left as it is, for the schema to refuse.
  if (kind === 'yes') return said === true || (yesOrNo(String(said)) ?? said);
  if (kind === 'number' && typeof said === 'string') return /^\d+$/.test(said) ? Number(said) : said;
  return said;
}

/** A part without `=` is kept under its own text, so that the schema refuses it. */
function memberOf(text: string): Record<string, unknown> {
  const fields = memberFields(text).filter(([field, value]) => field !== '' || value !== undefined);
  return Object.fromEntries(fields.map(([field, value = '']) => [field, memberValue(field, value)]));
}

/** Several sources are joined with `+`, for a comma ends the field. */
function memberValue(field: string, text: string): unknown {
  if (field === 'sources') return split(text, '+');
  if (field === 'existing') return yesOrNo(text) ?? text;
  return text;
}

function listOf(text: string): readonly string[] {
  return commaParts(text)
    .filter((part) => part !== '')
    .map(unescapeCommas);
}

function split(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
