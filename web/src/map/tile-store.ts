/**
 * Fetches and decodes tiles.
 *
 * Every request asks the service again (`no-cache`), which answers 304 where nothing changed, so the map is never
 * stale; decoded tiles are kept only to spare decoding the same bytes twice.
 */
import { Refused, Unreachable, isAbort, request } from '../api/client.ts'
import type { TileAddress } from './geography.ts'
import { decodeTile, type DecodedTile, type LayerName } from './tile-decode.ts'

/** Waits before the second and the third try, in milliseconds. */
const RETRY_AFTER_MS = [400, 1500]
/** Decoded tiles kept; a 1920 × 1080 window shows about 40 of each layer. */
const KEPT_TILES = 400

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>
export type Fetcher = (path: string, init: RequestInit) => Promise<Response>

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(new DOMException('aborted', 'AbortError'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}

export function isWorthRetrying(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && (error.status >= 500 || error.status === 429))
}

export function tilePath(layers: readonly LayerName[], address: TileAddress, query: string): string {
  return `/tiles/${layers.join()}/${address.z}/${address.x}/${address.y}.mvt${query ? `?${query}` : ''}`
}

export class TileStore {
  private readonly kept = new Map<string, { etag: string; tile: DecodedTile }>()
  private readonly fetcher: Fetcher
  private readonly pause: Sleep

  constructor(fetcher: Fetcher = request, pause: Sleep = sleep) {
    this.fetcher = fetcher
    this.pause = pause
  }

  /** One tile of one layer or of several; throws Refused or Unreachable when the last try failed, AbortError when aborted. */
  async load(path: string, address: TileAddress, signal: AbortSignal): Promise<DecodedTile> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.loadOnce(path, address, signal)
      } catch (error) {
        const wait = RETRY_AFTER_MS[attempt]
        if (isAbort(error) || wait === undefined || !isWorthRetrying(error)) throw error
        await this.pause(wait, signal)
      }
    }
  }

  private async loadOnce(path: string, address: TileAddress, signal: AbortSignal): Promise<DecodedTile> {
    // Browsers open few connections: what the reader asked for by a click goes before the picture.
    const response = await this.fetcher(path, { cache: 'no-cache', priority: 'low', signal })
    const etag = response.headers.get('ETag')
    // Read to its end even when known: an unread body would keep the connection.
    const body = await response.arrayBuffer()
    const known = this.kept.get(path)
    if (etag && known?.etag === etag) {
      this.keep(path, known)
      return known.tile
    }
    const cut = response.headers.get('X-Riskmap-Truncated')
    const tile = decodeTile(body, address, cut === null ? null : Number(cut))
    if (etag) this.keep(path, { etag, tile })
    return tile
  }

  private keep(path: string, entry: { etag: string; tile: DecodedTile }): void {
    this.kept.delete(path)
    this.kept.set(path, entry)
    const oldest = this.kept.keys().next().value
    if (this.kept.size > KEPT_TILES && oldest !== undefined) this.kept.delete(oldest)
  }
}
