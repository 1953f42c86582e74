/** The files of the user's kubeconfig: which ones they are, and how to change one safely. */
import { resolve } from 'node:path';
import { poll } from '../../engine/poll.js';
import type { CallContext } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import type { KubeconfigFile } from '../../tools/kubectl/kubeconfig-text.js';
import type { Environment } from '../../world/environment.js';
import type { HeldLock } from '../../world/files.js';
import type { World } from '../../world/world.js';
import { seconds } from '../context.js';

/** The new content of a file; without a text it is deleted. */
export interface FileChange {
  readonly text: string | undefined;
  /** Whether its text is kept next to it. */
  readonly keepsOld: boolean;
}

/**
 * The files that kubectl reads, absolute, in its order: those of KUBECONFIG, else `~/.kube/config` (client-go 0.35.3,
 * tools/clientcmd/config.go). The fleets' own, which `kubeconfig --path` gives to be put there, are not the user's.
 */
export function userKubeconfigs({ vars, homeDir, workingDir, dataDir }: Environment): readonly string[] {
  const listed = (vars['KUBECONFIG'] ?? '').split(':').filter((part) => part !== '');
  const users = listed
    .map((part) => resolve(workingDir, part))
    .filter((path) => !path.startsWith(`${dataDir}/fleets/`));
  return users.length === 0 ? [homeKubeconfig({ homeDir })] : [...new Set(users)];
}

/** What kubectl reads if KUBECONFIG is not set. */
export function homeKubeconfig({ homeDir }: Pick<Environment, 'homeDir'>): string {
  return `${homeDir}/.kube/config`;
}

export async function readAll({ files }: World, paths: readonly string[]): Promise<readonly KubeconfigFile[]> {
  const textOf = async (path: string): Promise<string | undefined> => {
    try {
      return await files.read(path);
    } catch (thrown) {
      throw thrown instanceof Problem && thrown.why?.includes('EISDIR') === true ? isFolder(path) : thrown;
    }
  };
  return await Promise.all(paths.map(async (path) => ({ path, text: await textOf(path) })));
}

/** Where the text of a file from before our first change is. */
export function backupOf(path: string): string {
  return `${path}.before-karmada-eks`;
}

/**
 * Changes a file under the lock that kubectl takes too, in one move; `edit` answers undefined when there is nothing to do.
 * Links to it stay. What others may read is narrowed to 0600, for there are keys in it.
 * @throws Problem `kubeconfig-locked`, `kubeconfig-read-only`, `file-failed`
 */
export async function changeFile(
  world: World,
  path: string,
  call: CallContext,
  edit: (there: KubeconfigFile) => Promise<FileChange | undefined>,
): Promise<void> {
  const { files } = world;
  const facts = await files.facts(path);
  if (!facts.writable) throw readOnly(path);
  try {
    const held = await lock(world, path, call);
    try {
      const text = await files.read(path);
      const change = await edit({ path, text });
      if (change === undefined) return;
      if (change.keepsOld && text !== undefined) await files.write(backupOf(path), text);
      if (change.text === undefined) return await files.remove(facts.path);
      await files.writeThroughLinks(path, change.text);
      if (((facts.mode ?? 0) & 0o077) !== 0)
        call.say(`${path} contains keys; it is now readable only by you (0600)`, 'lasting');
    } finally {
      await held.release();
    }
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'file-failed')
      throw unwritable(path, thrown.why ?? thrown.message);
    throw thrown;
  }
}

/** Why a file cannot be changed, as far as that can be known without trying: Problem `kubeconfig-read-only`. */
export async function refusalOf({ files, environment }: World, path: string): Promise<Problem | undefined> {
  const unexpanded = (environment.vars['KUBECONFIG'] ?? '').split(':').find((part) => /^~(\/|$)/.test(part));
  if (unexpanded !== undefined) return notExpanded(unexpanded);
  return (await files.facts(path)).writable ? undefined : readOnly(path);
}

/** kubectl takes it for a folder of that name in the present one. */
function notExpanded(part: string): Problem {
  return new Problem('invalid-value', {
    what: `KUBECONFIG names ${part}, with a ~ that no shell has replaced`,
    why: 'shells replace it only at the beginning of a word and outside of quotes, and kubectl never does',
    next: [`export KUBECONFIG="$HOME${part.slice(1)}"`, 'then run the same command again'],
  });
}

/** A folder, for which a file is meant. */
function isFolder(path: string): Problem {
  return new Problem('invalid-value', {
    what: `KUBECONFIG names ${path}, which is a folder; expected a file`,
    next: [`export KUBECONFIG=${path}/config`, 'then run the same command again'],
  });
}

function readOnly(path: string): Problem {
  return new Problem('kubeconfig-read-only', {
    what: `the kubeconfig ${path} is read-only, or is not a regular file`,
    why: 'the contexts of the fleet cannot be added to it',
    next: [`make it writable (chmod u+w ${path}), or set KUBECONFIG to another file`, 'run the same command again'],
  });
}

/** The lock of a karmada-eks that died is taken over after 30 s; one of another program never. */
async function lock(world: World, path: string, call: CallContext): Promise<HeldLock> {
  const first = await world.files.lock(path);
  if (first !== undefined) return first;
  call.say(`waiting for ${path}.lock, with which another program locks the kubeconfig`);
  return await poll(() => world.files.lock(path), {
    clock: world.clock,
    signal: call.signal,
    everyMs: 250,
    limitMs: seconds(40),
    onTimeout: () =>
      new Problem('kubeconfig-locked', {
        what: `${path} is locked by another program`,
        why: `${path}.lock exists and is not released`,
        next: [`when no kubectl is running, remove ${path}.lock`, 'run the same command again'],
      }),
  });
}

function unwritable(path: string, why: string): Problem {
  return new Problem('file-failed', {
    what: `the kubeconfig ${path} could not be changed and was left as it is`,
    why,
    next: [
      'once it is writable, run the same command again, or only: karmada-eks kubeconfig --merge',
      'until then use the fleet’s own kubeconfig: karmada-eks kubeconfig',
    ],
  });
}
