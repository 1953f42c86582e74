/** Generated secrets in every form in which one is printed, and lines that only look like them. */
import fc from 'fast-check';

const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const alphabet64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const made = (letters: string, length: number, maxLength = length): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: length, maxLength });

/** The text in base64. */
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A secret as it is printed, with the parts of it that must not be found. */
export interface Planted {
  readonly text: string;
  readonly secrets: readonly string[];
}

/** Keys in lines of 64 characters. */
export const pems: fc.Arbitrary<Planted> = fc
  .record({
    kind: fc.constantFrom('RSA ', 'EC ', '', 'ENCRYPTED ', 'OPENSSH '),
    lines: fc.array(made(alphabet64, 64), { minLength: 1, maxLength: 30 }),
    last: made(alphabet64, 20, 63),
  })
  .map(({ kind, lines, last }) => ({
    text: [`-----BEGIN ${kind}PRIVATE KEY-----`, ...lines, `${last}=`, `-----END ${kind}PRIVATE KEY-----`].join('\n'),
    secrets: [...lines, last],
  }));

const wrapped = (text: string, width: number): string => text.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? '';

/** What of base64 would be enough to be worth something. */
const slices = (text: string): readonly string[] => text.match(/.{32}/g)?.slice(2) ?? [];

/** The same of base64 that stands in lines; the first one tells no more than that it is a key. */
const lineSlices = (text: string, width = 76): readonly string[] => {
  const lines = wrapped(text, width).split('\n').slice(1);
  return lines.flatMap((line) => line.match(/.{32}/g) ?? []);
};

/** A key in the forms in which one is printed. */
export const keys: fc.Arbitrary<Planted> = fc.oneof(
  pems,
  pems.map(({ text, secrets }) => ({ text: `${text}\n`.replace(/^/gm, '    '), secrets })),
  pems.map(({ text, secrets }) => ({ text: text.replaceAll('\n', '\r\n'), secrets })),
  pems.map(({ text, secrets }) => ({ text: text.replaceAll('\n', ' '), secrets })),
  pems.map(({ text, secrets }) => ({ text: JSON.stringify({ 'tls.key': text, after: 1 }), secrets })),
  pems.map(({ text, secrets }) => ({ text: JSON.stringify(JSON.stringify({ key: text })), secrets })),
  pems.map(({ text }) => ({ text: `client-key-data: ${base64(text)}`, secrets: slices(base64(text)) })),
  pems.map(({ text }) => ({ text: `"x": "${base64(text)}"`, secrets: slices(base64(text)) })),
  pems.map(({ text }) => ({ text: wrapped(base64(text), 76), secrets: lineSlices(base64(text)) })),
  pems.map(({ text }) => ({ text: JSON.stringify(wrapped(base64(text), 64)), secrets: lineSlices(base64(text), 64) })),
  pems.map(({ text }) => {
    const twice = base64(JSON.stringify({ users: [{ user: { 'client-key-data': base64(text) } }] }));
    return { text: `kubeconfig: ${twice}`, secrets: slices(twice) };
  }),
);

const inForms = (name: string, value: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    `${name}=${value}`,
    `${name}: ${value}`,
    `${name} = ${value}`,
    JSON.stringify({ [name]: value }),
    JSON.stringify({ [name]: value }, undefined, 2),
    JSON.stringify(JSON.stringify({ [name]: value })),
    `export ${name}='${value}'`,
    `<${name}>${value}</${name}>`,
  );

const named = (names: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<Planted> =>
  fc
    .tuple(fc.constantFrom(...names), values)
    .chain(([name, value]) => inForms(name, value).map((text) => ({ text, secrets: [value] })));

const whole = (values: fc.Arbitrary<string>, secretOf: (value: string) => string): fc.Arbitrary<Planted> =>
  values.map((value) => ({ text: value, secrets: [secretOf(value)] }));

const afterDot = (token: string): string => token.split('.').at(-1) ?? '';

/** Tokens and AWS keys, each in a line. */
export const small: fc.Arbitrary<Planted> = fc.oneof(
  whole(
    fc.tuple(made(lower, 6), made(lower, 16)).map((parts) => parts.join('.')),
    afterDot,
  ),
  whole(
    fc.tuple(made(lower, 6), made(lower, 16)).map((parts) => `kubectl karmada register h:1 --token ${parts.join('.')}`),
    afterDot,
  ),
  named(['aws_secret_access_key', 'AWS_SECRET_ACCESS_KEY', 'SecretAccessKey'], made(alphabet64, 40)),
  named(['aws_session_token', 'AWS_SESSION_TOKEN', 'SessionToken', 'X-Amz-Security-Token'], made(alphabet64, 100, 400)),
  whole(
    fc.tuple(fc.constantFrom('AKIA', 'ASIA'), made(upper, 16)).map((parts) => parts.join('')),
    (id) => id.slice(4),
  ),
  whole(
    made(`${lower}_-`, 40, 300).map((token) => `k8s-aws-v1.${token}`),
    (token) => token.slice(11),
  ),
  named(
    ['token'],
    made(`${lower}_-`, 40, 300).map((token) => `k8s-aws-v1.${token}`),
  ),
);

const letters = `${lower}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const passwords = made(`${letters}!$%.~_+@-`, 8, 40).filter((password) => /^[a-zA-Z0-9].*[a-zA-Z0-9]$/.test(password));
const users = made(lower, 1, 12);

/** As it is, in JSON, in JSON that is in JSON, and after the end of a line in JSON. */
const inTexts = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    text,
    JSON.stringify({ line: text, after: 1 }),
    JSON.stringify(JSON.stringify({ line: text })),
    JSON.stringify(JSON.stringify([`before\n${text}`, 2])),
  );

const printed = (values: fc.Arbitrary<string>, print: (value: string) => readonly string[]): fc.Arbitrary<Planted> =>
  values.chain((value) =>
    fc
      .constantFrom(...print(value))
      .chain(inTexts)
      .map((text) => ({ text, secrets: [value] })),
  );

/** Passwords and tokens for other services than Kubernetes and AWS. */
export const foreign: fc.Arbitrary<Planted> = fc.oneof(
  fc
    .tuple(fc.constantFrom('http', 'https', 'socks5h', 'git+ssh'), users)
    .chain(([scheme, user]) =>
      printed(passwords, (password) => [
        `proxy ${scheme}://${user}:${password}@proxy.example:3128/x refused`,
        `HTTPS_PROXY=${scheme}://${password}@proxy.example`,
      ]),
    ),
  printed(passwords, (password) => [
    `login --client-secret ${password}`,
    `login --client-secret=${password} --now`,
    `login --registry-password "${password}"`,
    `["login","--client-secret","${password}"]`,
    `client_secret=${password}&scope=x`,
    `clientSecret: '${password}'`,
    `password = ${password}`,
    `{"client_secret":"${password}","n":1}`,
  ]),
  fc
    .tuple(users, passwords)
    .chain(([user, password]) =>
      printed(fc.constant(base64(`${user}:${password}`)), (pair) => [
        `Authorization: Basic ${pair}`,
        `proxy-authorization: basic ${pair}`,
        `{"Authorization":"Basic ${pair}"}`,
        `{"auths":{"r.example":{"auth":"${pair}"}}}`,
        `auth: ${pair}`,
      ]),
    ),
  fc
    .constantFrom('ghp_', 'gho_', 'ghs_', 'github_pat_', 'glpat-', 'npm_', 'xoxb-', 'dckr_pat_')
    .chain((start) => printed(made(letters, 36), (token) => [`${start}${token}`, `using ${start}${token} now`])),
);

/** Lines that look a little like secrets, and are none. */
export const plain: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'subnet-0123456789abcdef0 in eu-west-1a',
    'arn:aws:eks:eu-west-1:111122223333:cluster/demo-parent',
    'https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
    `sha256:${'0a'.repeat(32)}`,
    '{"kind":"Secret","metadata":{"name":"karmada-cert"}}',
    'I1122 12:23:28.7  1 deploy.go:1] Create karmada kube controller manager Deployment',
    '2026-11-22 12:08:02 [ℹ]  building cluster stack "eksctl-demo-cluster"',
    'the PRIVATE KEY is in karmada-cert',
    'auth: certificate, Basic authentication is off',
    'git clone https://github.com/karmada-io/karmada@v1.18.2',
    'npm_config_registry and --token-ttl 15m and --password-stdin',
    '{"password":null,"auth":{"kind":"none"},"client_secret":false}',
    '-----BEGIN CERTIFICATE-----',
    '',
  ),
  fc.string({ unit: fc.constantFrom(...'abc XYZ-:."{}'), maxLength: 60 }).map((text) => `- ${text}.`),
);
