/** Fail the build when the map page's first script outgrows its budget (design §6: 250 KB gzip). */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_BYTES = 250 * 1024
const DIST = new URL('../dist/', import.meta.url)

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
}

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8')) as Record<string, Chunk>
const initial = new Set<string>()

function collect(key: string): void {
  const chunk = manifest[key]
  if (!chunk || initial.has(chunk.file)) return
  initial.add(chunk.file)
  for (const imported of chunk.imports ?? []) collect(imported)
}

for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) collect(key)
if (initial.size === 0) throw new Error('no entry chunk in the manifest')

let total = 0
for (const file of [...initial].sort()) {
  const bytes = gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length
  total += bytes
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB gzip  ${file}`)
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KB gzip  map page script, budget ${BUDGET_BYTES / 1024} KB`)
if (total > BUDGET_BYTES) {
  console.error('The map page script is over its budget.')
  process.exit(1)
}
