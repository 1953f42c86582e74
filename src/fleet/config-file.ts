/** Writes a request as a configuration file, with a comment that explains each field. */
import { stringify } from 'yaml';
import { type FleetRequest, requestSchema } from './schema.js';

/** Maintained by karmada-eks; users do not write it. */
const unwritten: readonly string[] = ['former', 'id', 'revision'];

/** YAML that `--config` reads; fields without a value are included as comments. */
export function configFile(request: FleetRequest): string {
  const said: Readonly<Record<string, unknown>> = request;
  const parts = Object.entries(requestSchema.shape)
    .filter(([key]) => !unwritten.includes(key))
    .map(([key, { description = '' }]) => {
      const value = said[key];
      // An empty list would mean everyone, so it is refused.
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
