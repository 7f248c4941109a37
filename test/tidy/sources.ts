/**
 * What the tidy rules look at: the project's TypeScript files, parsed, with the modules each one imports.
 *
 * A `Sources` is made from plain texts, so that the rules can be shown small invented projects as well as the real one.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export interface Import {
  /** As written: `../base/bytes.js`, `node:fs`. */
  readonly specifier: string
  /** The imported file (`src/base/bytes.ts`), or undefined when it is not a relative path or there is no such file. */
  readonly target: string | undefined
  /** `import type`: nothing of it is left when the program runs. `import { type A }` still loads the module. */
  readonly isErased: boolean
  readonly line: number
}

export interface Source {
  /** From the root of the project, with '/': `src/base/bytes.ts`. */
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
}

export type Sources = ReadonlyMap<string, Source>

/** The nearest folder above this file, compiled or not, that holds the project's package.json. */
export function findRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'spinel') return folder
    if (folder === dirname(folder)) throw new Error('no package.json of spinel above this test')
  }
}

/** Every file below `folder` whose name ends in one of `endings`, from path to text. */
export function readTexts(root: string, folder: string, endings: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>()
  if (!existsSync(join(root, folder))) return texts
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      for (const [inner, text] of readTexts(root, path, endings)) texts.set(inner, text)
    } else if (endings.some((ending) => path.endsWith(ending))) {
      texts.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  return texts
}

export function parse(texts: ReadonlyMap<string, string>): Sources {
  const sources = new Map<string, Source>()
  for (const [path, text] of texts) {
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    sources.set(path, { path, text, tree, imports: importsOf(tree, texts) })
  }
  return sources
}

/** Calls `see` for each node of the tree, outer ones first. */
export function walk(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => walk(child, see))
}

export function lineOf(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1
}

function importsOf(tree: ts.SourceFile, texts: ReadonlyMap<string, string>): Import[] {
  const imports: Import[] = []
  walk(tree, (node) => {
    const literal = specifierOf(node)
    if (literal === undefined) return
    const specifier = literal.text
    imports.push({
      specifier,
      target: resolve(tree.fileName, specifier, texts),
      isErased: isErased(node),
      line: lineOf(tree, literal.getStart(tree)),
    })
  })
  return imports
}

/** The string that names a module in `import`, `export … from`, `import()` and `typeof import()`. */
function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  let named: ts.Node | undefined
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) named = node.moduleSpecifier
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) named = node.argument.literal
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) named = node.arguments[0]
  return named !== undefined && ts.isStringLiteralLike(named) ? named : undefined
}

function isErased(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  return ts.isImportTypeNode(node)
}

function resolve(from: string, specifier: string, texts: ReadonlyMap<string, string>): string | undefined {
  if (!specifier.startsWith('.') || !specifier.endsWith('.js')) return undefined
  const target = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
  return texts.has(target) ? target : undefined
}
