/** Lets kubectl do without `aws eks get-token`, which takes half a second of a core at every call: it gets a token of ours. */
import type { Exec } from '../../world/exec.js';
import type { World } from '../../world/world.js';
import { type EksUser, eksUserOf, kubeconfigWithToken } from './kubeconfig.js';

/** An exec that hands tokens to kubectl, for as long as a command of the user's goes on. */
export interface TokenCache {
  readonly exec: Exec;
  /** Removes what was written for it. */
  readonly forget: () => Promise<void>;
}

/**
 * In the place of a kubeconfig of the product that calls the AWS CLI, programs are given a copy of it with a token that
 * outlives their time limit. Where there is none (no credentials; a limit beyond a token's life) they get what they were to
 * get. A token cannot be taken back, but ends by itself within 15 minutes.
 */
export function cachedTokens(world: Pick<World, 'exec' | 'aws' | 'files' | 'clock' | 'environment'>): TokenCache {
  const { files, clock, environment } = world;
  const { makeFor, forget } = tokenFiles(world);
  const copies = new Map<string, Promise<Copy>>();
  const makeAnew = (kubeconfig: string, user: EksUser): Promise<Copy> => {
    const made = makeFor(kubeconfig, user);
    copies.set(kubeconfig, made);
    made.catch(() => copies.delete(kubeconfig));
    return made;
  };
  const copyOf = async (path: string, timeoutMs: number): Promise<string> => {
    const kubeconfig = await files.read(path);
    const user = kubeconfig === undefined ? undefined : eksUserOf(kubeconfig);
    if (kubeconfig === undefined || user === undefined) return path;
    if (user.profile !== environment.vars['AWS_PROFILE']) return path;
    const lasts = ({ expiresAt }: Copy): boolean => expiresAt - clock.now() > timeoutMs;
    let copy = await (copies.get(kubeconfig) ?? makeAnew(kubeconfig, user));
    // Of several that find it too old each makes one: that is seldom, and harms nothing.
    if (!lasts(copy)) copy = await makeAnew(kubeconfig, user);
    return lasts(copy) ? copy.path : path;
  };
  const exec: Exec = async (request) => {
    const { tool, args, timeoutMs } = request;
    if (tool !== 'kubectl' && tool !== 'kubectl-karmada') return await world.exec(request);
    const given = args.map(async (arg) => {
      const [, flag, path] = /^(--(?:cluster-)?kubeconfig=)(.+)$/.exec(arg) ?? [];
      if (flag === undefined || path === undefined) return arg;
      return `${flag}${await copyOf(path, timeoutMs).catch(() => path)}`;
    });
    return await world.exec({ ...request, args: await Promise.all(given) });
  };
  return { exec, forget };
}

/** A kubeconfig with a token in it, and how long that is good, in ms since the epoch. */
interface Copy {
  readonly path: string;
  readonly expiresAt: number;
}

/** The copies are of this process alone, for another one may have other credentials; their names say when they end. */
function tokenFiles({ aws, files, clock, environment }: Pick<World, 'aws' | 'files' | 'clock' | 'environment'>): Pick<
  TokenCache,
  'forget'
> & {
  readonly makeFor: (kubeconfig: string, user: EksUser) => Promise<Copy>;
} {
  const folder = `${environment.dataDir}/tokens`;
  const owner = environment.owner.replace(/[^\w.@-]+/g, '-');
  const written: string[] = [];
  /** A process that was killed leaves its copies; when their time is over they are of no use to anybody. */
  const removeOld = async (): Promise<void> => {
    for (const path of await files.list(folder)) {
      if (Number.parseInt(path.slice(folder.length + 1), 10) < clock.now()) await files.remove(path);
    }
  };
  return {
    makeFor: async (kubeconfig, { region, cluster }) => {
      if (written.length === 0) await removeOld();
      const { token, expiresAt } = await aws.eksToken(region, cluster);
      const path = `${folder}/${expiresAt}-${owner}-${written.length}.json`;
      written.push(path);
      await files.write(path, kubeconfigWithToken(kubeconfig, token));
      return { path, expiresAt };
    },
    forget: async () => {
      // One that cannot be removed is of no use in a quarter of an hour.
      for (const path of written.splice(0)) await files.remove(path).catch(() => undefined);
    },
  };
}
