/** What an address says of the sheet, beside what it says of the map. */
import { PAPERS, TURNS, type Paper, type Scale, type Turn } from './layout.ts'

export interface SheetState {
  paper: Paper
  turn: Turn
  scale: Scale
  textured: boolean
  /** What the reader calls the map; empty = its own title. */
  title: string
}

type Query = Record<string, string | null | undefined | (string | null)[]>

const LONGEST_TITLE = 60
const LARGEST_SCALE = 20_000_000

function text(query: Query, name: string): string {
  const value = query[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

export function parseSheet(query: Query): SheetState {
  const scale = text(query, 'scale')
  const number = Number(scale)
  const isNumber = Number.isInteger(number) && number >= 500 && number <= LARGEST_SCALE
  return {
    paper: PAPERS.find((paper) => paper === text(query, 'paper')) ?? 'A4',
    turn: TURNS.find((turn) => turn === text(query, 'turn')) ?? 'landscape',
    scale: isNumber ? number : scale === 'fit' || scale === 'map' ? scale : text(query, 'at') ? 'map' : 'fit',
    textured: text(query, 'plain') !== '1',
    title: text(query, 'title').slice(0, LONGEST_TITLE),
  }
}

/** The changes to an address; undefined takes a part out of it. */
export function formatSheet(change: Partial<SheetState>): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = {}
  if (change.paper) query.paper = change.paper
  if (change.turn) query.turn = change.turn
  if (change.scale) query.scale = String(change.scale)
  if (change.textured !== undefined) query.plain = change.textured ? undefined : '1'
  if (change.title !== undefined) query.title = change.title.slice(0, LONGEST_TITLE) || undefined
  return query
}
