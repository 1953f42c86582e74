/** Takes secrets out of text before it is written anywhere. The one place that knows what a secret looks like. */

const hidden = '<hidden>';

/**
 * Each pattern with what stands in its place; `$1` keeps what tells the reader what was there. JSON stands inside JSON in
 * journals and annotations: a quote may have backslashes before it, and what begins a line may come right after `\n`, where
 * there is no word boundary. Quotes stay, so that JSON stays JSON.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Bootstrap tokens of Kubernetes and Karmada: their secret half; the id before the dot is no secret.
  [/(?<=^|\\[nrt]|[^a-z0-9])([a-z0-9]{6})\.[a-z0-9]{16}\b/g, `$1.${hidden}`],
  [/-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, `${hidden} $1private key`],
  // The rest of a key whose first line was taken out when it was written line by line.
  [/^(?:[A-Za-z0-9+/=]{8,76}\r?\n){1,120}-----END [A-Z ]*PRIVATE KEY-----/gm, hidden],
  // Keys and tokens as fields of kubeconfigs and Secrets, in YAML or JSON.
  [
    /((?:key-data|\.key|token-secret|client-secret|password)\\*["']?\s*:\s*\\*["']?)[A-Za-z0-9+/=_.-]{8,}/g,
    `$1${hidden}`,
  ],
  [/(token\\*["']?\s*[:=]\s*\\*["']?)[A-Za-z0-9+/=_.-]{16,}/gi, `$1${hidden}`],
  // Environment variables of containers, by their names.
  [
    /("name\\*"\s*:\s*\\*"[^"\\]*(?:token|secret|password|key)[^"\\]*\\*"\s*,\s*\\*"value\\*"\s*:\s*\\*")[^"\\]+/gi,
    `$1${hidden}`,
  ],
  // PEM private keys in base64 begin so ("-----BEGIN ... PRIVATE KEY").
  [/LS0tLS1CRUdJTiB[A-Za-z0-9+/]*?QUklWQVRFIEtFWS[A-Za-z0-9+/=]*/g, hidden],
  [/LS0tLS1CRUdJTi[A-Za-z0-9+/]*?(?:UFJJVkFURSBLRVkt|BSSVZBVEUgS0VZ|QUklWQVRFIEtFWS)[A-Za-z0-9+/=]*/g, hidden],
  // AWS: secret keys and session tokens as variables, JSON or headers; key ids; tokens for EKS.
  [/((?:aws_)?(?:secret_?access_?key|session_?token)\\*["']?\s*[:=]\s*\\*["']?)[A-Za-z0-9+/=]{16,}/gi, `$1${hidden}`],
  [/(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}\b/g, `$1${hidden}`],
  [/k8s-aws-v1\.[A-Za-z0-9_-]+/g, hidden],
  [/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"]+/g, `$1${hidden}`],
  // Tokens of service accounts, and whatever else a client sends to say who it is.
  [/eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g, hidden],
  [/(Bearer )[\w.~+/=-]{16,}/gi, `$1${hidden}`],
];

/** The text without its secrets. */
export function redact(text: string): string {
  return patterns.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}
