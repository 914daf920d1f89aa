/** What stands round the map in a file: title, imprint, legend, search. */
import type { Filter } from '../api/filter.ts'
import { legendAt, type LayersShown, type LegendEntry } from '../map/legend.ts'
import { paintSwatch, swatchSize } from '../map/swatch.ts'
import { minuteOf } from '../parts/format.ts'
import type { FilePoint, MapContent } from './content.ts'
import { button, element } from './dom.ts'
import { badge, countsRow } from './explain.ts'
import type { Words } from './texts.ts'

/** Hits shown of a search; a person types one letter more rather than reading further. */
const MOST_HITS = 12
/** Samples are drawn finer than the screen: they are small, and sharp is read faster. */
const SWATCH_RATIO = 2

export function headPanel(words: Words, content: MapContent, switchLanguage: () => void): HTMLElement {
  const { imprint } = content
  const { t } = words
  const language = button(t('nav.language'), switchLanguage, { class: 'language', 'aria-label': t('nav.languageName') })
  return element('header', { class: 'head' }, [
    element('h1', {}, [words.pick(imprint.title)]),
    imprint.demo && element('span', { class: 'demo', title: t('demoHint') }, [t('demo')]),
    element('span', { class: 'space' }),
    language,
  ])
}

/** Everything a reader must know before believing the map. */
export function imprintPanel(words: Words, content: MapContent): HTMLElement {
  const { imprint, left_out: leftOut } = content
  const { t, pick, count } = words
  const conditions = imprint.conditions.map((one) => `${pick(one.name)}: ${pick(one.value)}`)
  const methods = imprint.methods.map((one) =>
    t('paper.methodUse', { title: pick(one.title), version: one.version, n: count(one.points) }),
  )
  const rows: [string, string][] = [
    [t('paper.scope'), [...imprint.ancestors, imprint.territory].map((one) => one.name).join(' › ')],
    [t('paper.view'), t(`view.${imprint.view}`)],
    [t('paper.basis'), t(`basis.${imprint.basis}`)],
    [t('paper.filter'), conditions.join('; ') || t('paper.noFilter')],
    [t('paper.methods'), methods.join('; ') || t('paper.noMethods')],
  ]
  const notes = [
    imprint.positions.none > 0 && t('paper.notPlaced', { n: count(imprint.positions.none) }),
    leftOut.points > 0 &&
      t('paper.leftOutPoints', { n: count(content.points.length), left: count(leftOut.points) }),
    ...leftOut.cell_levels.map((level) => t('paper.leftOutCells', { level })),
    t('paper.madeBy', { name: imprint.made_by }),
    t('paper.madeAt', { time: minuteOf(imprint.made_at) }),
    imprint.last_recorded_at !== null && t('paper.asOf', { time: minuteOf(imprint.last_recorded_at) }),
    t('paper.asFile'),
    pick(imprint.boundary_note),
    imprint.approval !== null && t('paper.approval', { text: imprint.approval }),
    imprint.demo && t('paper.demoNote'),
    t('paper.version', { version: imprint.version }),
  ]
  return element('section', { class: 'imprint' }, [
    countsRow(words, imprint.counts, imprint.grades),
    element('p', { class: 'total' }, [`${t('paper.total')} ${count(imprint.counts.total)}`]),
    element('dl', {}, rows.flatMap(([name, value]) => [element('dt', {}, [name]), element('dd', {}, [value])])),
    ...notes.map((note) => (note ? element('p', { class: 'note' }, [note]) : null)),
  ])
}

export function legendPanel(words: Words, zoom: number, shown: { filter: Filter; layers: LayersShown }): HTMLElement {
  const { t } = words
  const legend = legendAt(zoom, shown.filter, shown.layers)
  return element('section', { class: 'legend', 'aria-label': t('legend.label') }, [
    element('ul', {}, legend.entries.map((entry) => legendRow(words, entry))),
    ...legend.notes.map((note) => element('p', { class: 'note' }, [t(`legend.${note}`)])),
  ])
}

function legendRow(words: Words, entry: LegendEntry): HTMLElement {
  const { t } = words
  const text = entry.mark === 'grade' && entry.grade ? t(`grade.${entry.grade}`) : t(`legend.${entry.mark as 'corner'}`)
  const [width, height] = swatchSize(entry)
  const canvas = element('canvas', { width: String(width * SWATCH_RATIO), height: String(height * SWATCH_RATIO) })
  canvas.style.width = `${width}px`
  const context = canvas.getContext('2d')
  context?.scale(SWATCH_RATIO, SWATCH_RATIO)
  if (context) paintSwatch(context, entry, { letters: words.letters, textured: false })
  return element('li', { 'data-mark': entry.grade ?? entry.mark }, [canvas, text])
}

export interface Found {
  text: string
  point: FilePoint | null
  /** A district's key or a cell's code, where it is no point. */
  place: { kind: 'territory' | 'cell'; key: string } | null
}

export function search(content: MapContent, typed: string): Found[] {
  const words = typed.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const holds = (...texts: (string | null | undefined)[]): boolean => {
    const text = texts.join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  const found: Found[] = []
  for (const { key, name } of content.imprint.districts) {
    if (holds(name, key)) found.push({ text: name, point: null, place: { kind: 'territory', key } })
  }
  for (const cells of Object.values(content.cells)) {
    for (const [code] of cells) {
      if (found.length >= MOST_HITS) break
      if (words[0] === code.toLowerCase()) found.push({ text: code, point: null, place: { kind: 'cell', key: code } })
    }
  }
  for (const point of content.points) {
    if (found.length >= MOST_HITS) break
    if (holds(point.name, point.number, point.enterprise?.name)) {
      found.push({ text: [point.name, point.enterprise?.name].filter(Boolean).join(' · '), point, place: null })
    }
  }
  return found
}

export function searchPanel(words: Words, content: MapContent, go: (found: Found) => void): HTMLElement {
  const { t } = words
  const field = element('input', { type: 'search', placeholder: t('paper.search'), 'aria-label': t('paper.search') })
  const hits = element('ul', { class: 'hits', 'aria-live': 'polite' })
  field.addEventListener('input', () => {
    const found = search(content, field.value)
    hits.replaceChildren(
      ...found.map((one) => {
        const row = button(one.text, () => go(one), { class: 'row' })
        if (one.point) row.prepend(badge(words, one.point.grade))
        return element('li', {}, [row])
      }),
    )
    if (field.value.trim() && found.length === 0) hits.append(element('li', { class: 'note' }, [t('paper.noMatch')]))
  })
  return element('div', { class: 'search', role: 'search' }, [field, hits])
}
