/** Gives Karmada new tokens for a push member, while the old ones go on working. */
import type { CallContext, Step, StepState } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import { describeMember, type Member } from '../../../fleet/fleet.js';
import { fleetCommand } from '../../../fleet/fleet-command.js';
import { kubectlCommands } from '../../../tools/kubectl/commands.js';
import { anyObject, type TokenSecret, tokenSecret } from '../../../tools/kubectl/objects.js';
import { accessOf, type FleetContext, karmadaAccess, seconds } from '../../context.js';
import { waitUntil } from '../../wait-until.js';
import { credentialsNamespace as namespace } from '../member-namespaces.js';
import { waitUntilReady } from '../member-readiness.js';
import { type Account, accountsOf, isGood, newTokenSecret, refOfToken, rotationMark } from './member-tokens.js';

/** @param rotation the id of this rotation, by which a run that died is resumed */
export function issueTokens(context: FleetContext, member: Member, rotation: string): Step {
  const accounts = accountsOf(member.name);
  const access = accessOf(context.paths, member.name);
  return {
    id: `issue-tokens/${member.name}`,
    title: `give Karmada new tokens for ${member.name}`,
    scope: member.name,
    expectedMs: seconds(8),
    preview: () => ({
      changes: accounts.map(({ account }) => `Secret ${namespace}/${account}-${rotation} in ${member.name}`),
      commands: [
        kubectlCommands.apply(
          access,
          accounts.map((each) => newTokenSecret(each, rotation, context.fleet.id)),
        ),
      ],
    }),
    check: (call) => checkTokens(context, member, rotation, call),
    apply: async (call) => {
      for (const each of accounts) await issue(context, member, { account: each, rotation }, call);
      await waitUntilReady(context, member, call);
    },
  };
}

async function checkTokens(
  context: FleetContext,
  member: Member,
  rotation: string,
  call: CallContext,
): Promise<StepState> {
  const problem = await otherControlPlane(context, member, call);
  if (problem !== undefined) return { state: 'blocked', problem };
  const lacking = await Promise.all(
    accountsOf(member.name).map(async (each) => {
      const [made, copy] = await Promise.all([
        readSecret(context, accessOf(context.paths, member.name), refOfToken(each.account, rotation), call),
        readSecret(context, karmadaAccess(context.paths), copyRef(each), call),
      ]);
      const token = made?.data?.['token'];
      return token !== undefined && token === copy?.data?.['token'] ? [] : [each.account];
    }),
  );
  const missing = lacking.flat().map((account) => `the token of ${account}`);
  if (missing.length === 0) return { state: 'ready' };
  return missing.length === lacking.length ? { state: 'absent' } : { state: 'partial', missing };
}

/** Another control plane has the same token of the account that all share: it would be shut out. */
async function otherControlPlane(
  { clients, paths }: FleetContext,
  member: Member,
  call: CallContext,
): Promise<Problem | undefined> {
  const ref = { kind: 'serviceaccounts', namespace };
  const own = accountsOf(member.name).map(({ account }) => account);
  const found = await clients.kubectl.list(accessOf(paths, member.name), ref, anyObject, call);
  const other = found
    .map(({ metadata: { name } }) => name)
    .find((name) => /^karmada-/.test(name) && !own.includes(name));
  if (other === undefined) return undefined;
  return new Problem('member-foreign', {
    what: `the tokens of ${describeMember(member)} are not rotated: another Karmada control plane may use one of them`,
    why: `it has a service account ${other} in namespace ${namespace}`,
    next: [`if that is a leftover, delete it: kubectl -n ${namespace} delete serviceaccount ${other}`],
  });
}

interface Issue {
  readonly account: Account;
  readonly rotation: string;
}

/** Proved good by the member's own API before Karmada gets it. */
async function issue(context: FleetContext, member: Member, { account, rotation }: Issue, call: CallContext) {
  const { kubectl } = context.clients;
  const access = accessOf(context.paths, member.name);
  const ref = refOfToken(account.account, rotation);
  await kubectl.apply(access, [newTokenSecret(account, rotation, context.fleet.id)], call);
  const onTimeout = (): Problem => notIssued(member, account);
  await waitUntil(context, call, { everyMs: seconds(1), limitMs: seconds(60), onTimeout }, async () => {
    const token = (await readSecret(context, access, ref, call))?.data?.['token'];
    if (token === undefined || !(await isGood(context.clients, access, { account: account.account, token }, call)))
      return false;
    return await handToKarmada(context, { account, rotation }, token, call);
  });
}

/** False where somebody else wrote the Secret meanwhile. By standard input: a patch would stand in the argv. */
async function handToKarmada(
  context: FleetContext,
  { account, rotation }: Issue,
  token: string,
  call: CallContext,
): Promise<boolean> {
  const karmada = karmadaAccess(context.paths);
  const copy = await readSecret(context, karmada, copyRef(account), call);
  if (copy === undefined) throw withoutCopy(context, account);
  if (copy.data?.['token'] === token) return true;
  const labels = { ...copy.metadata.labels, [rotationMark]: rotation };
  const changed = { ...copy, metadata: { ...copy.metadata, labels }, data: { ...copy.data, token } };
  return (await context.clients.kubectl.replace(karmada, changed, anyObject, call)) !== undefined;
}

function copyRef({ copy }: Account) {
  return { kind: 'secrets', name: copy, namespace };
}

function readSecret(
  { clients }: FleetContext,
  access: ReturnType<typeof karmadaAccess>,
  ref: ReturnType<typeof copyRef>,
  call: CallContext,
): Promise<TokenSecret | undefined> {
  return clients.kubectl.get(access, ref, tokenSecret, call);
}

function notIssued(member: Member, { account }: Account): Problem {
  return new Problem('member-not-ready', {
    what: `${describeMember(member)} did not issue a token for service account ${account} within a minute; the old one goes on working`,
    why: 'the service account is missing, or nobody makes tokens there',
    next: [`check it: kubectl -n ${namespace} get serviceaccounts`, 'run the same command again'],
  });
}

function withoutCopy({ fleet }: FleetContext, { copy }: Account): Problem {
  return new Problem('member-not-ready', {
    what: `Karmada has no Secret ${namespace}/${copy} with the credentials of the member`,
    next: [`check the fleet: ${fleetCommand('status', fleet)}`],
  });
}
