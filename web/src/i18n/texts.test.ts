import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import palette from '../../palette.json' with { type: 'json' }
import { en } from './en.ts'
import { zh } from './zh.ts'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') texts.set(prefix + key, value)
    else for (const [deeper, text] of flat(value, `${prefix}${key}.`)) texts.set(deeper, text)
  }
  return texts
}

const chinese = flat(zh)
const english = flat(en)
const SOURCE = new URL('..', import.meta.url)

function sources(): string {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(vue|ts)$/.test(file) && !file.startsWith('i18n') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, SOURCE), 'utf8'))
    .join('\n')
}

test('both languages have the same texts with the same blanks', () => {
  assert.deepEqual([...english.keys()].sort(), [...chinese.keys()].sort())
  const blanks = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()
  for (const [key, text] of chinese) assert.deepEqual(blanks(english.get(key) ?? ''), blanks(text), key)
})

test('no text is empty, and no English text was forgotten in Chinese', () => {
  for (const [key, text] of [...chinese, ...english]) assert.notEqual(text.trim(), '', key)
  for (const [key, text] of english) {
    if (key !== 'nav.language' && key !== 'nav.languageName') assert.doesNotMatch(text, /\p{Script=Han}/u, key)
  }
})

test('no text is left that nobody shows', () => {
  const code = sources()
  for (const key of chinese.keys()) {
    const group = key.slice(0, key.lastIndexOf('.'))
    assert.ok(code.includes(`'${key}'`) || code.includes(`${group}.\${`), key)
  }
})

test('the icon wears the four colours of the palette', () => {
  const icon = readFileSync(new URL('../../public/favicon.svg', import.meta.url), 'utf8')
  for (const grade of ['major', 'large', 'general', 'low'] as const) assert.ok(icon.includes(palette.grades[grade].fill))
})
