/** What is not shown of a ClusterConfig and of a fleet's description: people put secrets into a patch of the former, which the latter keeps. */

const hidden = '<hidden>';

/** Scripts, settings and values of add-ons, and what is named like a secret; not the key that encrypts Secrets. */
const secretField =
  /^(preBootstrapCommands|overrideBootstrapCommand|settings|configurationValues|gitops)$|passw|token|credential|private.?key|secret(?!sEncryption)/i;

/** The patch in a description, which is a text of JSON in a ConfigMap. */
const patchField = 'clusterConfigPatch';

/** A text of JSON without them; any other text as it is. */
export function withoutConfigSecrets(text: string): string {
  const isConfig = text.includes('"kind":"ClusterConfig"');
  if (!isConfig && !text.includes(patchField)) return text;
  const isSecret = (key: string): boolean => (isConfig ? secretField.test(key) : key === patchField);
  const shown = (key: string, value: unknown): unknown => {
    if (isSecret(key)) return hidden;
    return typeof value === 'string' && value.includes(`"${patchField}"`) ? withoutConfigSecrets(value) : value;
  };
  try {
    return JSON.stringify(JSON.parse(text), shown);
  } catch {
    return hidden;
  }
}
