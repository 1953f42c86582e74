/** The program of a scheduled backup, which the build makes one file of: chooses the world, takes one backup, and exits. */
import { etcdClientFiles, jobFiles, jobFolders, jobSettings } from './backup/scheduled/job-settings.js';
import { readingInside } from './backup/scheduled/read-inside.js';
import { runJob } from './backup/scheduled/run-job.js';
import { asProblem, Problem } from './errors/problem.js';
import { redact } from './logs/redact.js';
import { jsonAs } from './model/json-text.js';
import { realAws } from './world/real/aws.js';
import { realClock } from './world/real/clock.js';
import { realFiles as files } from './world/real/disk/files.js';
import { httpsGet, httpsPost } from './world/real/net/https-calls.js';

/** Kubernetes mounts it into every pod that may call its API. */
const account = '/var/run/secrets/kubernetes.io/serviceaccount';

const described = '/api/v1/namespaces/karmada-system/configmaps/karmada-eks';

/** `root`: where the mounted folders are, e.g. empty. */
async function backUp(root: string, vars: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const settings = jsonAs(jobSettings, await files.read(`${root}${jobFolders.program}/${jobFiles.settings}`));
  if (settings === undefined)
    throw new Problem('internal', { what: `${jobFiles.settings} is missing, or of another version than the program` });
  const secrets = `${root}${jobFolders.secrets}`;
  const pem = async (name: string): Promise<string> => await mounted(`${secrets}/${etcdClientFiles.secret}/${name}`);
  const { ca, cert, key } = etcdClientFiles;
  const post = httpsPost({ ca: await pem(ca), cert: await pem(cert), key: await pem(key) });
  const inside = {
    files,
    etcd: settings.etcd.map((url) => ({ post, url })),
    parent: httpsGet({
      ca: await mounted(`${root}${account}/ca.crt`),
      token: (await mounted(`${root}${account}/token`)).trim(),
    }),
    described: `https://${vars['KUBERNETES_SERVICE_HOST']}:${vars['KUBERNETES_SERVICE_PORT']}${described}`,
    fleetId: settings.fleet.id,
    secrets,
  };
  const world = { files, aws: realAws({ vars }, redact), clock: realClock };
  const say = (line: string): void => tell(line);
  const done = await runJob(world, settings, readingInside(inside), `${root}${jobFolders.work}`, { signal, say });
  const { path, sizeBytes, sha256, manifest } = done.taken;
  tell(`backup ${shown(path)}: ${sizeBytes} bytes, revision ${manifest?.etcd.revision}, SHA-256 ${sha256}`);
  for (const each of done.deleted) tell(`deleted older backup ${shown(each.path)}`);
}

/** Whose bucket it is says nothing to whoever reads the log, and looks like a user of a server. */
function shown(address: string): string {
  return address.replace(/\/\/\d{12}@/, '//');
}

async function mounted(path: string): Promise<string> {
  const text = await files.read(path);
  if (text === undefined) throw new Problem('internal', { what: `${path} is not mounted` });
  return text;
}

function tell(line: string): void {
  process.stdout.write(`${redact(line)}\n`);
}

/** The last line is what Kubernetes keeps of a container that failed (`FallbackToLogsOnError`). */
async function main(): Promise<never> {
  process.umask(0o077);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stop.abort());
  try {
    await backUp(process.argv[2] ?? '', process.env, stop.signal);
  } catch (thrown) {
    const { code, what, why, exitCode } = asProblem(thrown);
    process.stderr.write(`${redact(`${code}: ${what}${why === undefined ? '' : ` (${why})`}`)}\n`);
    process.exit(exitCode);
  }
  process.exit(0);
}

await main();
