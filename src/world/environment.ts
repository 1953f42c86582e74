/** The port to the process's surroundings. */
export interface Environment {
  readonly vars: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly workingDir: string;
  /** The folder where the product keeps its fleets (state, kubeconfigs, logs). */
  readonly dataDir: string;
  /** `user@host` and process id, for locks and the journal. */
  readonly owner: string;
}
