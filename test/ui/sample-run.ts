/** A short run as its events: one step unchanged, one done, one failed, one not started. */

import type { RunEvent, StepInfo } from '../../src/engine/events.js';
import { Problem } from '../../src/errors/problem.js';

const minute = 60_000;

function step(id: string, title: string, after: readonly string[], expectedMs: number): StepInfo {
  return { id, title, lane: id === 'member' || id === 'join' ? '集群-1' : 'parent', after, expectedMs };
}

export const sampleProblem = new Problem('karmada-init-failed', {
  what: 'Karmada could not be started on demo-parent',
  why: 'nodePort 32443 is taken',
  next: ['look at `kubectl get svc -A`', 'run the same command again'],
  cause: new TypeError('the cause'),
});

/** `at` counts from 0. */
export const sampleRun: readonly RunEvent[] = [
  {
    type: 'run-started',
    at: 0,
    steps: [
      step('parent', 'create cluster demo-parent', [], 15 * minute),
      step('member', 'create cluster 集群-1', [], 15 * minute),
      step('init', 'start Karmada', ['parent'], 4 * minute),
      step('join', 'join 集群-1', ['init', 'member'], minute),
    ],
    perGroup: 4,
    agreed: [],
  },
  { type: 'step-checking', at: 0, id: 'parent' },
  { type: 'step-checking', at: 0, id: 'member' },
  { type: 'step-ready', at: 1000, id: 'member', note: 'already there' },
  { type: 'step-started', at: 2000, id: 'parent', changes: ['EKS cluster demo-parent in eu-west-1'], destroys: [] },
  { type: 'step-progress', at: 133_000, id: 'parent', line: '\u001B[36mdeploying stack\u001B[0m\r\n' },
  { type: 'step-done', at: 843_000, id: 'parent', ms: 843_000 },
  { type: 'step-checking', at: 843_000, id: 'init' },
  { type: 'step-started', at: 844_000, id: 'init', changes: ['Karmada on demo-parent'], destroys: [] },
  { type: 'step-failed', at: 896_000, id: 'init', ms: 53_000, problem: sampleProblem },
  {
    type: 'run-finished',
    at: 896_000,
    report: {
      ok: false,
      interrupted: false,
      ms: 896_000,
      ready: ['member'],
      done: ['parent'],
      failed: [{ id: 'init', problem: sampleProblem }],
      notStarted: ['join'],
      lanes: [
        { lane: 'parent', state: 'failed' },
        { lane: '集群-1', state: 'unfinished' },
      ],
    },
  },
];
