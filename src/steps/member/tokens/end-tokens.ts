/** Ends the old tokens of a push member, once Karmada works with the new ones. */
import type { CallContext, Step } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import type { Member } from '../../../fleet/fleet.js';
import type { TokenSecret } from '../../../tools/kubectl/objects.js';
import { accessOf, type FleetContext, seconds } from '../../context.js';
import { waitUntil } from '../../wait-until.js';
import { credentialsNamespace as namespace } from '../member-namespaces.js';
import { waitUntilReady } from '../member-readiness.js';
import { accountOf, isGood, rotationOf, tokensOf } from './member-tokens.js';

/** Tokens that others made for the service accounts stay. */
export function endTokens(context: FleetContext, member: Member, rotation: string): Step {
  const old = async (call: CallContext): Promise<readonly TokenSecret[]> =>
    (await tokensOf(context, member.name, call)).filter((each) => rotationOf(each) !== rotation);
  return {
    id: `end-tokens/${member.name}`,
    title: `end the old tokens of ${member.name}`,
    scope: member.name,
    expectedMs: seconds(15),
    preview: () => ({ changes: [`without the old Secrets of ${namespace} in ${member.name}`], commands: [] }),
    check: async (call) => {
      const missing = (await old(call)).map(({ metadata }) => `Secret ${metadata.name} is deleted`);
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (call) => {
      await waitUntilReady(context, member, call);
      for (const each of await old(call)) await end(context, member, each, call);
      await waitUntilReady(context, member, call);
    },
  };
}

/** An API server takes a token for some seconds longer (kubernetes 1.34, authenticator/token/cache: 10 s). */
async function end(context: FleetContext, member: Member, found: TokenSecret, call: CallContext): Promise<void> {
  const { clients } = context;
  const access = accessOf(context.paths, member.name);
  const { name } = found.metadata;
  await clients.kubectl.remove(access, { kind: 'secrets', name, namespace }, call);
  const token = { account: accountOf(found) ?? '', token: found.data?.['token'] ?? '' };
  const onTimeout = (): Problem =>
    new Problem('member-not-ready', {
      what: `the API of ${member.name} still takes the token of the deleted Secret ${namespace}/${name}`,
      next: [`check whether it is gone: kubectl -n ${namespace} get secret ${name}`, 'run the same command again'],
    });
  await waitUntil(context, call, { everyMs: seconds(2), limitMs: seconds(120), onTimeout }, async () => {
    return !(await isGood(clients, access, token, call));
  });
}
