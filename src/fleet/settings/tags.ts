/** The user's own tags on what the fleet creates in AWS: what every service, and every program that sets them, accepts. */

/** By their keys. */
export type OwnTags = Readonly<Record<string, string>>;

/** AWS takes 50 tags a resource, of which karmada-eks, eksctl, EKS and Kubernetes set up to 15. */
const most = 30;

/** The characters that all services take (Tagging AWS Resources, naming limits), but for the `=` that separates key and value. */
const taggable = /^[\p{L}\p{Z}\p{N}_.:/+\-@]+$/u;

/**
 * What AWS reserves, what others set by themselves, and what leads to the resources of a fleet or a cluster. The EBS CSI driver
 * refuses several of them in a StorageClass (1.64.0, pkg/driver/validation.go).
 */
const reserved =
  /^(aws:|eks:|karmada-eks\/|name$|kubernetescluster$|csivolumename$|csivolumesnapshotname$|kubernetes\.io|([a-z0-9.-]+\.)?(k8s\.io|k8s\.aws|kubernetes\.io|eksctl\.io|amazonaws\.com|csi\.aws\.com)\/)/i;

/** All that is wrong with these tags, one line each. */
export function wrongTags(tags: OwnTags): readonly string[] {
  const keys = Object.keys(tags);
  const number = keys.length > most ? [`expected at most ${most} tags, got ${keys.length}`] : [];
  const each = Object.entries(tags).flatMap(([key, value]) => {
    const what = wrongKey(key) ?? wrongValue(value) ?? sameKey(key, keys);
    return what === undefined ? [] : [`${key}: ${what}`];
  });
  return [...number, ...each];
}

function wrongKey(key: string): string | undefined {
  if (key.length > 128) return 'expected a key of at most 128 characters';
  if (reserved.test(key)) return 'the key is reserved for AWS, Kubernetes, eksctl or karmada-eks';
  return isTaggable(key) ? undefined : `invalid key: ${characters}`;
}

/** CloudFormation takes no empty value (API Reference, Tag). */
function wrongValue(value: string): string | undefined {
  if (value === '') return 'expected a value';
  if (value.length > 256) return 'expected a value of at most 256 characters';
  return isTaggable(value) ? undefined : `invalid value: ${characters}`;
}

const characters = 'use letters, digits, spaces and _ . : / + - @, without a space at either end';

/** The cloud controller cuts a value at its second `=`, and spaces at the ends (1.36.1, `getKeyValuePropertiesFromAnnotation`). */
function isTaggable(text: string): boolean {
  return taggable.test(text) && text.trim() === text;
}

/** To IAM the keys of a role are the same in upper and lower case (IAM User Guide, tags). */
function sameKey(key: string, keys: readonly string[]): string | undefined {
  const same = keys.find((other) => other !== key && other.toLowerCase() === key.toLowerCase());
  return same === undefined ? undefined : `IAM takes ${key} and ${same} for the same key`;
}

/** `key=value`, as the tools take it. */
export function tagWords(tags: OwnTags): readonly string[] {
  return Object.entries(tags).map(([key, value]) => `${key}=${value}`);
}

/** In the order of their keys, so that the same tags are the same text. */
export function sortedTags(tags: OwnTags): OwnTags {
  return Object.fromEntries(Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Those that are not there with their values, as words; `has` may hold any others. */
export function lackingTags(wanted: OwnTags, has: Readonly<Record<string, string | undefined>>): readonly string[] {
  return tagWords(Object.fromEntries(Object.entries(wanted).filter(([key, value]) => has[key] !== value)));
}
