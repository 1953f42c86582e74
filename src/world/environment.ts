/** The port to the process's surroundings. */
export interface Environment {
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly workingDir: string;
  /** The folder in which the product keeps its fleets (state, kubeconfigs, logs). */
  readonly dataDir: string;
  /** `user@host` and process id, for locks and the journal. */
  readonly owner: string;
  /** The runtime and platform, e.g. `Node.js 20.17.0 on linux x64`; for support. */
  readonly runtime: string;
}

/** The folder into which the product installs programs, searched after PATH. */
export function programFolder({ dataDir }: Pick<Environment, 'dataDir'>): string {
  return `${dataDir}/bin`;
}
