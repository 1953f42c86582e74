/** How the product reads each recorded answer, and the shape of what it reads: which fields, of which type, with which words. */
import { z } from 'zod';
import { makeEksctl } from '../../src/tools/eksctl/client.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { makeKubectlKarmada } from '../../src/tools/karmada/client.js';
import { makeKubectl } from '../../src/tools/kubectl/client.js';
import {
  anyObject,
  claim,
  configMap,
  lease,
  memberCluster,
  secret,
  service,
  workload,
} from '../../src/tools/kubectl/objects.js';
import type { Call } from '../../src/tools/run.js';
import type { Exec } from '../../src/world/exec.js';
import { ownRegion } from '../../src/world/place.js';
import type { Answer } from './recorded-answers.js';
import { listening, rejection, scriptedExec } from './scripted-exec.js';

type Read = (exec: Exec, call: Call) => Promise<unknown>;

const access = { kubeconfig: '/k', context: 'c' };
const place = { name: 'm', region: 'us-west-2', zones: ['us-west-2a'] };
const cluster = { name: 'c', region: 'us-west-2' };
const config = { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: cluster } as const;

const one = <T>(as: z.ZodType<T>): Reader => ({
  as,
  read: (exec, call) => makeKubectl(exec).get(access, { kind: 'x', name: 'y' }, as, call),
});
const all = <T>(as: z.ZodType<T>): Reader => ({
  as: z.array(as),
  read: (exec, call) => makeKubectl(exec).list(access, { kind: 'x' }, as, call),
});
const told = (read: Read): Reader => ({ as: z.unknown(), read });
const eksctl = (use: (client: ReturnType<typeof makeEksctl>, call: Call) => Promise<unknown>): Reader =>
  told((exec, call) => use(makeEksctl(exec), call));
const karmada = (use: (client: ReturnType<typeof makeKubectlKarmada>, call: Call) => Promise<unknown>): Reader =>
  told((exec, call) => use(makeKubectlKarmada(exec), call));

interface Reader {
  /** What is read, as a schema: its fields are those that count. */
  readonly as: z.ZodType;
  readonly read: Read;
}

const caHash = `sha256:${'0'.repeat(64)}`;
const init = {
  parent: access,
  advertiseAddress: '1',
  certAddresses: [],
  certNames: [],
  dataDir: '/d',
  storageClass: 's',
  replicas: 3,
  standbys: 2,
};

/** By `tool/name` of the recording. */
export const readers: Readonly<Record<string, Reader>> = {
  'eksctl/version': eksctl((client, call) => client.version(call)),
  'eksctl/create-cluster': eksctl((client, call) =>
    client.run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), call),
  ),
  'eksctl/create-cluster-without-control-plane': eksctl((client, call) =>
    client.run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), call),
  ),
  'eksctl/create-cluster-without-nodes': eksctl((client, call) =>
    client.run(ownRegion('eu-west-1'), eksctlCommands.createCluster(config), call),
  ),
  'eksctl/create-nodegroup': eksctl((client, call) =>
    client.run(ownRegion('eu-west-1'), eksctlCommands.createNodegroup(config), call),
  ),
  'eksctl/delete-addon': eksctl((client, call) =>
    client.run(ownRegion('eu-west-1'), eksctlCommands.deleteAddon(cluster, 'a'), call),
  ),
  'eksctl/delete-cluster': eksctl((client, call) =>
    client.run(ownRegion('eu-west-1'), eksctlCommands.deleteCluster(cluster), call),
  ),
  'kubectl/version': told((exec, call) => makeKubectl(exec).version(call)),
  'kubectl/readyz': told((exec, call) => makeKubectl(exec).isReady(access, call)),
  'kubectl/get-nothing': one(workload),
  'kubectl/get-services': all(service),
  'kubectl/get-load-balancer': one(service),
  'kubectl/get-deployments': all(workload),
  'kubectl/get-stateful-sets': all(workload),
  'kubectl/get-stateful-set': one(workload),
  'kubectl/get-record': one(configMap),
  'kubectl/get-cluster-info': one(configMap),
  'kubectl/get-certificates': one(secret),
  'kubectl/get-namespace': one(anyObject),
  'kubectl/get-storage-class': one(anyObject),
  'kubectl/get-push-member': one(memberCluster),
  'kubectl/get-pull-member': one(memberCluster),
  'kubectl/create-lease': { as: lease, read: (exec, call) => makeKubectl(exec).createNew(access, {}, lease, call) },
  'kubectl/replace-lease': { as: lease, read: (exec, call) => makeKubectl(exec).replace(access, {}, lease, call) },
  'kubectl/get-claims': all(claim),
  'kubectl-karmada/version': karmada((client, call) => client.version(call)),
  'kubectl-karmada/init': karmada((client, call) => client.init(init, call)),
  'kubectl-karmada/create-token': karmada((client, call) => client.createToken(access, 'why', call)),
  'kubectl-karmada/register': karmada((client, call) =>
    client.register({ place, member: access, endpoint: 'e', token: 'abcdef.0123456789abcdef', caHash }, call),
  ),
  'kubectl-karmada/join': karmada((client, call) => client.join(access, access, place, call)),
  'kubectl-karmada/unjoin': karmada((client, call) => client.unjoin(access, access, 'm', call)),
  'kubectl-karmada/unregister': karmada((client, call) => client.unregister(access, access, 'm', call)),
  'kubectl-karmada/deinit': karmada((client, call) => client.deinit(access, call)),
};

/** What a reader makes of an answer: a value or a Problem, and what it says to the user meanwhile. */
export interface Reading {
  readonly value?: unknown;
  readonly problem?: unknown;
  readonly said: readonly string[];
}

export async function reading({ read }: Reader, answer: Answer): Promise<Reading> {
  const { call, said } = listening();
  const { exec } = scriptedExec(answer);
  let value: unknown;
  const problem = await rejection(
    read(exec, call).then((found) => {
      value = found;
    }),
  );
  return problem === undefined ? { value, said } : { problem, said };
}

/** Fields whose words are fixed: they are part of the shape. */
const spelled = ['kind', 'type', 'status', 'reason', 'phase', 'syncMode', 'podManagementPolicy'];

/** The fields of a value that its schema names, a line each with type or word, sorted; of a list those of all its elements. */
export function shapeOf({ as }: Reader, value: unknown): readonly string[] {
  return [...new Set(fieldsOf(z.toJSONSchema(as, { unrepresentable: 'any' }) as Schema, value, ''))].sort();
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function fieldsOf({ properties, items = {}, anyOf }: Schema, value: unknown, path: string): readonly string[] {
  if (anyOf !== undefined) return anyOf.flatMap((each) => fieldsOf(each, value, path));
  if (Array.isArray(value)) return value.flatMap((each) => fieldsOf(items, each, `${path}[]`));
  if (properties === undefined || typeof value !== 'object' || value === null) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return [`${path}: ${spelled.includes(name) ? JSON.stringify(value) : typeof value}`];
  }
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = properties[name];
    return known === undefined ? [] : fieldsOf(known, inner, `${path}/${name}`);
  });
}
