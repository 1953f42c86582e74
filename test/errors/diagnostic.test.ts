/** What checks answer can be printed as it is, and refused with as far as it stands in the way. */
import { expect, it } from 'vitest';
import { ok, okUnless, problemsIn, unchecked, warning, warningsIn } from '../../src/errors/diagnostic.js';
import { Problem } from '../../src/errors/problem.js';

const absent = new Problem('cluster-absent', { what: 'EKS has no cluster one in us-west-2', next: ['check its name'] });
const few = warning({ what: 'VPC vpc-1 has subnets in 2 zones only', next: ['add a third'] });
const unseen = unchecked({ what: 'AWS names no value for quota L-1', next: [] });

it('holds a Problem as what it is: an error with its code', () => {
  const { severity, what, next, code } = absent;
  expect({ severity, what, next, code }).toEqual({
    severity: 'error',
    what: 'EKS has no cluster one in us-west-2',
    next: ['check its name'],
    code: 'cluster-absent',
  });
});

it('reports what stands in the way from what should only be known', () => {
  const diagnostics = [few, absent, ok('account 111122223333'), unseen];
  expect(problemsIn(diagnostics)).toEqual([absent]);
  expect(warningsIn(diagnostics)).toEqual([few]);
  expect(unseen.what).toBe('could not check: AWS names no value for quota L-1');
});

it('states the fact only where nothing else is to be said', () => {
  expect(okUnless([], 'no stack is left').map(({ severity, what }) => `${severity}: ${what}`)).toEqual([
    'ok: no stack is left',
  ]);
  expect(okUnless([few], 'three zones')).toEqual([few]);
});
