/** Gives the nodes the logins for the registry of the images: a Secret in Karmada's namespace, in the parent and in each pull member. */
import { accessParent } from '../../access/cluster-access.js';
import type { CallContext, Step, StepState } from '../../engine/step.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { fleetTag, karmadaNamespace, pullSecretName } from '../../fleet/names.js';
import { registryHosts } from '../../fleet/settings/images.js';
import { dockerConfigKey, loginsFor } from '../../model/docker-logins.js';
import { type KubeAccess, kubectlCommands } from '../../tools/kubectl/commands.js';
import { secret } from '../../tools/kubectl/objects.js';
import { type FleetContext, parentAccess, seconds } from '../context.js';

export const pullSecretRef = { kind: 'secrets', name: pullSecretName, namespace: karmadaNamespace } as const;

export function storePullSecret(context: FleetContext): Step {
  const access = parentAccess(context);
  return {
    id: 'store-pull-secret',
    title: 'store the logins for the registry of Karmada’s images',
    scope: 'parent',
    expectedMs: seconds(2),
    preview: () => ({
      changes: [`Secret ${karmadaNamespace}/${pullSecretName}`],
      commands: [kubectlCommands.apply(access, [pullSecret(context, '<logins>')])],
    }),
    check: async (call) => {
      const logins = await givenLogins(context);
      if (logins !== undefined) return await stateIn(context, access, logins, call);
      const problem = (await loginsIn(context, access, call)) === undefined ? noLogins(context) : undefined;
      return problem === undefined ? { state: 'ready' } : { state: 'blocked', problem };
    },
    preflight: async (call) => {
      if (context.fleet.imagePullSecret !== undefined) return undefined;
      const found = await accessParent(context.clients, context.fleet.parent, context.paths);
      return found !== undefined && (await loginsIn(context, found, call)) ? undefined : noLogins(context);
    },
    apply: async (call) => await putPullSecret(context, access, call),
  };
}

/** What a cluster lacks of it; `absent` where it has none. */
export async function pullSecretState(
  context: FleetContext,
  access: KubeAccess,
  call: CallContext,
): Promise<StepState> {
  return await stateIn(context, access, await wantedLogins(context, call), call);
}

/** In a cluster that has Karmada's namespace. @throws Problem `missing-value`, `karmada-foreign` */
export async function putPullSecret(context: FleetContext, access: KubeAccess, call: CallContext): Promise<void> {
  const logins = await wantedLogins(context, call);
  const found = await stateIn(context, access, logins, call);
  if (found.state === 'blocked') throw found.problem;
  if (found.state !== 'ready')
    await context.clients.kubectl.apply(access, [pullSecret(context, Buffer.from(logins).toString('base64'))], call);
}

async function stateIn(
  context: FleetContext,
  access: KubeAccess,
  logins: string,
  call: CallContext,
): Promise<StepState> {
  const found = await context.clients.kubectl.get(access, pullSecretRef, secret, call);
  if (found === undefined) return { state: 'absent' };
  if (found.metadata.labels?.[fleetTag] !== context.fleet.id)
    return { state: 'blocked', problem: othersSecret(access) };
  if (textIn(found.data) === logins) return { state: 'ready' };
  return { state: 'partial', missing: ['the logins for the registry of Karmada’s images differ'] };
}

/** Those of the file of this run; otherwise those that are in the parent. In base64, as a Secret holds them. @throws Problem `missing-value` */
export async function loginsOfFleet(context: FleetContext, call: CallContext): Promise<string> {
  return Buffer.from(await wantedLogins(context, call)).toString('base64');
}

async function wantedLogins(context: FleetContext, call: CallContext): Promise<string> {
  const logins = (await givenLogins(context)) ?? (await loginsIn(context, parentAccess(context), call));
  if (logins !== undefined) return logins;
  throw noLogins(context);
}

async function givenLogins({ clients, fleet }: FleetContext): Promise<string | undefined> {
  const { imagePullSecret: file } = fleet;
  if (file === undefined) return undefined;
  return loginsFor((await clients.world.files.read(file)) ?? '', registryHosts(fleet), file);
}

async function loginsIn(context: FleetContext, access: KubeAccess, call: CallContext): Promise<string | undefined> {
  const found = await context.clients.kubectl.get(access, pullSecretRef, secret, call);
  return found?.metadata.labels?.[fleetTag] === context.fleet.id ? textIn(found?.data) : undefined;
}

function textIn(data: Readonly<Record<string, string>> = {}): string | undefined {
  const text = data[dockerConfigKey];
  return text === undefined ? undefined : Buffer.from(text, 'base64').toString();
}

/** `data`: the logins in base64. */
function pullSecret({ fleet }: FleetContext, data: string): object {
  // Karmada's own label: in a member it tells that nobody else put the Secret there.
  const labels = { [fleetTag]: fleet.id, 'karmada.io/system': 'true' };
  return loginSecret({ name: pullSecretName, namespace: karmadaNamespace, labels }, data);
}

/** `data`: the logins in base64. */
export function loginSecret(metadata: object, data: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type: 'kubernetes.io/dockerconfigjson',
    data: { [dockerConfigKey]: data },
  };
}

function noLogins({ fleet }: FleetContext): Problem {
  return new Problem('missing-value', {
    what: `Karmada’s images are pulled with logins that are not in ${fleet.parent.cluster}`,
    why: `there is no Secret ${karmadaNamespace}/${pullSecretName} of this fleet, and no file was given`,
    next: [
      'set the file with the logins: --image-pull-secret FILE',
      `or do without, if the nodes need none: ${fleetCommand('up --image-pull-secret none', fleet)}`,
    ],
  });
}

function othersSecret({ context }: KubeAccess): Problem {
  return new Problem('karmada-foreign', {
    what: `Secret ${karmadaNamespace}/${pullSecretName} in ${context} does not belong to this fleet; nothing was changed`,
    next: ['delete or rename it, then run the same command again'],
  });
}
