/** A port of etcd that a killed run has left open: its `kubectl port-forward` lives on, and whoever finds the port can change Karmada. */
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import type { Call } from '../../tools/run.js';
import type { World } from '../../world/world.js';

type Machine = Pick<World, 'files' | 'httpPost'>;

/** Beside the kubeconfig of the parent, while a port is forwarded. */
function noteOf({ kubeconfig }: KubeAccess): string {
  return `${kubeconfig}.forwarded`;
}

/** Nothing depends on the note: without it nobody is warned. */
const ignored = (): undefined => undefined;

/** Notes the port as long as it is used. */
export async function notedPort<T>(
  { files }: Machine,
  parent: KubeAccess,
  port: number,
  use: () => Promise<T>,
): Promise<T> {
  await files.write(noteOf(parent), `${port}\n`).catch(ignored);
  try {
    return await use();
  } finally {
    await files.remove(noteOf(parent)).catch(ignored);
  }
}

async function startOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const piece of bytes) return Buffer.from(piece).toString();
  return '';
}

/** Tells of a port that is noted and still leads to etcd. */
export async function warnOfLeftPort({ files, httpPost }: Machine, parent: KubeAccess, call: Call): Promise<void> {
  const port = Number((await files.read(noteOf(parent)).catch(ignored)) ?? '');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return;
  const url = `http://127.0.0.1:${port}/v3/maintenance/status`;
  const found = await httpPost({ url, body: '{}', idleMs: 5_000, signal: call.signal });
  if (found.kind === 'failed') return;
  // Another program may listen there by now.
  if (!(await startOf(found.bytes).catch(() => '')).includes('"dbSize"')) return;
  call.say?.(
    `warning: a run that was killed has left etcd open to this machine at 127.0.0.1:${port}; to end its kubectl: kill $(lsof -t -i TCP:${port} -s TCP:LISTEN)`,
    'lasting',
  );
}
