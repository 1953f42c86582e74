/** Brings the fleet's contexts into the user's own kubeconfig, once, at the end: locked, in one move, with a backup. */
import { Problem } from '../errors/problem.js';
import { clustersOf } from '../fleet/fleet.js';
import { karmadaContext } from '../fleet/names.js';
import { poll } from '../pipeline/poll.js';
import type { Step, StepContext } from '../pipeline/step.js';
import { withContexts, withoutContexts } from '../tools/kubectl/user-kubeconfig.js';
import type { Environment } from '../world/environment.js';
import { type Site, seconds } from './site.js';
import { contextOf } from './write-kubeconfig.js';

export function mergeKubeconfig(site: Site, after: readonly string[]): Step & Required<Pick<Step, 'undo'>> {
  const { environment } = site.clients.world;
  const path = userKubeconfig(environment);
  const names = [karmadaContext, ...clustersOf(site.fleet).map(contextOf)];
  return {
    id: 'merge-kubeconfig',
    title: `add the fleet’s contexts to ${path}`,
    lane: 'fleet',
    after,
    expectedMs: seconds(1),
    preview: () => ({ changes: [`contexts ${names.join(', ')} in ${path}`], commands: [] }),
    check: async () => {
      const there = await site.clients.world.files.read(path);
      const { text, contexts } = withContexts(there, site.fleet.id, await ownKubeconfigs(site, names), current(site));
      return text === there ? { state: 'ready', note: contexts.join(', ') } : { state: 'absent' };
    },
    apply: async (context) => {
      const own = await ownKubeconfigs(site, names);
      await change(site, path, context, (there) => withContexts(there, site.fleet.id, own, current(site)).text);
    },
    undo: {
      expectedMs: seconds(1),
      preview: () => ({ changes: [`the fleet’s contexts in ${path}`], commands: [] }),
      check: async () => {
        const there = await site.clients.world.files.read(path);
        if (there === undefined || there === withoutContexts(there, site.fleet.id)) return { state: 'ready' };
        return { state: 'absent' };
      },
      apply: async (context) => {
        await change(site, path, context, (there) => withoutContexts(there ?? '', site.fleet.id));
      },
    },
  };
}

/** The file that kubectl writes to: the first of KUBECONFIG, else ~/.kube/config. */
function userKubeconfig(environment: Environment): string {
  const listed = (environment.vars['KUBECONFIG'] ?? '').split(':').find((part) => part !== '');
  return listed ?? `${environment.homeDir}/.kube/config`;
}

/** The current context is changed only when the user said so. */
function current(site: Site): string | undefined {
  return site.switchContext ? karmadaContext : undefined;
}

async function ownKubeconfigs(site: Site, names: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(names.map((name) => site.clients.world.files.read(site.paths.kubeconfig(name))));
  return texts.flatMap((text) => text ?? []);
}

/** Under the lock that kubectl takes too; the old text is kept beside the file. */
async function change(
  site: Site,
  path: string,
  context: StepContext,
  edit: (there: string | undefined) => string,
): Promise<void> {
  const { files, clock, environment } = site.clients.world;
  const lock = `${path}.lock`;
  await poll(async () => ((await files.createExclusive(lock, environment.owner)) ? true : undefined), {
    clock,
    signal: context.signal,
    everyMs: 250,
    limitMs: seconds(15),
    onTimeout: () =>
      new Problem('kubeconfig-locked', {
        what: `${path} is locked by another program`,
        why: `${lock} exists`,
        next: [`when no kubectl is running, remove ${lock}`, 'run the same command again'],
      }),
  });
  try {
    const there = await files.read(path);
    const text = edit(there);
    if (text === there) return;
    if (there !== undefined) await files.write(`${path}.before-karmada-eks`, there);
    await files.write(path, text);
  } finally {
    await files.remove(lock);
  }
}
