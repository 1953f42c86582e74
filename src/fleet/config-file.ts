/** Writes a request as a configuration file, each part with a comment that says what it is. */
import { stringify } from 'yaml';
import { type FleetRequest, requestSchema } from './schema.js';

/** Kept by karmada-eks itself, and nothing that a user would write. */
const unwritten: readonly string[] = ['former', 'id'];

/** YAML that `--config` reads; parts without a value stand there as comments. */
export function configFile(request: FleetRequest): string {
  const said: Readonly<Record<string, unknown>> = request;
  const parts = Object.entries(requestSchema.shape)
    .filter(([key]) => !unwritten.includes(key))
    .map(([key, { description = '' }]) => {
      const value = said[key];
      // An empty list is refused where it would mean everyone.
      const text =
        value === undefined || (key === 'publicAccess' && isEmptyList(value))
          ? `#${key}:\n`
          : stringify({ [key]: value });
      return `# ${description}\n${text}`;
    });
  return `# A Karmada fleet on Amazon EKS, for: karmada-eks up --config FILE\n\n${parts.join('\n')}`;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
