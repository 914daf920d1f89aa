/** What a popup says: the counts of a place, and of a point why it has its colour. */
import { GRADES } from '../api/grades.ts'
import type { Counts, Grade, ReasonItem } from '../api/wire.ts'
import { encode } from '../map/beidou.ts'
import type { CellFeature } from '../map/tile-decode.ts'
import { formulaOf, placeOf } from '../parts/format.ts'
import type { FilePoint, MapContent, SharedVerdict } from './content.ts'
import { button, element } from './dom.ts'
import type { Words } from './texts.ts'

/** Rows of a list in a popup; the cell's count beside it is whole. */
const MOST_ROWS = 60

export interface Explainer {
  words: Words
  content: MapContent
  show: (point: FilePoint) => void
}

export function badge(words: Words, grade: Grade): HTMLElement {
  return element('span', { class: `badge ${grade}`, role: 'img', 'aria-label': words.t(`grade.${grade}`) }, [
    words.t(`letter.${grade}`),
  ])
}

export function countsRow(words: Words, counts: Counts, grades: readonly Grade[]): HTMLElement {
  const shown = GRADES.filter((grade) => grades.includes(grade))
  return element(
    'ul',
    { class: 'counts' },
    shown.map((grade) =>
      element('li', { 'data-count': grade }, [
        badge(words, grade),
        element('b', {}, [words.count(counts[grade])]),
        element('small', {}, [words.t(`gradeShort.${grade}`)]),
      ]),
    ),
  )
}

export function pointList({ words, show }: Explainer, points: readonly FilePoint[]): HTMLElement {
  return element(
    'ul',
    { class: 'rows' },
    points.slice(0, MOST_ROWS).map((point) => {
      const row = button(point.name, () => show(point), { class: 'row' })
      row.prepend(badge(words, point.grade))
      return element('li', {}, [row])
    }),
  )
}

export function explainCell(explainer: Explainer, cell: CellFeature): HTMLElement {
  const { words, content } = explainer
  const level = cell.level === 4 ? 4 : 5
  const points = content.points.filter((point) => point.anchor && encode(point.anchor[0], point.anchor[1], level) === cell.code)
  const { total } = cell.counts
  return element('div', { class: 'explained', 'data-card': 'cell' }, [
    element('h2', {}, [cell.code]),
    cell.grade && element('p', {}, [words.t('legend.worst-in-cell')]),
    countsRow(words, cell.counts, content.imprint.grades),
    cell.crossing > 0 && element('p', {}, [`${words.t('drawer.crossing')}: ${words.count(cell.crossing)}`]),
    points.length < total &&
      element('p', {}, [words.t('paper.inCell', { n: words.count(total), kept: words.count(points.length) })]),
    pointList(explainer, points),
  ])
}

export function explainTerritory({ words, content }: Explainer, key: string, name: string): HTMLElement {
  const { imprint } = content
  const counts = key === imprint.territory.key ? imprint.counts : imprint.districts.find((one) => one.key === key)?.counts
  return element('div', { class: 'explained', 'data-card': 'territory' }, [
    element('h2', {}, [name]),
    counts ? countsRow(words, counts, imprint.grades) : null,
    counts ? element('p', {}, [words.t('paper.points', { n: words.count(counts.total) })]) : null,
  ])
}

export function explainStack(explainer: Explainer, points: readonly FilePoint[]): HTMLElement {
  return element('div', { class: 'explained', 'data-card': 'stack' }, [
    element('h2', {}, [explainer.words.t('drawer.stack', { n: points.length })]),
    pointList(explainer, points),
  ])
}

export function explainPoint({ words, content }: Explainer, point: FilePoint): HTMLElement {
  const { t } = words
  const verdict = point.verdict === null ? null : (content.verdicts[point.verdict] ?? null)
  const facts: [string, string | null][] = [
    [t('paper.enterprise'), point.enterprise?.name ?? null],
    [t('paper.place'), point.territory.name],
    [t('point.coordinate'), point.anchor ? placeOf(point.anchor) : null],
    [t('point.position'), point.position === 'inherited' ? t('legend.inherited') : null],
  ]
  return element('div', { class: 'explained', 'data-card': 'point' }, [
    element('h2', {}, [badge(words, point.grade), point.name]),
    element('p', { class: 'sub' }, [[point.number, point.demo ? t('point.demo') : ''].filter(Boolean).join(' · ')]),
    element(
      'dl',
      {},
      facts.flatMap(([name, value]) => (value ? [element('dt', {}, [name]), element('dd', {}, [value])] : [])),
    ),
    verdict ? explainVerdict(words, verdict, point) : element('p', {}, [t('drawer.unassessedBecause')]),
  ])
}

function explainVerdict(words: Words, verdict: SharedVerdict, point: FilePoint): HTMLElement {
  const { t } = words
  const occasion = [
    point.assessor && t('verdict.assessor', { name: point.assessor }),
    point.assessed_on && t('verdict.assessedOn', { date: point.assessed_on }),
    point.next_review && t('verdict.nextReview', { date: point.next_review }),
    point.overdue && t('drawer.overdueMark'),
  ]
  const formula = formulaOf(verdict.reasons)
  return element('section', { 'data-verdict': verdict.grade }, [
    element('h3', {}, [t(verdict.basis === 'inherent' ? 'verdict.inherent' : 'verdict.assessed')]),
    element('p', {}, [t('verdict.method', { title: words.pick(verdict.method.title), version: verdict.method.version })]),
    formula ? element('p', { class: 'formula' }, [formula]) : null,
    ...verdict.reasons.flatMap((reason) => explainReason(words, reason, verdict.score)),
    element('p', { class: 'sub' }, [occasion.filter(Boolean).join(' · ')]),
  ])
}

function explainReason(words: Words, reason: ReasonItem, score: string | null): HTMLElement[] {
  const { t, pick } = words
  switch (reason.rule) {
    case 'inputs':
      return reason.axes.map((axis) => element('p', {}, [element('b', {}, [`${axis.axis} ${axis.value}`]), ` ${pick(axis.title)}：${pick(axis.text)}`]))
    case 'band': {
      const grade = t(`grade.${reason.grade}`)
      return score === null ? [] : [element('p', {}, [t('verdict.band', { score, band: reason.text, grade })])]
    }
    case 'direct': {
      const clause = reason.clause ? ` ${t('verdict.clause', { clause: reason.clause })}` : ''
      return [element('p', {}, [element('b', {}, [t('verdict.direct')]), ` ${pick(reason.text)}${clause}`])]
    }
    case 'override': {
      const [from, to] = [t(`grade.${reason.from}`), t(`grade.${reason.to}`)]
      const by = t('verdict.overrideBy', { person: reason.person, reason: reason.reason })
      return [element('p', {}, [element('b', {}, [t('verdict.override', { from, to })]), ` ${by}`])]
    }
    case 'combine':
      return []
  }
}
