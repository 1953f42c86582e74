/** Takes secrets out of text before it is written anywhere. The one place that knows what a secret looks like. */

const hidden = '<hidden>';

/** Each pattern with what stands in its place; `$1` keeps what tells the reader what was there. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Bootstrap tokens of Kubernetes and Karmada: their secret half; the id before the dot is no secret.
  [/\b([a-z0-9]{6})\.[a-z0-9]{16}\b/g, `$1.${hidden}`],
  [/-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, `${hidden} $1private key`],
  // Keys and tokens as fields of kubeconfigs and Secrets, in YAML or JSON.
  [
    /("?[\w.-]*(?:key-data|\.key|token-secret|client-secret|password)"?\s*:\s*)"?[A-Za-z0-9+/=_.-]{8,}"?/g,
    `$1${hidden}`,
  ],
  [/("?token"?\s*:\s*)"?[A-Za-z0-9+/=_.-]{16,}"?/g, `$1${hidden}`],
  // PEM private keys in base64 begin so ("-----BEGIN ... PRIVATE KEY").
  [/\bLS0tLS1CRUdJTiB[A-Za-z0-9+/]*?QUklWQVRFIEtFWS[A-Za-z0-9+/=]*/g, hidden],
  [/\bLS0tLS1CRUdJTi[A-Za-z0-9+/]*?(?:UFJJVkFURSBLRVkt|BSSVZBVEUgS0VZ|QUklWQVRFIEtFWS)[A-Za-z0-9+/=]*/g, hidden],
  // AWS: secret keys and session tokens as variables, JSON or headers; tokens for EKS.
  [/((?:aws_)?(?:secret_?access_?key|session_?token)"?\s*[:=]\s*"?)[A-Za-z0-9+/=]{16,}/gi, `$1${hidden}`],
  [/\bk8s-aws-v1\.[A-Za-z0-9_-]+/g, hidden],
  [/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"]+/g, `$1${hidden}`],
];

/** The text without its secrets. */
export function redact(text: string): string {
  return patterns.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}
