/** Tags as a record. */

export type Tags = Readonly<Record<string, string>>;

/** Tags as most services list them; EKS returns a record. */
export function tagsIn(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** The Name tag, which the console shows as the name; empty when there is none. */
export function nameIn(tags: Parameters<typeof tagsIn>[0]): string {
  return tagsIn(tags)['Name'] ?? '';
}
