/** Whether the roles of other accounts can be assumed, and lead to the accounts that are named. */
import { isRoleRefused } from '../aws/refused-role.js';
import type { Clients } from '../clients/clients.js';
import { okUnless } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import { clustersOf, type Fleet } from '../fleet/fleet.js';
import { fleetCommand } from '../fleet/fleet-command.js';
import type { FleetPaths } from '../fleet/paths.js';
import { resolveFleet } from '../fleet/resolve.js';
import { readRecord } from '../ownership/fleet-record.js';
import type { AccountRole } from '../world/place.js';

interface InAccount {
  readonly name: string;
  readonly region: string;
  readonly account: AccountRole;
}

/**
 * Empty where all members are in the fleet's own account. Each role is asked for in each region once. Who is a member already, by
 * this machine's record, can leave without it.
 */
export async function checkAccounts(
  { whoCalls, world }: Pick<Clients, 'whoCalls' | 'world'>,
  { fleet, paths }: { readonly fleet: Fleet; readonly paths: FleetPaths },
): Promise<readonly Diagnostic[]> {
  const members = clustersOf(fleet).flatMap(({ scope: name, region, account }): readonly InAccount[] =>
    account === undefined ? [] : [{ name, region, account }],
  );
  if (members.length === 0) return [];
  const own = await whoCalls(fleet.parent.region);
  const record = await readRecord(world.files, paths);
  const recorded = record === undefined ? [] : resolveFleet(record.request).members.map(({ name }) => name);
  const problems = members.map(async (member): Promise<readonly Problem[]> => {
    if (member.account.id === own.account) return [ownAccount(member)];
    const answer = await whoCalls(member).catch((thrown: unknown) => thrown);
    if (answer instanceof Problem)
      return [recorded.includes(member.name) && isRoleRefused(answer) ? mayLeave(fleet, member, answer) : answer];
    const { account } = answer as typeof own;
    return account === member.account.id ? [] : [otherAccount(member, account)];
  });
  const found = [...new Map((await Promise.all(problems)).flat().map((each) => [each.message, each])).values()];
  const accounts = [...new Set(members.map(({ account }) => account.id))].join(', ');
  return okUnless(found, `the roles in ${accounts} can be assumed`);
}

function mayLeave(fleet: Fleet, { name }: InAccount, { code, what, why, next, cause }: Problem): Problem {
  const anyway = `or remove ${name} without it: ${fleetCommand(`unjoin ${name} --force`, fleet)}`;
  return new Problem(code, { what, ...(why === undefined ? {} : { why }), next: [...next, anyway], cause });
}

function ownAccount({ name, account }: InAccount): Problem {
  return new Problem('invalid-value', {
    what: `${name} is configured for account ${account.id}, which is the fleet’s own`,
    next: [`omit account and role of ${name}`],
  });
}

function otherAccount({ name, account }: InAccount, found: string): Problem {
  return new Problem('wrong-account', {
    what: `${name} is configured for account ${account.id}, but role ${account.role} leads to account ${found}`,
    next: [`set the account and the role of ${name}`],
  });
}
