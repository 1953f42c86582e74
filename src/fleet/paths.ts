/** Where a fleet's files are on this machine. Two accounts or regions never share a folder. */

/** Which fleet is meant, and where its files are. */
export interface FleetRef {
  readonly name: string;
  /** Region of the parent. */
  readonly region: string;
  /** Twelve digits: that of the credentials in use, or of the record; undefined: neither is known. */
  readonly account: string | undefined;
  /** Where the user named it; undefined: whichever fleet has the name. */
  readonly id?: string | undefined;
  readonly paths: FleetPaths;
}

/** What a folder is named after; without an account it is that of versions that had one for all accounts. */
export type FleetFolder = Pick<FleetRef, 'name' | 'region' | 'account'>;

/** The paths of one fleet, all absolute. */
export interface FleetPaths {
  readonly folder: string;
  /** The desired fleet and its account, read by every later command. */
  readonly record: string;
  /** The id in the policy printed for a fleet that does not exist yet; `up` uses it. */
  readonly reservedId: string;
  /** Every event of every run, one JSON object per line. */
  readonly journal: string;
  readonly lock: string;
  /** One file per command that was run. */
  readonly logs: string;
  /** Backups of Karmada, and nothing else; it outlives the fleet. */
  readonly backups: string;
  /** Which backup a run took before it began to delete Karmada; there until the run has ended well. */
  readonly backupTaken: string;
  /** Which files the backup that is under way writes, wherever they are. */
  readonly backupHalves: string;
  /** Where older versions kept Karmada's CA and its key; nothing is written there any more. */
  readonly pki: string;
  /** Folder of the fleet's own kubeconfigs. */
  readonly kubeconfigs: string;
  /** The kubeconfig that contains only the context with this name. */
  readonly kubeconfig: (context: string) => string;
  /** The kubeconfig with all contexts that `kubeconfig` found; no context has its name. */
  readonly wholeKubeconfig: string;
  /** Parent of the folders that `kubectl karmada init` may erase, each named after its attempt. */
  readonly init: string;
  readonly initData: (attempt: number) => string;
}

export function fleetPaths(dataDir: string, { name, region, account }: FleetFolder): FleetPaths {
  const place = account === undefined ? region : `${account}/${region}`;
  const folder = `${dataDir}/fleets/${place}/${name}`;
  return {
    folder,
    record: `${folder}/fleet.json`,
    reservedId: `${folder}/reserved-id`,
    journal: `${folder}/journal.jsonl`,
    lock: `${folder}/lock`,
    logs: `${folder}/logs`,
    backups: `${folder}/backups`,
    backupTaken: `${folder}/backup-taken.json`,
    backupHalves: `${folder}/backup-halves.json`,
    pki: `${folder}/pki`,
    kubeconfigs: `${folder}/kubeconfigs`,
    kubeconfig: (context) => `${folder}/kubeconfigs/${context}.json`,
    wholeKubeconfig: `${folder}/kubeconfigs/fleet.json`,
    init: `${folder}/init`,
    initData: (attempt) => `${folder}/init/${attempt}`,
  };
}
