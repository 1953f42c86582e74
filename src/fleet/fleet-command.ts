/** The commands of karmada-eks for one fleet, as hints show them. */

/** Which fleet a command is about. */
export interface NamedFleet {
  readonly name: string;
  readonly parent: { readonly region: string };
}

/** `karmada-eks WORDS` for this fleet, and no other that defaults or variables may mean. */
export function fleetCommand(words: string, { name, parent }: NamedFleet): string {
  return `karmada-eks ${words} --fleet ${name} --region ${parent.region}`;
}
