/** Whatever a tool prints, its client answers a value or a Problem that is known, short and harmless to a terminal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeEksctl } from '../../src/tools/eksctl/client.js';
import type { ClusterConfig } from '../../src/tools/eksctl/cluster-config.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { makeKubectlKarmada } from '../../src/tools/karmada/client.js';
import { makeKubectl } from '../../src/tools/kubectl/client.js';
import * as kubeObjects from '../../src/tools/kubectl/objects.js';
import type { Exec, ExecResult } from '../../src/world/exec.js';
import { ownRegion } from '../../src/world/place.js';
import { listening, rejection, scriptedExec } from '../tools/scripted-exec.js';
import { rehearsedLife } from './real-outputs.js';
import { runs } from './runs.js';
import { anyText, commanding } from './texts.js';
import { expectProblem } from './told.js';

const { outputs: real } = await rehearsedLife();

/** How a program ends that prints anything at all. */
function endings(outputs: readonly string[]): fc.Arbitrary<ExecResult> {
  const text = anyText(['', ...outputs]);
  const printed = { stdout: text, stderr: text };
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('exited' as const), code: fc.constant(0), ...printed }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('exited' as const),
        code: fc.integer({ min: 1, max: 255 }),
        ...printed,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('timed-out' as const, 'cancelled' as const), ...printed }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'not-found' as const }) },
  );
}

type Ask = (exec: Exec) => Promise<unknown>;

/** Asks with every output; `isAnswer` says what a value must be. */
async function answersOrRefuses(
  ask: Ask,
  outputs: readonly string[],
  isAnswer: (value: unknown) => boolean,
  numRuns: number,
): Promise<void> {
  const property = fc.asyncProperty(endings(outputs), async (ending) => {
    const { exec } = scriptedExec(ending);
    let answer: unknown;
    const thrown = await rejection(
      ask(exec).then((value) => {
        answer = value;
      }),
    );
    if (thrown !== undefined) return expectProblem(thrown);
    expect(isAnswer(answer)).toBe(true);
    // Nothing is what a client answers that has done what it was asked for: a program that did not end well has not.
    if (answer === undefined && isAnswer === isNothing) expect(ending).toMatchObject({ kind: 'exited', code: 0 });
  });
  await fc.assert(property, runs(numRuns));
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '' && !commanding.test(value);
const isNothing = (value: unknown): boolean => value === undefined;
const { call } = listening();
const access = { kubeconfig: '/k/parent', context: 'parent' };
const cluster = { name: 'demo', region: 'eu-west-1' };
const config: ClusterConfig = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: cluster };

describe('kubectl', () => {
  const schemas = Object.entries<unknown>(kubeObjects).filter(
    (each): each is [string, z.ZodType<unknown>] => each[1] instanceof z.ZodType,
  );
  const fits = (as: z.ZodType<unknown>) => (value: unknown) => value === undefined || as.safeParse(value).success;

  it('version', () =>
    answersOrRefuses(
      (exec) => makeKubectl(exec).version(call),
      ['{"clientVersion":{"gitVersion":"v1.35.0"}}', ...real.kubectl],
      isText,
      400,
    ));

  it.each(schemas)('get: %s', async (_, as) => {
    const ask: Ask = (exec) => makeKubectl(exec).get(access, { kind: 'pods', name: 'x' }, as, call);
    await answersOrRefuses(ask, real.kubectl, fits(as), 150);
  });

  it.each(schemas)('list: %s', async (_, as) => {
    const ask: Ask = (exec) => makeKubectl(exec).list(access, { kind: 'pods' }, as, call);
    await answersOrRefuses(ask, real.kubectl, (value) => Array.isArray(value) && value.every(fits(as)), 150);
  });

  it('ready or not, and writes', async () => {
    await answersOrRefuses(
      (exec) => makeKubectl(exec).isReady(access, call),
      ['ok', 'ok\n'],
      (is) => typeof is === 'boolean',
      200,
    );
    await answersOrRefuses((exec) => makeKubectl(exec).apply(access, [{}], call), real.kubectl, isNothing, 200);
  });
});

describe('eksctl', () => {
  const outputs = [
    ...real.eksctl,
    '{"Version":"0.230.0","PreReleaseID":"","Metadata":{}}',
    '2026-03-01 10:00:00 [✖]  AWS::EKS::Cluster/ControlPlane: CREATE_FAILED – "no capacity"\nError: failed to create cluster "x"',
  ];

  it('version', () => answersOrRefuses((exec) => makeEksctl(exec).version(call), outputs, isText, 400));

  it('creation and deletion', async () => {
    await answersOrRefuses(
      (exec) => makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), call),
      outputs,
      isNothing,
      300,
    );
    await answersOrRefuses(
      (exec) => makeEksctl(exec).run(ownRegion('eu-west-1'), eksctlCommands.deleteCluster(cluster), call),
      outputs,
      isNothing,
      100,
    );
  });
});

describe('kubectl-karmada', () => {
  const token = 'abcdef.0123456789abcdef';
  const caHash = `sha256:${'0a'.repeat(32)}`;
  const place = { name: 'm', region: 'eu-west-1', zones: [] };
  const outputs = [
    ...real['kubectl-karmada'],
    'kubectl karmada version: version.Info{GitVersion:"v1.18.2", GitCommit:"x"}',
    `kubectl karmada register h:1 --token ${token} --discovery-token-ca-cert-hash ${caHash}`,
    `[preflight]\n[ERROR]: Secret already exists ${token}\n`,
  ];

  it('version', () => answersOrRefuses((exec) => makeKubectlKarmada(exec).version(call), outputs, isText, 400));

  it('token', async () => {
    const isToken = (value: unknown): boolean =>
      JSON.stringify(Object.keys(value as object)) === '["token","id","caHash"]' &&
      Object.values(value as object).every((each) => /^[a-z0-9.:]+$/.test(String(each)));
    await answersOrRefuses((exec) => makeKubectlKarmada(exec).createToken(access, 'why', call), outputs, isToken, 400);
  });

  it('init, join, register and their undoing', async () => {
    const registration = { place, member: access, endpoint: 'nlb.example:32443', token, caHash };
    const init = {
      parent: access,
      advertiseAddress: '192.0.2.1',
      certAddresses: [],
      certNames: [],
      dataDir: '/d',
      storageClass: 's',
      replicas: 3,
      standbys: 2,
    };
    const all: readonly Ask[] = [
      (exec) => makeKubectlKarmada(exec).init(init, call),
      (exec) => makeKubectlKarmada(exec).join(access, access, place, call),
      (exec) => makeKubectlKarmada(exec).register(registration, call),
      (exec) => makeKubectlKarmada(exec).unjoin(access, access, 'm', call),
      (exec) => makeKubectlKarmada(exec).unregister(access, access, 'm', call),
      (exec) => makeKubectlKarmada(exec).deinit(access, call),
    ];
    for (const ask of all) await answersOrRefuses(ask, outputs, isNothing, 80);
  });
});
