/**
 * The rules of the house that a compiler does not know: which layer may import which, who may touch the platform, what
 * must not be left behind. Each rule is a function from sources to findings; test/tidy.test.ts runs them.
 */
import ts from 'typescript'
import { lineOf, type Source, type Sources, walk } from './sources.js'

/** What is wrong and where: `src/base/glob.ts:12 imports upward`. */
export type Finding = string

// --- layers -----------------------------------------------------------------------------------------------------

/** Folders of src/, lowest first. A folder imports from itself and from lines above its own, not from its own line. */
const LAYERS: readonly (readonly string[])[] = [
  ['base'],
  ['memory'],
  ['structures', 'protocol'],
  ['config'],
  ['keyspace'],
  ['engine'],
  ['acl', 'pubsub', 'persistence', 'scripting', 'introspection'],
  ['replication'],
  ['cluster', 'sentinel'],
  ['commands'],
  ['server'],
  ['embed', 'cli'],
]

/** Stands beside the layers: it implements interfaces of base, and only those who put a whole together may name it. */
const PLATFORM = 'platform'
const PLATFORM_IMPORTS = ['base']
const PLATFORM_USERS = ['server', 'embed', 'cli']

export function importDirection(sources: Sources): Finding[] {
  return eachImport(sources, (source, { specifier, target }) => {
    const from = folderOf(source.path)
    if (from !== PLATFORM && !LAYERS.some((layer) => layer.includes(from)))
      return `is in no known layer (${from || 'src'})`
    if (specifier.startsWith('node:')) return undefined // platformCalls knows who may
    if (!specifier.startsWith('.')) return `imports the package '${specifier}'`
    if (target === undefined) return `imports '${specifier}', which is not a source file named with .js`
    if (!target.startsWith('src/')) return `imports '${specifier}' from outside src`
    const to = folderOf(target)
    return from === to || mayImport(from, to) ? undefined : `imports ${to} from ${from}`
  })
}

function mayImport(from: string, to: string): boolean {
  if (from === PLATFORM) return PLATFORM_IMPORTS.includes(to)
  if (to === PLATFORM) return PLATFORM_USERS.includes(from)
  return layerOf(to) < layerOf(from)
}

function layerOf(folder: string): number {
  const layer = LAYERS.findIndex((folders) => folders.includes(folder))
  return layer < 0 ? LAYERS.length : layer
}

/** `src/base/bytes.ts` → `base`; '' for a file directly in src. */
function folderOf(path: string): string {
  return path.split('/').slice(1, -1)[0] ?? ''
}

function eachImport(
  sources: Sources,
  judge: (source: Source, item: Source['imports'][number]) => string | undefined,
): Finding[] {
  const findings: Finding[] = []
  for (const source of sources.values()) {
    for (const item of source.imports) {
      const fault = judge(source, item)
      if (fault !== undefined) findings.push(`${source.path}:${item.line} ${fault}`)
    }
  }
  return findings
}

// --- cycles and dead files --------------------------------------------------------------------------------------

/**
 * Files that load each other in a circle, where the order in which they start would decide what works. `import type`
 * loads nothing: a part may name the type of its owner. Between folders, importDirection forbids that as well.
 */
export function importCycles(sources: Sources): Finding[] {
  const findings: Finding[] = []
  const done = new Set<string>()
  const trail: string[] = []

  const visit = (path: string): void => {
    if (done.has(path)) return
    const start = trail.indexOf(path)
    if (start >= 0) {
      findings.push(`import cycle: ${[...trail.slice(start), path].join(' → ')}`)
      return
    }
    trail.push(path)
    for (const { target, isErased } of sources.get(path)!.imports) {
      if (target !== undefined && !isErased) visit(target)
    }
    trail.pop()
    done.add(path)
  }

  for (const path of sources.keys()) visit(path)
  return findings
}

/**
 * Files that no entry point reaches, however many steps it takes. A test that imports a file does not make it live.
 *
 * @param waiting  files, or folders ending in '/', whose caller is still to come; one that is no longer needed is a finding
 */
export function deadFiles(sources: Sources, entries: readonly string[], waiting: readonly string[]): Finding[] {
  const live = new Set<string>()
  const reach = (path: string): void => {
    if (live.has(path)) return
    live.add(path)
    for (const { target } of sources.get(path)?.imports ?? []) if (target !== undefined) reach(target)
  }
  for (const entry of entries) reach(entry)

  const dead = [...sources.keys()].filter((path) => !live.has(path))
  const covers = (item: string, path: string): boolean => (item.endsWith('/') ? path.startsWith(item) : path === item)
  return [
    ...dead
      .filter((path) => !waiting.some((item) => covers(item, path)))
      .map((path) => `${path} is reached from no entry point`),
    ...waiting
      .filter((item) => !dead.some((path) => covers(item, path)))
      .map((item) => `${item} is listed as waiting for a caller, and has one`),
  ]
}

// --- the platform -----------------------------------------------------------------------------------------------

/** Names that reach the world outside: time, chance, the process, its streams. They come in through base/environment. */
const PLATFORM_NAMES = new Set([
  'Date',
  'Buffer',
  'NodeJS',
  'process',
  'performance',
  'crypto',
  'console',
  'fetch',
  'globalThis',
  'global',
  'require',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
])

export function platformCalls(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const source of sources.values()) {
    if (folderOf(source.path) === PLATFORM) continue
    for (const { specifier, line } of source.imports) {
      if (specifier.startsWith('node:')) findings.push(`${source.path}:${line} imports '${specifier}'`)
    }
    walk(source.tree, (node) => {
      const name = platformName(node)
      if (name !== undefined) findings.push(`${at(source, node)} uses ${name}`)
    })
  }
  return findings
}

function platformName(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) {
    return PLATFORM_NAMES.has(node.text) && !isMemberName(node) ? node.text : undefined
  }
  const isMath = (inner: ts.Node | undefined): boolean =>
    inner !== undefined && ts.isIdentifier(inner) && inner.text === 'Math'
  if (ts.isPropertyAccessExpression(node))
    return isMath(node.expression) && node.name.text === 'random' ? 'Math.random' : undefined
  if (ts.isElementAccessExpression(node)) return isMath(node.expression) ? 'Math[…]' : undefined
  if (ts.isVariableDeclaration(node)) return isMath(node.initializer) ? 'Math as a value' : undefined
  return undefined
}

/** Whether the identifier names a member (`timer.process`, `{ process: 1 }`, a method) and not a variable. */
function isMemberName(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isQualifiedName(parent)) return parent.right === node
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) {
    return parent.propertyName === node
  }
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isAccessor(parent)) &&
    parent.name === node
  )
}

// --- inside a file ----------------------------------------------------------------------------------------------

/** State at the top of a module would be shared by all stores of the process: `let`, `var`, a static field that changes. */
export function topLevelState(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const source of sources.values()) {
    for (const statement of source.tree.statements) {
      const isVariable =
        ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) === 0
      if (isVariable) findings.push(`${at(source, statement)} declares a variable at the top level`)
    }
    walk(source.tree, (node) => {
      if (!ts.isPropertyDeclaration(node)) return
      const has = (kind: ts.SyntaxKind): boolean => node.modifiers?.some((modifier) => modifier.kind === kind) ?? false
      if (has(ts.SyntaxKind.StaticKeyword) && !has(ts.SyntaxKind.ReadonlyKeyword)) {
        findings.push(`${at(source, node)} declares a static field that is not readonly`)
      }
    })
  }
  return findings
}

export function explicitAny(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const source of sources.values()) {
    walk(source.tree, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) findings.push(`${at(source, node)} uses any`)
    })
  }
  return findings
}

/**
 * A file opens with a comment that says what it is. A command's file may open with its imports instead: what follows
 * them is the command, under a comment of its own.
 */
export function headerComments(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const { path, text, tree } of sources.values()) {
    const isCommand = path.startsWith('src/commands/')
    const first = tree.statements.find((statement) => !isCommand || !ts.isImportDeclaration(statement))
    const isCommented = (position: number): boolean => (ts.getLeadingCommentRanges(text, position) ?? []).length > 0
    const hasHeader = isCommented(ts.getShebang(text)?.length ?? 0)
    if (!hasHeader && !(isCommand && first !== undefined && isCommented(first.getFullStart()))) {
      findings.push(`${path}:1 does not open with a comment that says what it is`)
    }
  }
  return findings
}

const MARKERS: readonly (readonly [RegExp, string])[] = [
  [/\b(TODO|FIXME|XXX|HACK)\b/g, 'unfinished work belongs in the tracker'],
  [/@ts-(ignore|nocheck)\b/g, 'the compiler is silenced'],
  [/\.only\s*\(|\bonly:\s*true\b/g, 'other tests are left out'],
  [/\bconsole\s*\.\s*log\b|\bdebugger\b/g, 'left over from debugging'],
]

/** Things meant to go away before a commit. Strings are not looked at. */
export function leftoverMarkers(sources: Sources): Finding[] {
  const findings: Finding[] = []
  for (const source of sources.values()) {
    const text = withoutLiterals(source)
    for (const [pattern, reason] of MARKERS) {
      for (const match of text.matchAll(pattern)) {
        findings.push(`${source.path}:${lineOf(source.tree, match.index)} has "${match[0]}": ${reason}`)
      }
    }
  }
  return findings
}

/** The text with every string, template and regular expression blanked; positions stay. */
function withoutLiterals(source: Source): string {
  const parts: string[] = []
  let end = 0
  walk(source.tree, (node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
    if (!isText && !ts.isRegularExpressionLiteral(node)) return
    const start = node.getStart(source.tree)
    parts.push(source.text.slice(end, start), ' '.repeat(node.end - start))
    end = node.end
  })
  return parts.join('') + source.text.slice(end)
}

const MACHINE_PATH = /(?<![\w.$}])\/(?:home|root|work|tmp|Users)\/[\w.-]+|\b[A-Z]:\\+Users\b/g

/** Paths of somebody's machine, in comments and strings as well; tests take os.tmpdir(). */
export function machinePaths(texts: ReadonlyMap<string, string>): Finding[] {
  const findings: Finding[] = []
  for (const [path, text] of texts) {
    for (const match of text.matchAll(MACHINE_PATH)) {
      const line = text.slice(0, match.index).split('\n').length
      findings.push(`${path}:${line} names a path of one machine: ${match[0]}`)
    }
  }
  return findings
}

function at(source: Source, node: ts.Node): string {
  return `${source.path}:${lineOf(source.tree, node.getStart(source.tree))}`
}
