/** The address of the API in the text of a kubeconfig with one cluster. */

const serverLine = /^(\s*server:\s*)(\S+)/m;

export function serverIn(kubeconfig: string | undefined): string | undefined {
  return kubeconfig === undefined ? undefined : serverLine.exec(kubeconfig)?.[2];
}

export function withServer(kubeconfig: string, server: string): string {
  return kubeconfig.replace(serverLine, `$1${server}`);
}
