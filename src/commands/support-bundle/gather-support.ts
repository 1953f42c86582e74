/** Collects what is needed to find out why a fleet does not work; a missing part states the reason. */

import { accessFleet } from '../../access/fleet-access.js';
import type { Clients } from '../../clients/clients.js';
import { problemsIn } from '../../errors/diagnostic.js';
import { asProblem, type Problem } from '../../errors/problem.js';
import { type Fleet, withFormer } from '../../fleet/fleet.js';
import { karmadaNamespace } from '../../fleet/names.js';
import type { FleetPaths, FleetRef } from '../../fleet/paths.js';
import { resolveFleet } from '../../fleet/resolve.js';
import { patchPaths } from '../../fleet/settings/config-patch.js';
import { agreeAsBefore, readRecord, refuseOtherAccount } from '../../ownership/fleet-record.js';
import { findTools } from '../../preflight/tool-versions.js';
import { findFleet } from '../../state/find-fleet.js';
import { fleetStatus } from '../../status/fleet-status.js';
import type { KubeAccess, KubeRef } from '../../tools/kubectl/commands.js';
import { anyObject } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import type { BundlePart } from './bundle.js';

/**
 * Versions, the fleet's files but no key and no kubeconfig, its status, and what its clusters report about Karmada.
 * `version` is that of karmada-eks.
 * @throws Problem `interrupted`
 */
export async function gatherSupport(
  clients: Clients,
  ref: FleetRef,
  version: string,
  call: Call,
): Promise<readonly BundlePart[]> {
  const { paths } = ref;
  const gathered = await Promise.all([
    supportPart('versions.json', () => versions(clients, version, call)),
    ...(await ownFiles(clients, paths)).map((path) =>
      supportPart(path.slice(paths.folder.length + 1), async () =>
        withoutPatches((await clients.world.files.read(path)) ?? ''),
      ),
    ),
    fleetParts(clients, ref, call),
  ]);
  return gathered.flat();
}

/** Cluster config patches may hold secrets in no known form: of them only the paths are told. */
function withoutPatches(text: string): string {
  if (!text.includes('"clusterConfigPatch"')) return text;
  try {
    const told = (key: string, value: unknown): unknown =>
      key === 'clusterConfigPatch' && typeof value === 'object' && value !== null ? patchPaths({ ...value }) : value;
    return JSON.stringify(JSON.parse(text), told, 2);
  } catch {
    return 'left out: it holds a cluster config patch, and is no JSON\n';
  }
}

/** The part, or in its place a text of why it could not be had. @throws Problem `interrupted` */
export async function supportPart(name: string, make: () => Promise<string>): Promise<BundlePart> {
  try {
    return { name, text: await make() };
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code === 'interrupted') throw problem;
    return { name: `${name}.missing.txt`, text: `${told(problem)}\n` };
  }
}

export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function versions(clients: Clients, version: string, call: Call): Promise<string> {
  const { found, diagnostics } = await findTools(clients, call);
  const problems = problemsIn(diagnostics).map(told);
  const { runtime } = clients.world.environment;
  const gathered = new Date(clients.world.clock.now()).toISOString();
  return asJson({ 'karmada-eks': version, runtime, gathered, tools: found ?? {}, problems });
}

/** Record, journal and logs. The fleet's folder also holds keys: only what is named here is taken. */
async function ownFiles({ world }: Clients, paths: FleetPaths): Promise<readonly string[]> {
  const there = await world.files.list(paths.folder);
  return [
    ...[paths.record, paths.journal].filter((path) => there.includes(path)),
    ...(await world.files.list(paths.logs)),
  ];
}

async function fleetParts(clients: Clients, ref: FleetRef, call: Call): Promise<readonly BundlePart[]> {
  let fleet: Fleet | undefined;
  const status = await supportPart('status.json', async () => {
    fleet = await whichFleet(clients, ref, call);
    return asJson(await fleetStatus(clients, fleet, ref.paths, call));
  });
  return fleet === undefined ? [status] : [status, ...(await clusterParts(clients, fleet, ref.paths, call))];
}

/** By the record alone if AWS does not respond; its status then shows the reason. */
async function whichFleet(clients: Clients, ref: FleetRef, call: Call): Promise<Fleet> {
  const { name, region, paths } = ref;
  const record = await readRecord(clients.world.files, paths);
  if (record !== undefined) {
    const caller = await clients.whoCalls(region).catch(() => undefined);
    refuseOtherAccount(record, caller?.account ?? record.account, name);
    agreeAsBefore(clients, record);
    return withFormer(resolveFleet(record.request));
  }
  return withFormer(await findFleet(clients, ref, call));
}

/** Karmada's events and pods in the parent, those of the agents in pull members, and the members as Karmada sees them. */
async function clusterParts(
  clients: Clients,
  fleet: Fleet,
  paths: FleetPaths,
  call: Call,
): Promise<readonly BundlePart[]> {
  let wanted: readonly (readonly [string, KubeAccess, KubeRef])[] = [];
  const reached = await supportPart('clusters.json', async () => {
    const { apis, karmada } = await accessFleet(clients, fleet, paths, call);
    const withPods = ['parent', ...fleet.members.filter(({ mode }) => mode === 'pull').map(({ name }) => name)];
    wanted = [...apis]
      .filter(([scope]) => withPods.includes(scope))
      .flatMap(([scope, access]) =>
        ['events', 'pods'].map((kind) => [scope, access, { kind, namespace: karmadaNamespace }] as const),
      );
    if (karmada !== undefined) wanted = [...wanted, ['karmada', karmada, { kind: 'clusters.cluster.karmada.io' }]];
    return asJson({ answer: [...apis.keys()], karmadaAnswers: karmada !== undefined });
  });
  const parts = wanted.map(([scope, access, ref]) =>
    supportPart(`clusters/${scope}/${ref.kind.split('.')[0]}.json`, async () =>
      asJson(await clients.kubectl.list(access, ref, anyObject, call)),
    ),
  );
  return [reached, ...(await Promise.all(parts))];
}

function told(problem: Problem): string {
  const { code, message, why, parts } = problem;
  return [`${message} (${code})`, ...(why === undefined ? [] : [`why: ${why}`]), ...parts.map(told)].join('\n');
}
