/** `access kubeconfig`: a kubeconfig for one person, with a certificate that expires by itself and rights that can be revoked. */
import { scopeText } from '../../access/grants/grants.js';
import { ExitCode } from '../../errors/exit-codes.js';
import { asProblem, Problem } from '../../errors/problem.js';
import { fleetCommand } from '../../fleet/fleet-command.js';
import { karmadaContext } from '../../fleet/names.js';
import type { OptionsOf } from '../../options/table.js';
import { grantSteps, revokeSteps } from '../../pipelines/access.js';
import { systemNamespace } from '../../state/karmada-contents.js';
import { grantAccess, type Issued, type WantedAccess } from '../../steps/access/grant-access.js';
import type { FleetContext } from '../../steps/context.js';
import type { KubeAccess } from '../../tools/kubectl/commands.js';
import { endpointIn, kubeconfigText } from '../../tools/kubectl/kubeconfig.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import { executeSteps, exitCodeOf } from '../shared/execute.js';
import { karmadaOf } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';
import { withFleet } from '../shared/with-fleet.js';
import { type NewFile, newFile } from './new-file.js';
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
      return { context, target: await newFile(session.clients.world, options.pathTo) };
    },
    (open, { context, target }) => grant(open.session, context, wanted, target),
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

async function grant(
  session: Session,
  context: FleetContext,
  wanted: WantedAccess,
  target: NewFile | undefined,
): Promise<number> {
  let issued: Issued | undefined;
  const step = grantAccess(context, wanted, (made) => {
    issued = made;
  });
  try {
    const report = await executeSteps(session, 'access', context.paths, grantSteps(context, step));
    if (issued === undefined) return exitCodeOf(report);
    const given = { wanted, issued };
    const isGranted = report.done.includes(step.id);
    const lost = isGranted ? await give(session, context, given, target) : undefined;
    if (!isGranted || lost !== undefined) return await takeBack(session, context, given, lost);
    tell(session, context, given, target);
    return exitCodeOf(report) === ExitCode.ok ? ExitCode.ok : ExitCode.failed;
  } finally {
    await target?.drop();
  }
}

interface Given {
  readonly wanted: WantedAccess;
  readonly issued: Issued;
}

/** The only place where the key leaves this process: to whoever asked for it. Answers why it could not. */
async function give(
  { clients, ui }: Session,
  { paths, fleet }: FleetContext,
  { wanted, issued }: Given,
  target: NewFile | undefined,
): Promise<Problem | undefined> {
  const { person, role, namespace = null } = wanted;
  try {
    const own = (await clients.world.files.read(paths.kubeconfig(karmadaContext))) ?? '';
    const text = kubeconfigText({
      ...endpointIn(own),
      user: { kind: 'certificate', person, certificateData: issued.certificate, keyData: issued.key },
    });
    const fields = { fleet: fleet.name, person, role, namespace, until: new Date(issued.until).toISOString() };
    await target?.fill(text);
    ui.print(target?.path ?? text.trimEnd());
    ui.data('access', {
      ...fields,
      ...(target === undefined ? { kubeconfig: JSON.parse(text) as unknown } : { path: target.path }),
    });
  } catch (thrown) {
    return asProblem(thrown);
  }
  if (target !== undefined || (await ui.delivered())) return undefined;
  return new Problem('file-failed', { what: 'could not write the kubeconfig to stdout' });
}

/** What nobody has the key for is not left behind. `lost`: why nobody has it, where that was not told already. */
async function takeBack(
  session: Session,
  context: FleetContext,
  { wanted, issued }: Given,
  lost: Problem | undefined,
): Promise<number> {
  const { person, role, namespace } = wanted;
  const grants = [{ ...issued, person, role, namespace }];
  const report = await executeSteps(session, 'access', context.paths, revokeSteps(context, grants));
  if (lost === undefined && report.ok) return ExitCode.failed;
  session.ui.showProblem(
    new Problem(lost?.code ?? 'file-failed', {
      what: report.ok
        ? `${lost?.what}; what was granted to ${person} is revoked again`
        : `${person} has the role ${role} in ${scopeText(namespace)}, and nobody has the key for it`,
      ...(lost?.why === undefined ? {} : { why: lost.why }),
      next: report.ok
        ? ['use --path with another file, then run the same command again']
        : [`revoke it: ${fleetCommand(`access revoke ${person}`, context.fleet)}`],
    }),
  );
  return ExitCode.failed;
}

const exposed = {
  'on-screen': 'the private key is on the screen now; --path FILE writes it where only you can read it',
  'readable-by-others':
    'other users of this machine can read the file that has the private key now: chmod 600 it, or use --path FILE',
};

function tell({ ui }: Session, { fleet }: FleetContext, { wanted, issued }: Given, target: NewFile | undefined): void {
  const { person, role, namespace } = wanted;
  ui.note(
    `${person} has the role ${role} in ${scopeText(namespace)} until ${timeText(issued.until)}; to revoke it earlier: ${fleetCommand(`access revoke ${person}`, fleet)}`,
  );
  if (target === undefined && ui.resultsStay !== undefined) ui.note(`warning: ${exposed[ui.resultsStay]}`);
  if (role !== 'view' && namespace === undefined)
    ui.note(
      'warning: in all namespaces this role reads the tokens of push members, which have all rights in their clusters; --namespace confines it',
    );
}
