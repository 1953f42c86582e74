/** Reads kubeconfig files: the part that kubectl and kubectl-karmada go by. */
import { parse } from 'yaml';
import { isJson, listAt, mapAt, textAt } from '../../json.js';

export interface KubeconfigCluster {
  readonly name: string;
  readonly server: string;
  /** base64 of the CA's PEM; empty when not given. */
  readonly ca: string;
}

export interface KubeconfigUser {
  readonly name: string;
  /** base64 of the client certificate's PEM; empty when not given. */
  readonly certificate: string;
  /** The bearer token; empty when not given. */
  readonly token: string;
  /** The exec plugin's command and arguments; empty when there is none. */
  readonly exec: readonly string[];
}

export interface Kubeconfig {
  readonly currentContext: string;
  readonly contexts: readonly { readonly name: string; readonly cluster: string; readonly user: string }[];
  readonly clusters: readonly KubeconfigCluster[];
  readonly users: readonly KubeconfigUser[];
}

/** The kubeconfig in a text, JSON or YAML; undefined when it is none. */
export function parseKubeconfig(text: string): Kubeconfig | undefined {
  const read: unknown = parseText(text);
  if (!isJson(read)) return undefined;
  return {
    currentContext: textAt(read, 'current-context'),
    contexts: listAt(read, 'contexts').map((entry) => ({
      name: textAt(entry, 'name'),
      cluster: textAt(entry, 'context', 'cluster'),
      user: textAt(entry, 'context', 'user'),
    })),
    clusters: listAt(read, 'clusters').map((entry) => ({
      name: textAt(entry, 'name'),
      server: mapAt(entry, 'cluster')['server'] ?? '',
      ca: textAt(entry, 'cluster', 'certificate-authority-data'),
    })),
    users: listAt(read, 'users').map((entry) => ({
      name: textAt(entry, 'name'),
      certificate: textAt(entry, 'user', 'client-certificate-data'),
      token: textAt(entry, 'user', 'token'),
      exec: [textAt(entry, 'user', 'exec', 'command'), ...listAt(entry, 'user', 'exec', 'args').map(String)].filter(
        (part) => part !== '',
      ),
    })),
  };
}

function parseText(text: string): unknown {
  // The product's own are JSON, which is YAML too, and read far quicker.
  const json = text.startsWith('{') ? quietly(() => JSON.parse(text)) : undefined;
  return json ?? quietly(() => parse(text));
}

function quietly(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
