/** How long a backup of a large store takes, and how much memory, against reading the same answer and nothing else. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, megabytes, repeat, seconds, times } from './figures.js';

const rounds = 5;
const pieceBytes = 32 * 1024;
const storeBytes = 100_000_000 - (100_000_000 % pieceBytes);
const mostBytes = 150e6;
const worker = fileURLToPath(new URL('backup-worker.js', import.meta.url));

/** The table. A raw read and a backup take turns, each a process of its own. */
export async function backup() {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  const taken = await repeat(rounds, async () => ({
    raw: await run('raw', port),
    backup: await run('backup', port),
    encrypted: await run('encrypted', port),
  }));
  server.close();
  const of = (what, figure) => median(taken.map((each) => each[what][figure]));
  const memory = (what) => Math.max(...taken.map((each) => each[what].bytes));
  const rowOf = (name, what) => [
    name,
    seconds(of(what, 'ms')),
    times(of(what, 'ms') / of('raw', 'ms')),
    megabytes(memory(what)),
  ];
  return {
    title: 'Backup',
    about: `A store of etcd of ${megabytes(storeBytes)} from a stand-in for its gateway on this machine, and the whole of a backup from it: decoded, compared with its SHA-256, packed, synced to disk, read back; then the same, encrypted. Medians of ${rounds} processes each, in turn; memory is the most that any had, and is to be at most ${megabytes(mostBytes)}.`,
    columns: ['what', 'time', 'against the raw read', 'memory'],
    rows: [
      rowOf('raw HTTP read', 'raw'),
      rowOf('backup', 'backup'),
      rowOf('backup, encrypted for an age key', 'encrypted'),
    ],
    failures: ['backup', 'encrypted']
      .filter((what) => memory(what) > mostBytes)
      .map((what) => `a backup of ${megabytes(storeBytes)} (${what}) had ${megabytes(memory(what))} of memory`),
  };
}

async function run(what, port) {
  const folder = await mkdtemp(join(tmpdir(), 'karmada-eks-bench-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [worker, what, String(port), folder]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function answer({ url }, response) {
  if (url !== '/v3/maintenance/status') return Readable.from(snapshot()).pipe(response);
  response.end('{"header":{"member_id":"1","revision":"7"},"version":"3.6.6","dbSize":"1","leader":"2"}\n');
}

const piece = Buffer.alloc(pieceBytes, 'a store of etcd ');
const blob = piece.toString('base64');

/** Lines as etcd's gateway sends them: pieces of the store, and in the end the SHA-256 of all of it. */
function* snapshot() {
  const sum = createHash('sha256');
  for (let remaining = storeBytes; remaining > 0; ) {
    remaining -= pieceBytes;
    sum.update(piece);
    yield `{"result":{"remaining_bytes":"${remaining}","blob":"${blob}","version":"3.6.0"}}\n`;
  }
  yield `{"result":{"blob":"${sum.digest('base64')}","version":"3.6.0"}}\n`;
}
