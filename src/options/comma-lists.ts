/** Comma-separated values, and members as one argument: `name=eu,region=eu-west-1`. */
import type { MemberRequest } from '../fleet/schema.js';

/** A comma that is not escaped by a backslash. */
const between = /(?<=(?:^|[^\\])(?:\\\\)*),/;

/** What is between the commas, as it was typed. */
export function commaParts(text: string): readonly string[] {
  return text.split(between).map((part) => part.trim());
}

/** A value as it stands between commas: IAM names and the names of contexts may hold some themselves. */
export function escapeCommas(value: string): string {
  return value.replace(/[\\,]/g, String.raw`\$&`);
}

/** The value that `escapeCommas` was given; a backslash before anything else stands for itself. */
export function unescapeCommas(text: string): string {
  return text.replace(/\\([\\,])/g, '$1');
}

/** The word from which `memberFields` gets the same member. */
export function memberWord(member: MemberRequest): string {
  return Object.entries(member)
    .filter(([field, value]) => value !== undefined && field !== 'clusterConfigPatch')
    .map(([field, value]) => `${field}=${[value].flat().map(String).map(escapeCommas).join('+')}`)
    .join(',');
}

/** Field and value of each part; the value is undefined in a part without `=`. */
export function memberFields(word: string): readonly (readonly [string, string | undefined])[] {
  return commaParts(word).map((part) => {
    const [field = '', ...value] = part.split('=');
    return [field.trim(), value.length === 0 ? undefined : unescapeCommas(value.join('='))];
  });
}
