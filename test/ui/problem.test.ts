/** Problems as text. */
import { Chalk } from 'chalk';
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { renderProblem } from '../../src/ui/problem.js';
import { sampleProblem } from './sample-run.js';

const style = { colour: new Chalk({ level: 0 }), columns: Number.POSITIVE_INFINITY, debug: false };

it('reports what, why, what next and the code', () => {
  expect(renderProblem(sampleProblem, style).split('\n')).toEqual([
    '✖ Karmada could not be started on demo-parent',
    '  why:  nodePort 32443 is taken',
    '  next: 1. look at `kubectl get svc -A`',
    '        2. run the same command again',
    '  code: karmada-init-failed',
  ]);
});

it('lists the problems that it sums up, each with its code and next step', () => {
  const inner = new Problem('tool-version', { what: 'kubectl is too old' });
  const parts = [
    sampleProblem,
    new Problem('tool-missing', { what: 'no eksctl', next: ['install it'], parts: [inner] }),
  ];
  const text = renderProblem(new Problem('plan-refused', { what: 'two things', parts, next: ['fix them'] }), style);
  expect(text.split('\n')).toEqual([
    '✖ two things',
    '  1. Karmada could not be started on demo-parent (karmada-init-failed)',
    '     why:  nodePort 32443 is taken',
    '     next: 1. look at `kubectl get svc -A`',
    '           2. run the same command again',
    '  2. no eksctl (tool-missing)',
    '     - kubectl is too old (tool-version)',
    '     next: install it',
    '  next: fix them',
    '  code: plan-refused',
  ]);
});

it('shows stacks, and those of causes, only with debug', () => {
  expect(renderProblem(sampleProblem, style)).not.toContain('sample-run');
  const text = renderProblem(sampleProblem, { ...style, debug: true });
  expect(text).toMatch(/Problem: Karmada .*\n\s+at .*sample-run[\s\S]*caused by:\n\s+TypeError: the cause\n\s+at/);
});
