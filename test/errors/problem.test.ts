/** Problems, their codes, and the exit codes that scripts rely on. */
import { expect, it } from 'vitest';
import { ExitCode } from '../../src/errors/exit-codes.js';
import { asProblem, Problem } from '../../src/errors/problem.js';
import { type ProblemCode, problemTable } from '../../src/errors/table.js';

/** The contract: a code may be added, none of these may change. */
const contract: readonly (readonly [number, readonly ProblemCode[]])[] = [
  [1, ['internal', 'rehearsal-unmodelled']],
  [2, ['invalid-usage', 'missing-value', 'invalid-value', 'config-unreadable']],
  [
    3,
    [
      'tool-missing',
      'tool-version',
      'certificates-not-renewable',
      'checksum-mismatch',
      'writable-by-others',
      'credentials-missing',
      'credentials-expired',
      'credentials-invalid',
      'access-denied',
      'wrong-account',
      'bucket-missing',
      'region-not-enabled',
      'storage-class-foreign',
      'kms-key-unusable',
      'vpc-not-found',
      'vpc-ambiguous',
      'vpc-unusable',
      'quota-too-low',
      'role-refused',
      'address-shut-out',
      'outside-network',
      'address-unknown',
      'access-unlimited',
      'too-many-ranges',
      'kubernetes-version',
      'cluster-not-ours',
      'cluster-absent',
      'fleet-not-found',
      'restore-unfinished',
      'backup-unreadable',
      'backup-encrypted',
      'backup-schedule-foreign',
      'parent-stands',
      'api-name-taken',
      'plan-refused',
      'karmada-foreign',
      'karmada-incomplete',
      'consent-missing',
      'another-fleet',
      'context-not-agreed',
      'workloads-uncounted',
      'member-foreign',
      'member-silent',
      'kubeconfig-malformed',
      'kubeconfig-read-only',
      'context-unknown',
      'program-in-place',
      'record-malformed',
      'rehearsal-unreadable',
    ],
  ],
  [
    4,
    [
      'fleet-changed',
      'destruction-not-agreed',
      'throttled',
      'download-failed',
      'network-unreachable',
      'aws-failed',
      'cluster-create-failed',
      'node-group-failed',
      'addon-failed',
      'cluster-delete-failed',
      'cluster-unreachable',
      'load-balancer-failed',
      'vpc-create-failed',
      'vpc-delete-failed',
      'karmada-init-failed',
      'karmada-unhealthy',
      'join-failed',
      'register-failed',
      'member-not-ready',
      'unjoin-failed',
      'demo-failed',
      'kubeconfig-locked',
      'tool-failed',
      'tool-timed-out',
      'tool-output',
      'step-without-effect',
      'leftover-not-removed',
      'backup-failed',
      'backups-kept',
      'restore-failed',
      'file-failed',
      'file-timed-out',
    ],
  ],
  [5, ['leftovers']],
  [6, ['declined']],
  [7, ['fleet-locked', 'rehearsal-in-use']],
  [8, ['fleet-not-ready']],
  [130, ['interrupted']],
];

it.each(contract.flatMap(([exit, codes]) => codes.map((code) => [code, exit] as const)))(
  '%s exits %i',
  (code, exit) => {
    expect(new Problem(code, { what: 'x' }).exitCode).toBe(exit);
  },
);

it('has every code in the contract', () => {
  expect(contract.flatMap(([, codes]) => codes).toSorted()).toEqual(Object.keys(problemTable).toSorted());
});

it('has one number for each kind of ending', () => {
  const numbers = Object.values(ExitCode);
  expect(new Set(numbers).size).toBe(numbers.length);
});

it.each(Object.entries(problemTable))('explains %s in half a line', (code, { meaning }) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(meaning).toMatch(/^[^.\n]{10,110}$/);
});

it('carries what, why, next, parts and cause', () => {
  const cause = new Error('socket hang up');
  const part = new Problem('tool-version', { what: 'kubectl is too old' });
  const problem = new Problem('plan-refused', { what: 'two things', why: 'so', next: ['mend'], parts: [part], cause });
  expect(problem).toMatchObject({
    name: 'Problem',
    message: 'two things',
    why: 'so',
    next: ['mend'],
    parts: [part],
    cause,
  });
  expect(new Problem('declined', { what: 'no' })).toMatchObject({
    why: undefined,
    next: [],
    parts: [],
  });
});

it('takes a Problem as it is, and anything else for a bug', () => {
  const problem = new Problem('declined', { what: 'no' });
  expect(asProblem(problem)).toBe(problem);
  for (const [thrown, text] of [
    [new TypeError('oh'), 'oh'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ name: 'Odd' }, '[object Object]'],
  ] as const) {
    expect(asProblem(thrown)).toMatchObject({ code: 'internal', exitCode: 1, message: `unexpected error: ${text}` });
    expect(asProblem(thrown).next.join()).toContain('bug');
  }
});
