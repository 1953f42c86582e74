/** Which schedules of a CronJob an API server takes, and its words for others (robfig/cron 3.0.1, parser.go, `ParseStandard`). */

/** Bounds, and names of the values from the lowest on. */
type Field = readonly [number, number, (readonly string[])?];

const fields: readonly Field[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12, ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']],
  [0, 6, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
];

const descriptors = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/;

/** Undefined: it is taken. */
export function scheduleRefusal(text: string): string | undefined {
  if (text.startsWith('@')) return descriptors.test(text) ? undefined : `unrecognized descriptor: ${text}`;
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  return fields
    .flatMap((field, index) => (parts[index] ?? '').split(',').map((range) => rangeRefusal(range, field)))
    .find((refusal) => refusal !== undefined);
}

function rangeRefusal(range: string, [low, high, names = []]: Field): string | undefined {
  const [bounds = '', step = '1', ...more] = range.split('/');
  const ends = bounds.split('-');
  if (ends.length > 2) return `too many hyphens: ${range}`;
  if (more.length > 0) return `too many slashes: ${range}`;
  const [first = '', last = first] = ends;
  const numberOf = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    if (named >= 0) return named + low;
    return /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const isAny = first === '*' || first === '?';
  const start = isAny ? low : numberOf(first);
  const isOpen = ends.length === 1 && range.includes('/');
  const end = isAny || isOpen ? high : numberOf(last);
  if (Number.isNaN(start) || Number.isNaN(end) || !/^\d+$/.test(step)) return `failed to parse int from ${range}`;
  if (start < low) return `beginning of range (${start}) below minimum (${low}): ${range}`;
  if (end > high) return `end of range (${end}) above maximum (${high}): ${range}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${range}`;
  return Number(step) === 0 ? `step of range should be a positive number: ${range}` : undefined;
}
