/** The port to the network interfaces of this machine. */

/** An address of this machine in a network that it is part of: never a loopback one. */
export interface OwnInterface {
  /** IPv4. */
  readonly address: string;
  /** In lower case, e.g. `0a:1b:2c:3d:4e:5f`. */
  readonly mac: string;
}

export type OwnInterfaces = () => readonly OwnInterface[];
