/** Finds what a file imports, and what of that the table of fences does not allow. */
import { posix } from 'node:path';
import { type Expression, type ImportDeclaration, parseSync, type StringLiteral, Visitor } from 'oxc-parser';
import { expect } from 'vitest';
import { awsClients, packages, rows } from './table.js';

/** One import, as it stands in the file. */
interface Import {
  readonly specifier: string;
  /** Names of values; types are not among them. */
  readonly values: readonly string[];
}

/** They put a program together out of everything. */
const compositionRoots: readonly string[] = ['main.ts', 'backup-job.ts'];

/** What `path`, below `src`, must not import: one line each. */
export function offences(path: string, text: string): readonly string[] {
  return importsIn(path, text).flatMap((each) => [...wrongFolder(path, each), ...wrongPackage(path, each)]);
}

function wrongFolder(path: string, { specifier }: Import): readonly string[] {
  if (!specifier.startsWith('.')) return [];
  const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
  const row = rowOf(path);
  if (compositionRoots.includes(path) || row?.folder === rowOf(target)?.folder) return [];
  if (row?.may.some((place) => isIn(target, place)) === true && isIn(target, 'world/real') === false) return [];
  return [`${path} must not import ${target}: ${row?.why ?? 'its folder has no row in the table'}`];
}

function wrongPackage(path: string, { specifier, values }: Import): readonly string[] {
  const isOutside = (only: readonly string[]): boolean => !only.some((place) => isIn(path, place));
  const wrong = packages.filter(({ names, only }) => names.some((name) => matches(specifier, name)) && isOutside(only));
  const makesClient = matches(specifier, awsClients.names) && values.some((name) => awsClients.imported.test(name));
  return [
    ...wrong.map(({ why }) => `${path} must not import ${specifier}: ${why}`),
    ...(makesClient && isOutside(awsClients.only)
      ? [`${path} must not make a client of ${specifier}: take the port's send`]
      : []),
  ];
}

function matches(specifier: string, name: string): boolean {
  return name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name;
}

/** The row of the deepest folder. */
function rowOf(path: string): (typeof rows)[number] | undefined {
  return rows.filter(({ folder }) => isIn(path, folder)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function importsIn(path: string, text: string): readonly Import[] {
  const { program, errors } = parseSync(path, text);
  expect(errors, path).toEqual([]);
  const found: Import[] = [];
  const add = (source: Expression | StringLiteral | null, values: readonly string[] = []): void => {
    if (source?.type === 'Literal' && typeof source.value === 'string') found.push({ specifier: source.value, values });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, valuesOf(node)),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
  }).visit(program);
  return found;
}

function valuesOf({ importKind, specifiers }: ImportDeclaration): readonly string[] {
  if (importKind === 'type') return [];
  return specifiers.flatMap((each) => {
    if (each.type !== 'ImportSpecifier' || each.importKind === 'type') return [];
    return each.imported.type === 'Identifier' ? [each.imported.name] : [];
  });
}

/** The table for docs/architecture.md. */
export function fencesForDocs(): string {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || 'nothing';
  return [
    '| folder | may import | because |',
    '| --- | --- | --- |',
    ...rows.map(({ folder, may, why }) => `| \`${folder}\` | ${list(may)} | ${why} |`),
    '',
    '| package | only in | because |',
    '| --- | --- | --- |',
    ...packages.map(({ names, only, why }) => `| ${list(names)} | ${list(only)} | ${why} |`),
    `| a client of \`@aws-sdk\` | ${list(awsClients.only)} | elsewhere the port's \`send\` is used |`,
  ].join('\n');
}
