/** Writes a request as the single command that does the same without prompts. */
import { requestOf } from '../../fleet/resolve.js';
import type { FleetRequest } from '../../fleet/schema.js';
import { type OwnTags, tagWords } from '../../fleet/settings/tags.js';
import { escapeCommas, memberWord } from '../../options/comma-lists.js';
import {
  flagOf,
  fleetNames,
  type OptionName,
  type Options,
  optionNames,
  optionOf,
  redoingNames,
} from '../../options/table.js';
import { quoted } from '../review/plan-table.js';
import type { ResolvedFleet } from '../shared/resolve-request.js';

/** Not printed: it is in the answers, or would change what is printed. */
const left: readonly OptionName[] = [...fleetNames, 'config', 'yes', 'json', 'debug'];

/** `karmada-eks up --fleet …` with every answer as a flag, and how it was run, quoted for a POSIX shell. */
export function sameCommand(request: FleetRequest, options: Partial<Options>): string {
  const patch = patchWords(request, options);
  const fleet = fleetNames.flatMap((name) => (isInFile(name, patch) ? [] : fleetWords(name, request)));
  const run = optionNames.filter((name) => !left.includes(name)).flatMap((name) => runWords(name, options[name]));
  return ['karmada-eks', 'up', ...fleet, ...patch, ...run, '--yes'].map(quoted).join(' ');
}

/** What changes the plan, apart from the fleet. */
const planning: readonly OptionName[] = [...redoingNames, 'noBackup', 'backupInto', 'encryptTo', 'trustContext'];

/** `karmada-eks plan …` of the same run, quoted for a POSIX shell. `given` is by flags, file and answers; the rest is found again. */
export function planCommand(given: FleetRequest, { fleet, known }: ResolvedFleet, options: Partial<Options>): string {
  const { vpc, createVpc } = known.request === undefined ? requestOf(fleet) : {};
  const place = { ...(vpc === undefined ? {} : { vpc }), ...(createVpc === undefined ? {} : { createVpc }) };
  const named = { ...place, ...given, fleet: fleet.name, region: fleet.parent.region };
  const patch = patchWords(given, options);
  const words = fleetNames.flatMap((name) => (isInFile(name, patch) ? [] : fleetWords(name, named)));
  const run = planning.flatMap((name) => runWords(name, options[name]));
  return ['karmada-eks', 'plan', ...words, ...patch, ...run].map(quoted).join(' ');
}

/** No command line has a patch in it, only the file where it is. */
function patchWords(request: FleetRequest, { clusterConfigPatch: file, config }: Partial<Options>): readonly string[] {
  const { members = [], clusterConfigPatch } = request;
  const isPatched = typeof members !== 'number' && members.some((member) => member.clusterConfigPatch !== undefined);
  const isNeeded = isPatched || (file === undefined && clusterConfigPatch !== undefined);
  return [
    ...(config !== undefined && isNeeded ? [flagOf('config'), config] : []),
    ...(file === undefined ? [] : [flagOf('clusterConfigPatch'), file]),
  ];
}

/** Members on the command line would take the place of those in the file, and of their patches. */
function isInFile(name: OptionName, [flag]: readonly string[]): boolean {
  return flag === flagOf('config') && ['member', 'members'].includes(name);
}

function fleetWords(name: OptionName, request: FleetRequest): readonly string[] {
  const { fills, between } = optionOf(name);
  const value = fills && request[fills];
  const flag = flagOf(name);
  if (value === undefined || value === false || name === 'clusterConfigPatch') return [];
  if (value === true) return [flag];
  // The number of members and the list of them fill the same part: a list is only the one's, a number the other's.
  if (typeof value === 'string') return [flag, between === undefined ? value : escapeCommas(value)];
  if (typeof value !== 'object') return between === undefined ? [flag, String(value)] : [];
  if (between === undefined) return Array.isArray(value) && value.length === 0 ? [flag, '0'] : [];
  const words = Array.isArray(value) ? value : tagWords(value as OwnTags);
  return words.flatMap((each) => [flag, typeof each === 'string' ? escapeCommas(each) : memberWord(each)]);
}

function runWords(name: OptionName, value: unknown): readonly string[] {
  const flag = flagOf(name);
  if (value === undefined || value === optionOf(name).fallback) return [];
  if (value === true) return [flag];
  return [value].flat().flatMap((each) => [flag, String(each)]);
}
