/** The Secrets that `kubectl karmada init` makes, without which a snapshot of etcd is worthless. */
import type { z } from 'zod';
import type { Clients } from '../clients/clients.js';
import { Problem } from '../errors/problem.js';
import { karmadaNamespace } from '../fleet/names.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { secret } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';

/** karmada 1.18.2, karmadactl/util/bootstraptoken; observed. */
const initsSecrets = {
  kind: 'secrets',
  namespace: karmadaNamespace,
  selector: 'karmada.io/bootstrapping=secret-defaults',
} as const;

/** @throws Problem `backup-failed` if those with the keys of the CAs are not among them */
export async function initsSecretsIn(
  { kubectl }: Clients,
  parent: KubeAccess,
  call: Call,
): Promise<readonly z.infer<typeof secret>[]> {
  const found = await kubectl.list(parent, initsSecrets, secret, call);
  const names = found.map(({ metadata }) => metadata.name);
  const missing = ['karmada-cert', 'etcd-cert'].find((name) => !names.includes(name));
  if (missing === undefined) return found;
  throw new Problem('backup-failed', {
    what: `Secret ${missing} is missing in ${parent.context}: without it a snapshot is worthless`,
    next: ['check what happened to it: kubectl -n karmada-system get secrets'],
  });
}
