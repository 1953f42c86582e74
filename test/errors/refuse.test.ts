/** Several things in the way are one refusal, and one alone stays what it is. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { combined, refuse } from '../../src/errors/refuse.js';

const absent = new Problem('cluster-absent', { what: 'EKS has no cluster one in us-west-2' });
const unknown = new Problem('context-unknown', { what: 'your kubeconfig has no context two' });

it('throws the only problem as it is', () => {
  expect(combined([absent])).toBe(absent);
  expect(() => refuse([absent])).toThrow(absent);
});

it('sums several up, each with its own code', () => {
  const { code, message, parts } = combined([absent, unknown]) ?? {};
  expect({ code, message, parts: parts?.map((part) => part.code) }).toMatchInlineSnapshot(`
    {
      "code": "plan-refused",
      "message": "2 problems must be fixed first; nothing was changed",
      "parts": [
        "cluster-absent",
        "context-unknown",
      ],
    }
  `);
  expect(combined([absent, unknown], 'invalid-value', 'these clusters cannot join')).toMatchObject({
    code: 'invalid-value',
    message: 'these clusters cannot join',
  });
});

it('does nothing when nothing is in the way', () => {
  expect(combined([])).toBeUndefined();
  expect(() => refuse([])).not.toThrow();
});
