/** Fields of a ClusterConfig whose values are not shown, because people put secrets into them: only a patch of the user's has them. */

const hidden = '<hidden>';

/** Scripts, settings and values of add-ons, and what is named like a secret; not the key that encrypts Secrets. */
const secretField =
  /^(preBootstrapCommands|overrideBootstrapCommand|settings|configurationValues|gitops)$|passw|token|credential|private.?key|secret(?!sEncryption)/i;

/** The text of a ClusterConfig without them; any other text as it is. */
export function withoutConfigSecrets(text: string): string {
  if (!text.includes('"kind":"ClusterConfig"') || !new RegExp(`"[^"]*(${secretField.source})`, 'i').test(text))
    return text;
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => (secretField.test(key) ? hidden : value));
}
