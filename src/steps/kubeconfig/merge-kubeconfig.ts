/** Merges the fleet's contexts into the user's own kubeconfig, once, at the end, and removes them again. */

import type { CallContext, Step } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { clustersOf, type Fleet } from '../../fleet/fleet.js';
import { karmadaContext } from '../../fleet/names.js';
import { isEmptyKubeconfig, type KubeconfigFile, readKubeconfig } from '../../tools/kubectl/kubeconfig-text.js';
import {
  holdsContexts,
  isEntryFor,
  type Merge,
  type Merged,
  nameIn,
  withContexts,
  withoutContexts,
} from '../../tools/kubectl/user-kubeconfig.js';
import type { World } from '../../world/world.js';
import { type FleetContext, seconds } from '../context.js';
import { backupOf, changeFile, homeKubeconfig, readAll, refusalOf, userKubeconfigs } from './user-kubeconfig-files.js';
import { contextOf } from './write-kubeconfig.js';

/**
 * The contexts of Karmada, the parent and the EKS members; those of other members are the user's own already. kubectl could not use one
 * that needs an external ID, which the AWS CLI cannot give for a token (aws-cli 2.36, get_token.py).
 */
export function mergeableContexts({ fleet }: Pick<FleetContext, 'fleet'>): readonly string[] {
  const usable = clustersOf(fleet).filter(({ account }) => account?.externalId === undefined);
  return [karmadaContext, ...usable.map(contextOf)];
}

/** What is merged. */
interface Merging {
  /** Those of the fleet; what else of it is in the user's kubeconfig stays. All where it is not given. */
  readonly contexts?: readonly string[];
  /** Whether the user's current context is switched to the Karmada API. */
  readonly switchContext: boolean;
}

export function mergeKubeconfig(
  context: FleetContext,
  { contexts = mergeableContexts(context), switchContext }: Merging,
): Step {
  const { world } = context.clients;
  const paths = userKubeconfigs(world.environment);
  const place = paths.join(' or ');
  const mergeFor = (all: readonly KubeconfigFile[], file: KubeconfigFile): Omit<Merge, 'own'> => ({
    fleet: context.fleet,
    current: switchContext ? karmadaContext : undefined,
    others: all.filter(({ path }) => path !== file.path),
  });
  // The names in the other files are taken.
  const mergedInto = async (all: readonly KubeconfigFile[], file: KubeconfigFile): Promise<Merged> => {
    const own = await Promise.all(contexts.map((name) => world.files.read(context.paths.kubeconfig(name))));
    return withContexts(file, { ...mergeFor(all, file), own: own.flatMap((text) => text ?? []) });
  };
  return {
    id: 'merge-kubeconfig',
    title: `add the fleet’s contexts to ${place}`,
    scope: 'fleet',
    expectedMs: seconds(1),
    preview: () => ({ changes: [`contexts ${contexts.join(', ')} in ${place}`], commands: [] }),
    check: async () => {
      const all = await readAll(world, paths);
      const file = placeOf(all, context.fleet.id);
      const merged = await mergedInto(all, file);
      return merged.text === file.text ? { state: 'ready', note: merged.contexts.join(', ') } : { state: 'absent' };
    },
    apply: async (call) => {
      const { path } = placeOf(await readAll(world, paths), context.fleet.id);
      await changeFile(world, path, call, async (file) => {
        const merged = await mergedInto(await readAll(world, paths), file);
        tellApart(contexts, merged, call);
        return merged.text === file.text ? undefined : { text: merged.text, keepsOld: merged.isFirst };
      });
    },
    preflight: async () => {
      const all = await readAll(world, paths);
      const file = placeOf(all, context.fleet.id);
      withContexts(file, { ...mergeFor(all, file), own: contexts.map(placeholder) });
      return await refusalOf(world, file.path);
    },
  };
}

/** Whoever waits for `karmada-apiserver` has to know that theirs has another name. */
function tellApart(contexts: readonly string[], merged: Merged, { say }: CallContext): void {
  const apart = merged.contexts.filter((name) => !contexts.includes(name));
  if (apart.length > 0)
    say(`these names are already taken, so the contexts are named ${merged.contexts.join(', ')}`, 'lasting');
}

/** The name that the fleet's context of Karmada has in the user's kubeconfig; undefined if it is not merged. @throws Problem `kubeconfig-malformed`, `file-failed` */
export async function mergedKarmadaContext(
  world: World,
  fleet: Pick<Fleet, 'id' | 'name'>,
): Promise<string | undefined> {
  const files = await readAll(world, userKubeconfigs(world.environment));
  return files.map((file) => nameIn(file, karmadaContext, fleet)).find((name) => name !== undefined);
}

/** Stands for a kubeconfig of the fleet that is not there yet: what can take it can take the real one. */
function placeholder(name: string): string {
  const context = { cluster: name, user: name };
  return JSON.stringify({
    clusters: [{ name, cluster: {} }],
    contexts: [{ name, context }],
    users: [{ name, user: {} }],
  });
}

/** Takes contexts out of the user's kubeconfig that are the fleet's no more, by their names; the others stay. */
export function dropContexts(context: FleetContext, contexts: readonly string[]): Step {
  const staying = mergeableContexts(context);
  const named = `${contexts.length === 1 ? 'context' : 'contexts'} ${contexts.join(', ')}`;
  const goes = (entry: unknown): boolean =>
    contexts.some((each) => isEntryFor(entry, each, context.fleet)) && staying.every((each) => each !== entry);
  return {
    ...unmergeKubeconfig(context, goes),
    preview: () => ({ changes: [`${named} in your kubeconfig`], commands: [] }),
    id: 'drop-contexts',
    title: `remove the ${named} from your kubeconfig`,
  };
}

/**
 * Checks every file that can contain the contexts, even if KUBECONFIG has changed since.
 * @param goes decides by name whether an entry of the fleet is removed
 */
export function unmergeKubeconfig(context: FleetContext, goes?: (entry: unknown) => boolean): Step {
  const { world } = context.clients;
  const paths = [...new Set([...userKubeconfigs(world.environment), homeKubeconfig(world.environment)])];
  const without = (file: KubeconfigFile): string => withoutContexts(file, context.fleet.id, goes);
  const holding = async (): Promise<readonly KubeconfigFile[]> =>
    (await readAll(world, paths)).filter((file) => without(file) !== (file.text ?? ''));
  return {
    id: 'undo/merge-kubeconfig',
    title: 'remove the contexts from the kubeconfig',
    scope: 'fleet',
    expectedMs: seconds(1),
    preview: () => ({ changes: [`the fleet’s contexts in ${paths.join(' and ')}`], commands: [] }),
    check: async () => ((await holding()).length === 0 ? { state: 'ready' } : { state: 'absent' }),
    apply: async (call) => {
      for (const { path } of await holding()) {
        await changeFile(world, path, call, async (file) => {
          const text = without(file);
          if (text === file.text) return undefined;
          const isOurs =
            isEmptyKubeconfig(readKubeconfig({ path, text })) && (await world.files.read(backupOf(path))) === undefined;
          return { text: isOurs ? undefined : text, keepsOld: false };
        });
      }
    },
  };
}

/**
 * The file that the contexts belong in: where they are already, else where kubectl puts new entries, which is the first
 * file of KUBECONFIG that is there, or the last of all (client-go 0.35.3, `GetDefaultFilename`).
 */
function placeOf(all: readonly KubeconfigFile[], fleet: string): KubeconfigFile {
  const holding = all.length === 1 ? undefined : all.find((each) => holdsContexts(each, fleet));
  const place = holding ?? all.find(({ text }) => text !== undefined) ?? all.at(-1);
  if (place === undefined) throw new Problem('internal', { what: 'no kubeconfig path is set' });
  return place;
}
