/** Writes a request as a configuration file, with a comment that explains each field. */
import { stringify } from 'yaml';
import { type FleetRequest, requestSchema } from './schema.js';

/** Maintained by karmada-eks; users do not write it. */
const unwritten: readonly string[] = ['former', 'id', 'pullsWithSecret', 'revision'];

/** YAML that `--config` reads; fields without a value, or with the default, are included as comments. */
export function configFile(request: FleetRequest): string {
  const said: Readonly<Record<string, unknown>> = request;
  const parts = Object.entries(requestSchema.shape)
    .filter(([key]) => !unwritten.includes(key))
    .map(([key, { description = '' }]) => {
      const value = said[key];
      const text = value === undefined || isDefault(key, value) ? `#${key}:\n` : stringify({ [key]: value });
      return `# ${description}\n${text}`;
    });
  return `# A Karmada fleet on Amazon EKS, for: karmada-eks up --config FILE\n\n${parts.join('\n')}`;
}

/** What holds without a line too. An empty list of `publicAccess` would mean everyone, so it is refused. */
function isDefault(key: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 && key !== 'members';
  return value === false && ['internal', 'useExisting', 'privateEndpoints'].includes(key);
}
