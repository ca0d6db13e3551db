import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root, without a slash at the end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** A TypeScript file of the repository. */
export interface Source {
  /** From the root. */
  path: string
  text: string
  /** What its import and export statements and dynamic imports name: a path from the root, or a package. */
  imports: string[]
}

const statement = /^(?:import|export)\b[^'"`]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm

/** Every TypeScript file below a folder, tests included. */
export function sourcesOf(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
    .map(readSource)
}

/** Names of the folders in a folder, sorted. */
export function foldersOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => entry.name)
    .sort()
}

/** The file's text. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

export function isTest({ path }: Source): boolean {
  return path.endsWith('.test.ts')
}

/** The text without comments. */
export function codeOf({ text }: Source): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

function readSource(path: string): Source {
  const text = textOf(path)
  const imports = [...text.matchAll(statement)].map(([, from, bare, dynamic]) => {
    const name = from ?? bare ?? dynamic ?? ''
    return name.startsWith('.') ? join(dirname(path), name) : name
  })
  return { path, text, imports }
}
