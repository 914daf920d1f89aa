/** What a map in a file holds, as the service packed it (service/documents/schemas/shapes.py). */
import type { Imprint } from '../api/maps.ts'
import type { Grade, LonLat, RiskPointRow, Verdict } from '../api/wire.ts'
import type { Language } from '../i18n/index.ts'

export interface Outline {
  key: string
  code: string | null
  name: string
  level: string
  indicative: boolean
  geometry: Geometry
}

export type Geometry =
  | { type: 'LineString'; coordinates: LonLat[] }
  | { type: 'MultiLineString' | 'Polygon'; coordinates: LonLat[][] }
  | { type: 'MultiPolygon'; coordinates: LonLat[][][] }

export interface FilePoint extends RiskPointRow {
  geometry: Geometry | null
  verdict: number | null
  assessor: string | null
}

/** Code, 重大, 较大, 一般, 低, 未评价, crossing, the worst grade that crosses. */
export type FileCell = [string, number, number, number, number, number, number, Grade | null]

/** A verdict without its occasion: person and dates stand with the point. */
export type SharedVerdict = Omit<Verdict, 'assessor' | 'assessed_on' | 'next_review'>

export interface MapContent {
  language: Language
  imprint: Imprint
  outlines: Outline[]
  cells: Record<string, FileCell[]>
  points: FilePoint[]
  verdicts: SharedVerdict[]
  left_out: { points: number; cell_levels: number[] }
}

/** From the letters that the file carries: base64 of gzip of JSON. */
export async function unpack(packed: string): Promise<MapContent> {
  const bytes = Uint8Array.from(atob(packed.trim()), (letter) => letter.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(stream).json()) as MapContent
}
