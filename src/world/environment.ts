/** The port to the process's surroundings. */
export interface Environment {
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly workingDir: string;
  /** The folder where the product keeps its fleets (state, kubeconfigs, logs). */
  readonly dataDir: string;
  /** `user@host` and process id, for locks and the journal. */
  readonly owner: string;
  /** What the program runs on, e.g. `Node.js 20.17.0 on linux x64`; for support. */
  readonly runtime: string;
}

/** The folder that the product installs programs into, and in which they are looked for after PATH. */
export function programFolder({ dataDir }: Pick<Environment, 'dataDir'>): string {
  return `${dataDir}/bin`;
}
