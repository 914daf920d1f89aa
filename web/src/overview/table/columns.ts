/** The columns of the table from below, and what the service sorts them by. */
import type { EnterpriseRow, ListedPoint } from '../../api/wire.ts'
import type { Texts } from '../../i18n/index.ts'

export interface Column<Row> {
  name: string
  title: string
  /** What the service calls this order; null where it has none. */
  sort: string | null
  kind: 'text' | 'number' | 'count'
  /** The text of a cell that is nothing but text. */
  text?: (row: Row) => string
}

export function pointColumns({ t, pick }: Pick<Texts, 't' | 'pick'>): Column<ListedPoint>[] {
  const codes = (list: ListedPoint['industries']): string => list.map((code) => pick(code.name) || code.code).join(t('comma'))
  return [
    { name: 'grade', title: t('list.grade'), sort: 'grade', kind: 'text' },
    { name: 'name', title: t('list.name'), sort: 'name', kind: 'text' },
    { name: 'number', title: t('list.number'), sort: 'number', kind: 'number', text: (row) => row.number },
    { name: 'enterprise', title: t('list.enterprise'), sort: 'enterprise', kind: 'text' },
    { name: 'territory', title: t('point.territory'), sort: null, kind: 'text', text: (row) => row.territory.name },
    { name: 'managed', title: t('point.managedBy'), sort: null, kind: 'text', text: (row) => row.managed_by.name },
    { name: 'industries', title: t('point.industries'), sort: null, kind: 'text', text: (row) => codes(row.industries) },
    { name: 'accidents', title: t('list.accidents'), sort: null, kind: 'text', text: (row) => codes(row.accident_categories) },
    {
      name: 'control',
      title: t('list.control'),
      sort: null,
      kind: 'text',
      text: (row) => (row.control_level ? pick(row.control_level.name) || row.control_level.code : ''),
    },
    { name: 'assessed_on', title: t('list.assessedOn'), sort: 'assessed_on', kind: 'number', text: (row) => row.assessed_on ?? '' },
    { name: 'next_review', title: t('list.nextReview'), sort: 'next_review', kind: 'number' },
    { name: 'position', title: t('point.position'), sort: null, kind: 'text' },
  ]
}

export function enterpriseColumns({ t, pick, count }: Pick<Texts, 't' | 'pick' | 'count'>): Column<EnterpriseRow>[] {
  const grades = ['major', 'large', 'general', 'low', 'unassessed'] as const
  return [
    { name: 'grade', title: t('list.worst'), sort: 'worst', kind: 'text' },
    { name: 'name', title: t('list.enterprise'), sort: 'name', kind: 'text' },
    { name: 'uscc', title: t('list.uscc'), sort: null, kind: 'number', text: (row) => row.uscc ?? t('list.usccMissing') },
    { name: 'territory', title: t('point.territory'), sort: null, kind: 'text', text: (row) => row.territory.name },
    {
      name: 'industries',
      title: t('point.industries'),
      sort: null,
      kind: 'text',
      text: (row) => row.industries.map((code) => pick(code.name) || code.code).join(t('comma')),
    },
    ...grades.map(
      (grade): Column<EnterpriseRow> => ({
        name: grade,
        title: t(`gradeShort.${grade}`),
        sort: null,
        kind: 'count',
        text: (row) => count(row.counts[grade]),
      }),
    ),
    { name: 'total', title: t('list.total'), sort: 'total', kind: 'count', text: (row) => count(row.counts.total) },
    { name: 'overdue', title: t('drawer.overdue'), sort: 'overdue', kind: 'count', text: (row) => count(row.overdue) },
    { name: 'to_locate', title: t('drawer.inherited'), sort: null, kind: 'count', text: (row) => count(row.to_locate) },
    { name: 'sites', title: t('list.sites'), sort: null, kind: 'count', text: (row) => count(row.sites) },
  ]
}
