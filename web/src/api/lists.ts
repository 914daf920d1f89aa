/** Lists of the current filter: risk points, enterprises, the ready-made ones; rows page by page, or all as a workbook. */
import { requestJson } from './client.ts'
import { filterQuery, type Filter } from './filter.ts'
import type { EnterpriseRow, ListedPoint, ReadyLists } from './wire.ts'

export interface Order {
  by: string
  isDescending: boolean
}

export interface ListPage<Row> {
  items: Row[]
  next: string | null
  total: number | null
}

/** Rows of one page: some windows of a large screen. */
const PAGE_ROWS = 100

function orderQuery(order: Order | null): string {
  return order ? `&sort=${order.by}&order=${order.isDescending ? 'desc' : 'asc'}` : ''
}

function pageQuery(cursor: string | null): string {
  return `&limit=${PAGE_ROWS}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`
}

export function listPoints(
  filter: Filter,
  page: { order: Order | null; cursor: string | null; signal: AbortSignal },
): Promise<ListPage<ListedPoint>> {
  const path = `/api/risk-points?${filterQuery(filter)}${orderQuery(page.order)}${pageQuery(page.cursor)}`
  return requestJson(path, { signal: page.signal })
}

/** Enterprises with a register, without one, or both. */
export type Register = 'any' | 'none' | 'some'

export function listEnterprises(
  filter: Filter,
  page: { register: Register; order: Order | null; cursor: string | null; signal: AbortSignal },
): Promise<ListPage<EnterpriseRow>> {
  const path = `/api/enterprises?${filterQuery(filter)}&register=${page.register}${orderQuery(page.order)}${pageQuery(page.cursor)}`
  return requestJson(path, { signal: page.signal })
}

/** How many enterprises have points that meet the filter. */
export async function countEnterprises(filter: Filter, signal: AbortSignal): Promise<number | null> {
  const path = `/api/enterprises?${filterQuery(filter)}&register=some&limit=1`
  return (await requestJson<ListPage<EnterpriseRow>>(path, { signal })).total
}

/** Address of the workbook with every row of a list of risk points. */
export function pointsWorkbook(filter: Filter, order: Order | null): string {
  return `/api/risk-points.xlsx?${filterQuery(filter)}${orderQuery(order)}`
}

/** Address of the workbook with every row of a list of enterprises. */
export function enterprisesWorkbook(filter: Filter, register: Register, order: Order | null): string {
  return `/api/enterprises.xlsx?${filterQuery(filter)}&register=${register}${orderQuery(order)}`
}

/** Address of the ready-made workbook of major risks. */
export function majorRisksWorkbook(filter: Filter): string {
  return `/api/lists/major-risks.xlsx?${filterQuery(filter)}`
}

/** The ready-made lists under the filter, each with the number of its rows. */
export async function readReadyLists(filter: Filter, signal: AbortSignal): Promise<ReadyLists['items']> {
  return (await requestJson<ReadyLists>(`/api/lists?${filterQuery(filter)}`, { signal })).items
}
