/** `access kubeconfig`: a kubeconfig for one person, with a certificate that ends by itself and rights that can be revoked. */
import { resolve } from 'node:path';
import { scopeText } from '../../access/grants.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaContext } from '../../fleet/names.js';
import type { OptionsOf } from '../../options/table.js';
import { grantSteps } from '../../pipelines/access.js';
import { systemNamespace } from '../../state/karmada-contents.js';
import type { Issued, WantedAccess } from '../../steps/access/grant-access.js';
import type { FleetContext } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { endpointIn, kubeconfigText } from '../../tools/kubectl/kubeconfig.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { karmadaOf } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import { withFleet } from '../shared/with-fleet.js';
import { personFrom } from './person.js';
import { timeText } from './time-text.js';

type AccessOptions = RequestOptions & OptionsOf<'user' | 'accessFor' | 'role' | 'accessNamespace' | 'pathTo'>;

/** What Kubernetes signs at least (kubernetes 1.34, certificates validation), and what is still short-lived; in ms. */
const shortest = 600_000;
const longest = 30 * 24 * 3_600_000;

export async function accessKubeconfig(session: Session, options: AccessOptions): Promise<number> {
  const wanted = wantedAccess(options);
  return await withFleet(
    session,
    options,
    {},
    async (open) => {
      const { context, karmada } = await karmadaOf(open);
      await requireNamespace(session, karmada, wanted);
      return { context, path: await freePath(session, options.pathTo) };
    },
    (open, { context, path }) => grant(open.session, context, wanted, path),
  );
}

/** @throws Problem `missing-value`, `invalid-value` */
function wantedAccess({ user, accessFor, role, accessNamespace: namespace }: AccessOptions): WantedAccess {
  const person = personFrom(user, '--user');
  if (accessFor.ms < shortest || accessFor.ms > longest)
    throw new Problem('invalid-value', { what: `--for: expected 10m to 720h, got ${accessFor.text}` });
  if (namespace !== undefined && namespace !== 'default' && systemNamespace.test(namespace))
    throw new Problem('invalid-value', {
      what: `--namespace: expected a namespace of yours, got ${namespace}, which is Kubernetes’ or Karmada’s own`,
    });
  return { person, role, namespace, forMs: accessFor.ms };
}

async function requireNamespace(
  session: Session,
  karmada: KubeAccess,
  { namespace: name }: WantedAccess,
): Promise<void> {
  if (name === undefined) return;
  const found = await session.clients.kubectl.get(karmada, { kind: 'namespaces', name }, anyObject, callOf(session));
  if (found !== undefined) return;
  throw new Problem('invalid-value', {
    what: `--namespace: Karmada has no namespace ${name}`,
    next: [`create it: kubectl --context ${karmadaContext} create namespace ${name}`],
  });
}

/** Absolute. @throws Problem `invalid-value` for what is there already: it may be somebody's only access */
async function freePath({ clients }: Session, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const { files, environment } = clients.world;
  const whole = resolve(environment.workingDir, path);
  if ((await files.facts(whole)).mode === undefined) return whole;
  throw new Problem('invalid-value', {
    what: `--path: ${whole} exists, and is not replaced`,
    next: ['use another name, or omit --path to print the kubeconfig'],
  });
}

async function grant(
  session: Session,
  context: FleetContext,
  wanted: WantedAccess,
  path: string | undefined,
): Promise<number> {
  const { ui } = session;
  let issued: Issued | undefined;
  const steps = grantSteps(context, wanted, (made) => {
    issued = made;
  });
  const report = await executeSteps(session, 'access', context.paths, steps);
  if (issued === undefined) return exitCodeOf(report);
  await give(session, context, { wanted, issued }, path);
  const { person, role, namespace } = wanted;
  ui.note(
    `${person} has the role ${role} in ${scopeText(namespace)} until ${timeText(issued.until)}; to end it before: ${fleetCommand(`access revoke ${person}`, context.fleet)}`,
  );
  if (role !== 'view' && namespace === undefined)
    ui.note(
      'warning: in all namespaces this role reads the tokens of push members, which have all rights in their clusters; --namespace confines it',
    );
  return exitCodeOf(report) === ExitCode.ok ? ExitCode.ok : ExitCode.failed;
}

interface Given {
  readonly wanted: WantedAccess;
  readonly issued: Issued;
}

/** The only place where the key leaves this process: to whoever asked for it. */
async function give(
  { clients, ui }: Session,
  { paths, fleet }: FleetContext,
  { wanted, issued }: Given,
  path: string | undefined,
): Promise<void> {
  const { files } = clients.world;
  const own = (await files.read(paths.kubeconfig(karmadaContext))) ?? '';
  const { person, role, namespace = null } = wanted;
  const text = kubeconfigText({
    ...endpointIn(own),
    user: { kind: 'certificate', person, certificateData: issued.certificate, keyData: issued.key },
  });
  const fields = { fleet: fleet.name, person, role, namespace, until: new Date(issued.until).toISOString() };
  if (path === undefined) {
    ui.print(text.trimEnd());
    ui.data('access', { ...fields, kubeconfig: JSON.parse(text) as unknown });
    return;
  }
  await files.write(path, text);
  ui.print(path);
  ui.data('access', { ...fields, path });
}
