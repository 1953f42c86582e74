/** Redacts secrets from text before it is written anywhere. The only place that knows what a secret looks like. */
import { PrivateKeys } from './private-keys.js';

const hidden = '<hidden>';

/**
 * Each pattern with its replacement; `$1` keeps the part that shows what was there. JSON stands inside JSON in journals
 * and annotations: a quote may have backslashes before it, and what begins a line may come right after `\n`, where
 * there is no word boundary. Quotes stay, so that JSON stays JSON.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  // The rest of a key whose beginning is not in the text.
  [/^(?:[A-Za-z0-9+/=]{8,76}\r?\n){1,250}-----END [A-Z0-9 ]*PRIVATE KEY-----/gm, hidden],
  // Bootstrap tokens of Kubernetes and Karmada: their secret half; the id before the dot is no secret.
  [/(?<=^|\\[nrt]|[^a-z0-9])([a-z0-9]{6})\.[a-z0-9]{16}\b/g, `$1.${hidden}`],
  // Keys and tokens as fields of kubeconfigs and Secrets, in YAML or JSON.
  [
    /((?:key-data|\.key|token-secret|client-secret|password)\\*["']?\s*:\s*\\*["']?)[A-Za-z0-9+/=_.-]{8,}/g,
    `$1${hidden}`,
  ],
  [/(token\\*["']?\s*[:=]\s*\\*["']?)[A-Za-z0-9+/=_.-]{16,}/gi, `$1${hidden}`],
  // Environment variables of containers, by their names.
  [
    /("name\\*"\s*:\s*\\*"[^"\\]{0,200}?(?:token|secret|password|key)[^"\\]{0,200}\\*"\s*,\s*\\*"value\\*"\s*:\s*\\*")[^"\\]+/gi,
    `$1${hidden}`,
  ],
  // AWS: secret keys and session tokens as variables, JSON, XML or headers; key ids; tokens for EKS.
  [
    /((?:aws_)?(?:secret_?access_?key|session_?token|security-token)\\*["']?\s*[:=>]\s*\\*["']?)[A-Za-z0-9+/=]{16,}/gi,
    `$1${hidden}`,
  ],
  [/(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}\b/g, `$1${hidden}`],
  [/k8s-aws-v1\.[A-Za-z0-9_-]+/g, hidden],
  [/(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"\\]+/g, `$1${hidden}`],
  // Tokens of service accounts, and other credentials that a client sends.
  [/eyJ[\w-]{8,1024}\.eyJ[\w-]{8,}\.[\w-]*/g, hidden],
  [/(Bearer )[\w.~+/=-]{16,}/gi, `$1${hidden}`],
  [/(authorization\\*["']?\s*[:=]\s*\\*["']?(?:basic|digest|token|negotiate)\s+)[^\s"'\\,]+/gi, `$1${hidden}`],
  // User and password of a proxy or a repository in its address; printable, for bytes that were decoded are searched too.
  [/(?<=[a-z0-9+.-]{2}:\/\/)[!#-&(-.0-;=?-[\]-~]{1,500}@/gi, `${hidden}@`],
  // Flags, in a line or a list of arguments; of a bootstrap token the id stays.
  [
    /(--(?:[a-z-]{0,40}-)?(?:secret|password|token|api-key)(?:=|[ \t]+|\\*"\s*,\s*\\*")\\*["']?)(?![a-z0-9]{6}\.<hidden>|--)[^\s"'\\]+/gi,
    `$1${hidden}`,
  ],
  // Values in JSON must be strings to be replaced; elsewhere they end where a form's, a list's or a line's do.
  [/((?:client[-_]?secret|passw(?:or)?d)\\*"\s*:\s*\\*")[^"\\\r\n]+/gi, `$1${hidden}`],
  [
    /((?:client[-_]?secret|passw(?:or)?d)'?[ \t]*[:=][ \t]*\\*["']?)(?:(?<=["'])[^"'\\\r\n]+|[^\s"'\\&,;]+)/gi,
    `$1${hidden}`,
  ],
  // Cookies, and headers of keys.
  [/((?:set-)?cookie\\*["']?\s*:\s*\\*["']?)[^"'\\\r\n]+/gi, `$1${hidden}`],
  [/(x-(?:api-key|vault-token|auth-token)\\*["']?\s*[:=]\s*\\*["']?)[^\s"'\\,]+/gi, `$1${hidden}`],
  // Variables and fields whose name ends in what keeps a secret.
  [
    /((?<![A-Za-z0-9])[A-Za-z0-9_.-]{0,60}(?:_pass|_pwd|_passphrase|api_?key|account_?key|_token|apitoken)\\*["']?\s*[:=]\s*\\*["']?)(?!<hidden>)[^\s"'\\,;&]{6,}/gi,
    `$1${hidden}`,
  ],
  [/(aws_secret_access_key[ \t]+)[^\s"'\\]+/gi, `$1${hidden}`],
  // Identities of age (C2SP, age.md): bech32, in capitals.
  [/(AGE-(?:SECRET-KEY(?:-PQ)?|PLUGIN-[A-Z0-9-]{1,40}?)-1)[A-Z0-9]{8,}/gi, `$1${hidden}`],
  // Webhooks of Slack, keys of Google and Stripe, by their form.
  [/(hooks\.slack\.com\/services\/)[\w/]+/g, `$1${hidden}`],
  [/(?<![\w-])(AIza|sk_live_|rk_live_|hvs\.)[\w-]{8,}/g, `$1${hidden}`],
  // Tokens of GitHub, GitLab, npm, Docker Hub and Slack, by the beginnings that their publishers give them to be found.
  [
    /(gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat)-|npm_|dckr_pat_|xox[a-z]-|xapp-)[\w-]{20,}/g,
    `$1${hidden}`,
  ],
];

/** `auth` in Docker's configuration: base64 of user and password. What is no such pair, a word, stays. */
const dockerAuth = /(auth\\*["']?\s*:\s*\\*["']?)([A-Za-z0-9+/]{4,}={0,2})/g;

function isPair(value: string): boolean {
  return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'));
}

/** Takes the secrets out of a text that comes in pieces of whole lines: a key may begin in one and end in another. */
export type Redactor = (piece: string) => string;

/** A redactor for one text: a file, the output of a program. */
export function makeRedactor(): Redactor {
  return layerOf(2);
}

/** Base64 of some length, also in lines, in a JSON text; a line end right before it is none of it. */
const encoded = /((?<!\\)\\+[nrt])?([A-Za-z0-9+/]{40,}(?:\\+n[A-Za-z0-9+/]{16,})*={0,2})/g;

/** The whole text without its secrets. */
export function redact(text: string): string {
  return makeRedactor()(text);
}

/** Base64 may be nested: a Secret contains a kubeconfig that contains a key. Maximum nesting that is decoded. */
function layerOf(depth: number): Redactor {
  const isSecret = (run: string): boolean =>
    depth > 0 && decodings(run).some((text) => layerOf(depth - 1)(text) !== text);
  const keys = new PrivateKeys(hidden, isSecret);
  return (piece) => {
    const clean = patterns
      .reduce((text, [pattern, instead]) => text.replace(pattern, instead), keys.takeOut(piece))
      .replace(dockerAuth, (all: string, before: string, value: string) =>
        isPair(value) ? `${before}${hidden}` : all,
      );
    return clean.replace(encoded, (all: string, lineEnd: string | undefined, run: string) => {
      return isSecret(run.replaceAll(/\\+n/g, '')) ? `${lineEnd ?? ''}${hidden}` : all;
    });
  };
}

/** Possible decodings: with other characters right before it, base64 begins one to three characters later. */
function decodings(run: string): readonly string[] {
  return [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString('latin1'));
}
