/** What is to be done when a role of another account may not be assumed, by the words of STS. */

import { Problem } from '../errors/problem.js';

const refusal = /User: (arn:\S+) is not authorized to perform: sts:AssumeRole on resource: (arn:\S+)/;

interface RefusedRole {
  readonly what: string;
  readonly next: readonly string[];
}

/**
 * STS does not tell a role that is not there from one that does not trust the caller, or wants another external ID.
 * Undefined: the error is another one.
 */
export function refusedRole(name: string, message: string): RefusedRole | undefined {
  const [, caller = '', role = ''] = refusal.exec(message) ?? [];
  if (name !== 'AccessDenied' || role === '') return undefined;
  const denied = /with an explicit deny in (an? [\w -]+ policy)/.exec(message)?.[1];
  const next = denied === undefined ? allowed(caller, role, message) : [`have the deny lifted: it is in ${denied}`];
  return { what: `${caller} may not assume role ${role}`, next };
}

/** The same for the role of a profile of the user's own, by the words of STS. */
export function refusedProfile(profile: string, message: string): readonly string[] {
  const [, caller = '', role = ''] = refusal.exec(message) ?? [];
  const [trusting, , ours] = statements(caller, role);
  return [
    trusting,
    `if the role asks for a code or an external ID, give it: mfa_serial or external_id in profile ${profile}`,
    ours,
  ];
}

/** STS may tell which side does not allow it (IAM User Guide, "Access denied error message examples"). */
function allowed(caller: string, role: string, message: string): readonly string[] {
  const [trusting, external, ours] = statements(caller, role);
  if (message.includes('no identity-based policy allows')) return [ours];
  return message.includes('no resource-based policy allows') ? [trusting, external] : [trusting, external, ours];
}

/** Whom the role has to trust, what it may ask for, and what the caller has to be allowed. */
function statements(caller: string, role: string): readonly [string, string, string] {
  const principal = principalOf(caller);
  const trust = { Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' };
  const own = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role };
  return [
    `if the role exists, let it trust this identity: add to its trust policy ${JSON.stringify(trust)}${
      principal === caller ? '' : ' (the ARN with the path of the role, if it has one)'
    }`,
    'if the trust policy asks for an external ID, set externalId of the member: --member …,externalId=ID, or in the --config file',
    `let this identity assume it: add to its own policy ${JSON.stringify(own)}`,
  ];
}

/** Whether an account could not be asked because its role may not be assumed. */
export function isRoleRefused(thrown: unknown): thrown is Problem {
  return thrown instanceof Problem && thrown.code === 'role-refused';
}

/** Whom a trust policy names, of a caller's ARN: a session's role, whose path the ARN of the session does not have. */
export function principalOf(caller: string): string {
  return caller.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2');
}
