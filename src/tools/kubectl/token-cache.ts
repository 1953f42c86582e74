/** Spares kubectl `aws eks get-token`, half a second of CPU time per call, by giving it a token made here. */
import type { Exec } from '../../world/exec.js';
import type { World } from '../../world/world.js';
import { type EksUser, eksUserOf, kubeconfigWithToken } from './kubeconfig.js';

/** An exec that passes tokens to kubectl, for the duration of a command. */
export interface TokenCache {
  readonly exec: Exec;
  /** Removes the files written for it. */
  readonly forget: () => Promise<void>;
}

/**
 * Instead of a fleet kubeconfig that calls the AWS CLI, programs receive a copy with a token that outlives their time
 * limit. If that is not possible (no credentials, or a limit beyond a token's lifetime) they receive the original. A
 * token cannot be revoked, but expires within 15 minutes.
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
    // If several find it too old, each creates one: this is rare and harmless.
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

/** A kubeconfig with a token, and when the token expires, in ms since the epoch. */
interface Copy {
  readonly path: string;
  readonly expiresAt: number;
}

/** Only for this process: another may use other credentials. The names contain the expiry time. */
function tokenFiles({ aws, files, clock, environment }: Pick<World, 'aws' | 'files' | 'clock' | 'environment'>): Pick<
  TokenCache,
  'forget'
> & {
  readonly makeFor: (kubeconfig: string, user: EksUser) => Promise<Copy>;
} {
  const folder = `${environment.dataDir}/tokens`;
  const owner = environment.owner.replace(/[^\w.@-]+/g, '-');
  const written: string[] = [];
  /** A killed process leaves its copies behind; once expired they are useless. */
  const removeOld = async (): Promise<void> => {
    for (const path of await files.list(folder)) {
      if (Number.parseInt(path.slice(folder.length + 1), 10) < clock.now()) await files.remove(path);
    }
  };
  return {
    makeFor: async (kubeconfig, { region, account, cluster }) => {
      if (written.length === 0) await removeOld();
      const { token, expiresAt } = await aws.eksToken({ region, account }, cluster);
      const path = `${folder}/${expiresAt}-${owner}-${written.length}.json`;
      written.push(path);
      await files.write(path, kubeconfigWithToken(kubeconfig, token));
      return { path, expiresAt };
    },
    forget: async () => {
      // One that cannot be removed is useless in a quarter of an hour.
      for (const path of written.splice(0)) await files.remove(path).catch(() => undefined);
    },
  };
}
