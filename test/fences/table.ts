/** Who may import whom: the one table, which the test reads and docs/architecture.md prints. */

/** A folder of `src`, and what its files may import beside each other. Files of deeper folders without a row of their own are in the nearest. */
export interface Row {
  readonly folder: string;
  /** Folders, with all below them; a path that ends in `.ts` is that file alone. */
  readonly may: readonly string[];
  /** Why not more. */
  readonly why: string;
}

const clients = ['world', 'errors'];

/** What whoever reads clusters may use. */
const reading = ['access', 'ownership', 'model', 'clients', 'tools', 'aws', 'fleet', ...clients];

/** All that is known before anything is done. */
const known = [
  'preflight',
  'status',
  'backup',
  'state',
  'certificates',
  'lease',
  'leftovers',
  'member-removal',
  ...reading,
];

export const rows: readonly Row[] = [
  { folder: 'errors', may: [], why: 'everything else uses it' },
  { folder: 'world', may: ['errors'], why: 'the ports know nothing of the product' },
  { folder: 'world/real', may: ['world', 'errors'], why: 'the real world knows its ports only' },
  {
    folder: 'fleet',
    may: ['world/place.ts', 'errors'],
    why: 'what is wanted knows nothing of what is there or what is done',
  },
  { folder: 'tools', may: clients, why: 'the clients of the tools know the ports only' },
  { folder: 'aws', may: clients, why: 'the clients of AWS know the ports only' },
  { folder: 'engine', may: clients, why: 'the engine knows no AWS and no tool' },
  { folder: 'logs', may: ['engine', ...clients], why: 'a run is known by its events' },
  { folder: 'model', may: ['tools', 'aws', 'fleet', ...clients], why: 'what everything else is told in' },
  { folder: 'clients', may: ['logs', 'tools', 'aws', 'fleet', ...clients], why: 'the clients in one place, read once' },
  {
    folder: 'ownership',
    may: ['model', 'clients', 'aws', 'fleet', ...clients],
    why: 'whose a thing is depends on marks and times alone',
  },
  {
    folder: 'access',
    may: ['ownership', 'model', 'clients', 'tools', 'aws', 'fleet', ...clients],
    why: 'how a cluster is reached',
  },
  { folder: 'member-removal', may: reading, why: 'what a removed member leaves behind is read, not removed' },
  { folder: 'state', may: ['member-removal', ...reading], why: 'what a fleet keeps' },
  { folder: 'certificates', may: reading, why: 'certificates are read and signed here, and written by steps' },
  { folder: 'backup', may: ['state', ...reading], why: 'what a backup is; who takes one and when is decided above' },
  { folder: 'leftovers', may: reading, why: 'leftovers are found here and removed by steps' },
  { folder: 'preflight', may: reading, why: 'checks change nothing' },
  {
    folder: 'status',
    may: ['lease', 'state', 'certificates', ...reading],
    why: 'what is there, not what would be done',
  },
  { folder: 'doctor', may: ['preflight', 'status', 'state', ...reading], why: 'the doctor changes nothing' },
  { folder: 'lease', may: ['engine', 'state', ...reading], why: 'the lease needs no step' },
  { folder: 'steps', may: ['engine', ...known], why: 'steps show nothing, and know no pipeline' },
  {
    folder: 'pipelines',
    may: ['steps', 'engine', ...known],
    why: 'the order of steps is decided here, and nowhere else',
  },
  { folder: 'iam', may: ['pipelines', 'engine', ...known], why: 'what may be called follows from what is done' },
  {
    folder: 'ui',
    may: ['engine/events.ts', 'engine/critical-path.ts', 'engine/time-left.ts', 'engine/destruction.ts', 'errors'],
    why: 'a run is known by its events',
  },
  { folder: 'options', may: ['fleet', 'errors'], why: 'a flag knows what it means, not what is done with it' },
  {
    folder: 'commands',
    may: ['options', 'doctor', 'iam', 'pipelines', 'steps', 'logs', 'engine', 'ui/ui.ts', ...known],
    why: 'a command asks and shows through the port of the ui',
  },
  {
    folder: 'cli',
    may: ['commands', 'options', 'state', 'ownership', 'fleet', 'errors'],
    why: 'the program names the commands; what they do is theirs',
  },
  {
    folder: 'rehearsal',
    may: ['fleet', ...clients],
    why: 'a simulation that learns from the product what to answer calls a wrong argv right',
  },
];

/** Packages that only some folders may import; all others are free. */
export interface PackageRow {
  /** `*` at the end stands for whatever follows. */
  readonly names: readonly string[];
  readonly only: readonly string[];
  readonly why: string;
}

const effects = ['child_process', 'fs', 'fs/promises', 'http', 'https', 'tls'].map((name) => `node:${name}`);

export const packages: readonly PackageRow[] = [
  { names: ['execa'], only: ['world/real'], why: 'programs run through the exec port' },
  { names: effects, only: ['world/real', 'main.ts'], why: 'effects go through the ports of world' },
  { names: ['chalk', 'ora', '@inquirer/*'], only: ['ui'], why: 'only the ui draws and asks' },
  { names: ['commander'], only: ['cli'], why: 'only the program parses the command line' },
];

/** Names of the AWS SDK that make a client; commands and types are free. */
export const awsClients = { names: '@aws-sdk/client-*', imported: /Client$/, only: ['world/real'] } as const;
