/** One process of the benchmark of backups: reads a snapshot as it comes, or takes a backup of it, encrypted or not. Prints time and memory as JSON. */
import { request } from 'node:http';
import { join } from 'node:path';

const [what, port, folder] = process.argv.slice(2);
const started = performance.now();
await (what === 'raw' ? read() : backUp(what === 'encrypted'));
console.log(JSON.stringify({ ms: performance.now() - started, bytes: process.resourceUsage().maxRSS * 1024 }));

async function read() {
  await new Promise((resolve, reject) => {
    const sent = request({ port, path: '/v3/maintenance/snapshot', method: 'POST' }, (answer) =>
      answer.on('error', reject).on('end', resolve).resume(),
    );
    sent.on('error', reject).end('{}');
  });
}

/** All of `backup` from the first call of etcd to the file that was read back; Kubernetes is not asked. */
async function backUp(isEncrypted) {
  const { takeBackup } = await import('../../dist/backup/take-backup.js');
  const { realFiles } = await import('../../dist/world/real/disk/files.js');
  const { realHttpPost } = await import('../../dist/world/real/net/http-post.js');
  const { realClock } = await import('../../dist/world/real/clock.js');
  const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  const objects = {
    pods: [{ metadata: { name: 'etcd-0' }, ...ready }],
    secrets: [
      { metadata: { name: 'karmada-cert' }, data: { 'ca.key': '' } },
      { metadata: { name: 'etcd-cert' }, data: {} },
    ],
  };
  const kubectl = {
    get: async () => undefined,
    list: async (_, { kind }) => objects[kind],
    withPort: (_, __, ___, use) => use(Number(port)),
  };
  const world = { files: realFiles, httpPost: realHttpPost, clock: realClock };
  const source = {
    clients: { world, kubectl },
    fleet: { name: 'bench', id: 'bench', parent: { region: 'us-west-2', cluster: 'bench' } },
    account: '111122223333',
    parent: { context: 'bench', kubeconfig: join(folder, 'kubeconfig') },
    paths: { backups: folder, backupHalves: join(folder, 'backup-halves.json') },
    madeBy: 'bench',
    encryptTo: isEncrypted ? [await newRecipient()] : [],
  };
  await takeBackup(source, join(folder, isEncrypted ? 'bench.tar.age' : 'bench.tar'), {
    signal: new AbortController().signal,
  });
}

async function newRecipient() {
  const { generateIdentity, identityToRecipient } = await import('age-encryption');
  return await identityToRecipient(await generateIdentity());
}
