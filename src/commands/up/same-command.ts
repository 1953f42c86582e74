/** Writes a request as the single command that does the same without prompts. */
import type { FleetRequest } from '../../fleet/schema.js';
import { escapeCommas, memberWord } from '../../options/comma-lists.js';
import { type FleetOption, fleetOptions, identityOptions } from '../../options/fleet-options.js';
import type { Parsed } from '../../options/run-options.js';
import { quoted } from '../shared/plan-table.js';

/** `karmada-eks up --fleet …` with every answer as a flag, quoted for a POSIX shell. */
export function sameCommand(request: FleetRequest, parsed: Parsed): string {
  const fleet = [...identityOptions, ...fleetOptions].flatMap((option) => flagsOf(option, request));
  const { speed, concurrency } = parsed;
  const run = [
    ...(parsed['useContext'] === true ? ['--use-context'] : []),
    ...(typeof concurrency === 'string' ? ['--concurrency', concurrency] : []),
    ...(parsed['rehearse'] === true ? ['--rehearse'] : []),
    ...(typeof speed === 'string' ? ['--speed', speed] : []),
    '--yes',
  ];
  return ['karmada-eks', 'up', ...fleet, ...run].map(quoted).join(' ');
}

function flagsOf({ flags, fills, kind }: FleetOption, request: FleetRequest): readonly string[] {
  const flag = flags.split(' ')[0] ?? flags;
  const value = request[fills];
  if (value === undefined || value === false) return [];
  if (value === true) return [flag];
  if (typeof value !== 'object') return kind === 'members' ? [] : [flag, String(value)];
  // The number of members and the list of them fill the same part: a list is only the one's, a number the other's.
  if (kind === 'number') return value.length === 0 ? [flag, '0'] : [];
  return value.flatMap((each) => [flag, typeof each === 'string' ? escapeCommas(each) : memberWord(each)]);
}
