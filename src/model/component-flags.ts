/** Flags in the command of a component's container, e.g. `--v=2`, as `kubectl karmada init` and `register` write them. */
import type { ComponentWorkload } from '../tools/kubectl/objects.js';

/** Values by flag, without dashes; undefined: the flag is not there. */
export type Flags = Readonly<Record<string, string | undefined>>;

/** The command of the container that has the component's name. */
export function commandOf(component: ComponentWorkload | undefined): readonly string[] {
  const containers = component?.spec.template?.spec.containers ?? [];
  return containers.find(({ name }) => name === component?.metadata.name)?.command ?? [];
}

export function flagIn(command: readonly string[], flag: string): string | undefined {
  return command.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3);
}

/** `--flag=value` of those that the command has not, or has otherwise. */
export function missingFlags(command: readonly string[], flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([flag, value]) =>
    flagIn(command, flag) === value ? [] : [value === undefined ? `no --${flag}` : `--${flag}=${value}`],
  );
}

/** The command with these flags; the others stay as and where they are. */
export function withFlags(command: readonly string[], flags: Flags): readonly string[] {
  const kept = command.flatMap((word) => {
    const flag = /^--([^=]+)/.exec(word)?.[1] ?? '';
    if (!(flag in flags)) return [word];
    return flags[flag] === undefined ? [] : [`--${flag}=${flags[flag]}`];
  });
  const added = Object.entries(flags).filter(
    ([flag, value]) => value !== undefined && flagIn(kept, flag) === undefined,
  );
  return [...kept, ...added.map(([flag, value]) => `--${flag}=${value}`)];
}

/** The value of `--feature-gates` with one gate on, or without it; undefined where no gate is left. */
export function withGate(gates: string | undefined, gate: string, isOn: boolean): string | undefined {
  const others = (gates ?? '').split(',').filter((each) => each !== '' && !each.startsWith(`${gate}=`));
  const all = isOn ? [...others, `${gate}=true`] : others;
  return all.length === 0 ? undefined : all.join(',');
}
