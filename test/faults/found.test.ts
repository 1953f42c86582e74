/** Cases that once failed: `npm run faults` tries them by themselves, whatever the matrix holds then; `npm test` one. */
import { expect, it } from 'vitest';
import type { FaultKind } from '../../src/rehearsal/faults.js';
import { inThisRun, passAll } from '../lifecycle/cases.js';
import { succeed } from '../lifecycle/fleet.js';
import { type Case, casesFor, trialOf } from './cases.js';
import { scenarios } from './scenarios.js';
import { tried } from './tried.js';

const folder = '/home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada';
const kubeconfigs = `${folder}/kubeconfigs`;
const lockOwner = `${folder}/lock.owner`;
const initFolder = `${folder}/init`;
const record = `${folder}/fleet.json`;

/** The verb, the call, what happened to it, and when: the first time, one between, the last, or always. */
const found: readonly (readonly [
  keyof typeof scenarios,
  string,
  FaultKind,
  'first' | 'between' | 'last' | 'lasting',
])[] = [
  ['up', 'exec eksctl version', 'garbage', 'first'],
  ['up', 'exec kubectl-karmada version', 'garbage', 'first'],
  ['up', 'exec kubectl get services karmada-service-loadbalancer karmada-parent', 'no-effect', 'last'],
  ['up', 'exec kubectl apply adopted Namespace/karmada-cluster Namespace/karmada-system', 'no-effect', 'first'],
  ['up', 'exec kubectl config view laptop', 'expired', 'last'],
  ['up', `file read ${kubeconfigs}/adopted.json`, 'garbage', 'last'],
  ['up', `file write ${record}`, 'no-effect', 'first'],
  ['unjoin', 'exec kubectl get configmaps karmada-eks karmada-parent', 'fail', 'last'],
  ['unjoin', 'exec kubectl-karmada unregister adopted', 'garbage', 'first'],
  ['unjoin', 'exec kubectl get clusters.cluster.karmada.io adopted karmada-apiserver', 'no-effect', 'between'],
  ['unjoin and delete', 'exec eksctl delete cluster own', 'garbage', 'first'],
  ['unjoin and delete', `file remove ${kubeconfigs}/own.json`, 'fail', 'first'],
  ['unjoin and delete', `file remove ${lockOwner}`, 'fail', 'first'],
  ['unjoin and delete', `file remove ${lockOwner}`, 'die-half-way', 'first'],
  ['down with leftovers', `file remove ${initFolder}`, 'fail', 'last'],
  ['down', 'exec kubectl get karmada-apiserver', 'fail', 'first'],
  ['down', 'exec kubectl get services karmada-service-loadbalancer karmada-parent', 'no-effect', 'first'],
  ['down', 'exec kubectl get clusters.cluster.karmada.io adopted karmada-apiserver', 'no-effect', 'between'],
  ['down', 'exec eksctl delete cluster own', 'fail', 'lasting'],
  ['down', `file remove ${kubeconfigs}/karmada-apiserver.json`, 'fail', 'first'],
  ['down', `file remove ${record}`, 'die-half-way', 'first'],
];

const limit = { timeout: 600_000 };

it.each(inThisRun([...new Set(found.map(([run]) => run))]))('%s bears what it once did not', limit, async (run) => {
  const scenario = scenarios[run];
  const { calls } = await succeed(await scenario.account(), scenario.words, scenario.vars);
  const all = casesFor(calls);
  const cases = found.flatMap(([of, call, kind, when]) => {
    if (of !== run) return [];
    const once = all.filter((each) => each.call === call && each.kind === kind && !each.lasting);
    const index = { first: 0, between: 1, last: -1, lasting: 0 }[when];
    const each: Case | undefined = once.at(index);
    expect(each, `${run} does not call ${call} any more`).toBeDefined();
    if (each === undefined) return [];
    return [trialOf({ ...each, lasting: when === 'lasting' })];
  });
  await passAll(`${run} as it once failed`, 1, cases, (trial) => tried(scenario, trial));
});
