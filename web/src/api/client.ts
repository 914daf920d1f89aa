/** The one fetch of the page: it knows the service's error shape and says so in facts. */
import { withAttendance } from './attendance.ts'
import type { Refusal } from './wire.ts'

/** The service answered and refused; `kind` is its snake_case word. */
export class Refused extends Error {
  readonly status: number
  readonly kind: string
  readonly messages: { zh: string; en: string }
  readonly details: Record<string, unknown>

  constructor(status: number, refusal: Refusal) {
    super(`${status} ${refusal.error}`)
    this.name = 'Refused'
    this.status = status
    this.kind = refusal.error
    this.messages = { zh: refusal.message, en: refusal.message_en ?? refusal.message }
    this.details = refusal.details ?? {}
  }
}

/** What ended work in the background, as if it had been answered at once. */
export function failureOf(refusal: Refusal): Refused {
  return new Refused(409, refusal)
}

/** No answer came: the network is cut or the service is not running. */
export class Unreachable extends Error {
  constructor() {
    super('the service did not answer')
    this.name = 'Unreachable'
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function isRefusal(body: unknown): body is Refusal {
  return typeof body === 'object' && body !== null && 'error' in body && 'message' in body
}

async function refusalOf(response: Response): Promise<Refused> {
  const body: unknown = await response.json().catch(() => null)
  if (isRefusal(body)) return new Refused(response.status, body)
  const fallback = {
    error: response.status === 404 ? 'not_found' : 'unexpected',
    message: `服务未能回答（${response.status}）`,
    message_en: `The service could not answer (${response.status})`,
  }
  return new Refused(response.status, fallback)
}

/** The service does not know who asks, or knows them by a first password only. */
export type Stranger = 'not_signed_in' | 'password_must_change'

let meet: (stranger: Stranger) => void = () => undefined

/** What the page does wherever the service asks who this is. */
export function whenStranger(then: (stranger: Stranger) => void): void {
  meet = then
}

function tellStranger(path: string, { kind }: Refused): void {
  // A wrong password is no reason to go to where passwords are asked for.
  if (kind === 'password_must_change' || (kind === 'not_signed_in' && path !== '/api/sign-in')) meet(kind)
}

/** Fetch that turns silence into Unreachable and a refusal into Refused; an abort stays an abort. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, headers: withAttendance(init.headers) })
  } catch (error) {
    if (isAbort(error)) throw error
    throw new Unreachable()
  }
  if (response.ok) return response
  const refused = await refusalOf(response)
  tellStranger(path, refused)
  throw refused
}

export async function requestJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await request(path, { cache: 'no-cache', ...init })
  return (await response.json()) as T
}

export function sendJson<T>(
  path: string,
  method: 'POST' | 'PATCH' | 'PUT',
  body: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  return requestJson<T>(path, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}
