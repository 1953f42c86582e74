/** Puts names in the place of what differs from run to run: ids, addresses, paths, times, tokens. */

/** Addresses that mean the same everywhere; every other is one that AWS or the lab gave. */
const plainAddresses = ['0.0.0.0', '203.0.113.10', '127.0.0.1'];

/** Fields whose value says nothing but that they are there. */
const nameless = ['resourceVersion', 'uid'];

const patterns = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\/tokens\/\d+-[^/\s"]+?-\d+\.json/g, '/tokens/<copy>.json'],
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '<token>'],
  [/\b[\w-]+@[\w-]+ \(pid \d+\)|\b[\w-]+@[\w-]+ \(\d+\)/g, '<owner>'],
  [/^[\w.-]+@[\w.-]+$/g, '<author>'],
  [/(?<=<owner> )\S+\/\d+\/\d+/g, '<process>'],
  [/\b[0-9a-z]{12}\.\d{12}\.(?=[a-z]{2,}-)/g, '<fleet>.'],
  [/(token delete )[a-z0-9]{6}\b/g, '$1<token id>'],
  [/(?<=\/init\/)\d+/g, '<attempt>'],
  [/(certificate-authority-data: )[A-Za-z0-9+/=]+/g, '$1<certificate>'],
  [/\bsha256:[0-9a-f]{64}\b/g, 'sha256:<hash>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b(vpc|subnet|eni|vol|sg|rtb|nat|igw|i|eipalloc)-[0-9a-f]{8,17}\b/g, '<$1>'],
  [/\b[\w-]+\.elb\.([\w-]+)\.amazonaws\.com\b/g, '<load balancer>.elb.$1.amazonaws.com'],
  [/\b((?:loadbalancer|ELB)[ /]net\/)\w+(?:\/[0-9a-f]{16})?/g, '$1<load balancer>'],
  [/^a[0-9a-f]{31}$/g, '<load balancer>'],
  [/(?<=:targetgroup\/[\w-]+\/)[0-9a-f]{16}\b/g, '<target group>'],
  // Networks of a VPC and its subnets.
  [/\b(?:\d{1,3}\.){3}0\/[12]\d\b/g, '<range>'],
  [/(?<=kubernetes\.io\/rule\/nlb\/\w+=)\w+/g, '<load balancer>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, (address) => (plainAddresses.includes(address) ? address : '<address>')],
  [/(?<=[:/])\d{12}(?=[:/])/g, '<account>'],
  [/(?<=-(?:ServiceRole|NodeInstanceRole|Role1)-)\w{12}\b/g, '<suffix>'],
  [/(?<=:oidc-provider\/)[\w.-]+\/id\/\w+/g, '<issuer>'],
  [/(?<=:stack\/[\w-]+\/)[0-9a-f]{17}\b/g, '<uuid>'],
];

/**
 * @param {readonly (readonly [string, string])[]} names what this side calls the things that both have (paths, VPCs, subnets), with
 *   the name that stands for it; the longest is looked for first
 * @returns {(text: string) => string}
 */
export function normaliserFor(names) {
  const longestFirst = [...names].sort(([one], [other]) => other.length - one.length);
  return (text) => {
    const named = longestFirst.reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
    return patterns.reduce((rest, [pattern, to]) => rest.replace(pattern, to), named);
  };
}

/**
 * A value with each text in it normalised and its fields in order; JSON in a text is taken as the value it is.
 * @param value what `JSON.parse` may give
 * @param {(text: string) => string} normalise
 */
export function normalised(value, normalise) {
  if (typeof value === 'string') return textOrValue(value, normalise);
  if (Array.isArray(value)) return value.map((each) => normalised(each, normalise));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([name, inner]) => [
    normalise(name),
    nameless.includes(name) ? `<${name}>` : normalised(inner, normalise),
  ]);
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function textOrValue(text, normalise) {
  if (!/^[[{]/.test(text)) return normalise(text);
  try {
    return normalised(JSON.parse(text), normalise);
  } catch {
    return normalise(text);
  }
}
