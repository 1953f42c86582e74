/** Reads Karmada from inside its parent: etcd's gateway with etcd's own client certificate, mounted Secrets, one ConfigMap. */
import type { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import { jsonAs } from '../../model/json-text.js';
import { fleetConfigMapIn } from '../../state/fleet-configmap.js';
import { isHalfWritten } from '../../state/restoring.js';
import { type Gateway, type GatewayStatus, gatewayStatus } from '../../tools/etcd/gateway.js';
import { valuesUnder } from '../../tools/etcd/gateway-read.js';
import { anyObject, configMap, memberCluster } from '../../tools/kubectl/objects.js';
import type { Call } from '../../tools/run.js';
import type { Files } from '../../world/files.js';
import type { HttpGet } from '../../world/http.js';
import { saveMemberSnapshot } from '../etcd/member-snapshot.js';
import { type Inventory, inventoryOf } from '../inventory.js';
import type { Known, Reading } from '../make-backup.js';
import type { KeptSecrets } from '../read-backup.js';

/** What the job reads from. */
export interface Inside {
  readonly files: Files;
  /** The members of etcd. */
  readonly etcd: readonly Gateway[];
  /** Asks the API of the parent with the job's own token. */
  readonly parent: HttpGet;
  /** URL of the fleet's ConfigMap. */
  readonly described: string;
  /** Id of the fleet whose Karmada it must be. */
  readonly fleetId: string;
  /** Folder that has one for each Secret. */
  readonly secrets: string;
}

export function readingInside(inside: Inside): Reading {
  return {
    known: async (call) => {
      const { etcd } = await chosenMember(inside.etcd, call);
      const [described, secrets, inventory] = await Promise.all([
        readDescription(inside),
        readSecrets(inside),
        readInventory(etcd, call),
      ]);
      return { ...described, secrets, inventory };
    },
    snapshot: async (into, call) => {
      const { etcd, status } = await chosenMember(inside.etcd, call);
      const saved = await saveMemberSnapshot(inside.files, etcd, status, into, call);
      // A restore may have begun meanwhile.
      await readDescription(inside);
      return saved;
    },
  };
}

interface Chosen {
  readonly etcd: Gateway;
  readonly status: GatewayStatus;
}

/** One that answers, rather one that does not lead: the leader has more to do. @throws Problem `backup-failed`, `interrupted` */
async function chosenMember(members: readonly Gateway[], call: Call): Promise<Chosen> {
  const asked = await Promise.allSettled(
    members.map(async (etcd) => ({ etcd, status: await gatewayStatus(etcd, call) })),
  );
  if (call.signal.aborted) throw new Problem('interrupted', { what: 'the backup was stopped' });
  const found = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])).reverse();
  const chosen = found.find(({ status }) => !status.isLeader) ?? found[0];
  if (chosen !== undefined) return chosen;
  const reasons = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const why = reasons.map((each) => (each instanceof Problem ? (each.why ?? each.message) : `${each}`));
  throw new Problem('backup-failed', {
    what: 'no member of Karmada’s etcd responds',
    why: [...new Set(why)].join('; '),
    next: ['find out why: kubectl -n karmada-system get pods -l app=etcd'],
  });
}

/** @throws Problem `backup-failed`, also where it is of another fleet; `restore-unfinished` */
async function readDescription({
  parent,
  described,
  fleetId,
}: Inside): Promise<Pick<Known, 'description' | 'karmada'>> {
  const answer = await parent(described, 30_000);
  const isRead = answer.kind === 'answered' && answer.status === 200;
  const found = isRead ? jsonAs(configMap, answer.body) : undefined;
  if (found === undefined)
    throw new Problem('backup-failed', {
      what: 'the fleet’s description cannot be read in the parent',
      why: answer.kind === 'failed' ? answer.reason : `HTTP status ${answer.status}`,
      next: ['check whether it exists: kubectl -n karmada-system get configmap karmada-eks'],
    });
  const owner = fleetConfigMapIn(found).fleetId;
  // Packed as this fleet's, it would in time be all that `--keep` leaves.
  if (owner !== fleetId)
    throw new Problem('backup-failed', {
      what: `the Karmada in this parent is not that of fleet ${fleetId}, whose backups these are`,
      why: owner === undefined ? 'its ConfigMap names no fleet' : `its ConfigMap names fleet ${owner}`,
      next: ['remove this schedule, or schedule the backups again'],
    });
  const { annotations = {}, labels = {} } = found.metadata;
  if (isHalfWritten(annotations))
    throw new Problem('restore-unfinished', {
      what: 'a restore is under way: etcd holds a mixture, of which no backup is taken',
      next: ['complete the restore'],
    });
  const description = { annotations, labels, data: found.data ?? {} };
  return { description, karmada: fleetConfigMapIn(found).installed ?? null };
}

/** Those of `init` are all of this type (karmada 1.18.2, cmdinit/kubernetes/deploy.go, `createCertsSecrets`). */
const type = 'Opaque';

/** @throws Problem `backup-failed` where a mounted Secret is empty */
async function readSecrets({ files, secrets }: Inside): Promise<KeptSecrets> {
  const kept: Record<string, KeptSecrets[string]> = {};
  for (const folder of await files.list(secrets)) {
    const name = lastOf(folder);
    // What begins with two dots is how Kubernetes changes all files at once (kubelet, atomic writer).
    const paths = (await files.list(folder)).filter((path) => !lastOf(path).startsWith('..'));
    const data = await Promise.all(paths.map(async (path) => [lastOf(path), await base64Of(files, path)] as const));
    kept[name] = { type, data: Object.fromEntries(data) };
  }
  const missing = ['karmada-cert', 'etcd-cert'].find((name) => Object.keys(kept[name]?.data ?? {}).length === 0);
  if (missing === undefined) return kept;
  throw new Problem('backup-failed', {
    what: `Secret ${missing} is not mounted: without it a snapshot is worthless`,
    next: ['schedule the backups again'],
  });
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function base64Of(files: Files, path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of files.readStream(path)) pieces.push(piece);
  return Buffer.concat(pieces).toString('base64');
}

/** Where the API servers keep what an inventory is of (karmada 1.18.2; observed). */
const clusters = '/registry/cluster.karmada.io/clusters/';
const others = [
  'policy.karmada.io/propagationpolicies',
  'policy.karmada.io/clusterpropagationpolicies',
  'policy.karmada.io/overridepolicies',
  'policy.karmada.io/clusteroverridepolicies',
  'work.karmada.io/resourcebindings',
  'work.karmada.io/clusterresourcebindings',
  'work.karmada.io/works',
].map((kind) => `/registry/${kind}/`);

/** Object by object: what an inventory leaves out, such as the manifests in Works, is most of a store. */
async function readInventory(etcd: Gateway, call: Call): Promise<Inventory> {
  const all = { clusters: [], policies: [], bindings: [], works: [] } as Writable<Inventory>;
  for await (const member of objectsUnder(etcd, clusters, memberCluster, call)) add(all, inventoryOf([member], []));
  for (const prefix of others)
    for await (const object of objectsUnder(etcd, prefix, anyObject, call)) add(all, inventoryOf([], [object]));
  return all;
}

type Writable<T> = { [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

function add(all: Writable<Inventory>, { clusters, policies, bindings, works }: Inventory): void {
  all.clusters.push(...clusters);
  all.policies.push(...policies);
  all.bindings.push(...bindings);
  all.works.push(...works);
}

/** @throws Problem `tool-output` for what is no such object */
async function* objectsUnder<T>(etcd: Gateway, prefix: string, as: z.ZodType<T>, call: Call): AsyncGenerator<T> {
  for await (const value of valuesUnder(etcd, prefix, call)) {
    const object = jsonAs(as, value.toString('utf8'));
    if (object === undefined)
      throw new Problem('tool-output', {
        what: `etcd holds something unexpected under ${prefix}`,
        next: ['run the same command again'],
      });
    yield object;
  }
}
