/** The doors of the accounts that an administrator keeps. */
import { requestJson, sendJson } from './client.ts'
import { LONGEST_WORDS } from './search.ts'
import type { AppointmentIn, OwnerName, Person, PersonIn } from './wire.ts'

export async function readPeople(signal?: AbortSignal): Promise<Person[]> {
  return (await requestJson<{ items: Person[] }>('/api/people', { signal: signal ?? null })).items
}

export function makePerson(person: PersonIn): Promise<{ id: number }> {
  return sendJson('/api/people', 'POST', person)
}

export function giveFirstPassword(id: number, password: string): Promise<unknown> {
  return sendJson(`/api/people/${id}/password`, 'POST', { password })
}

export function closePerson(id: number, closed: boolean): Promise<unknown> {
  return sendJson(`/api/people/${id}/closing`, 'POST', { closed })
}

export function appoint(id: number, appointment: AppointmentIn): Promise<{ id: number }> {
  return sendJson(`/api/people/${id}/appointments`, 'POST', appointment)
}

/** Enterprises within an administrator's area, by part of the name, of the credit code, or by number. */
export async function findGoverned(words: string, signal: AbortSignal): Promise<OwnerName[]> {
  const path = `/api/people/enterprises?q=${encodeURIComponent(words.slice(0, LONGEST_WORDS))}`
  return (await requestJson<{ items: OwnerName[] }>(path, { signal })).items
}

export function endAppointment(id: number, appointment: number): Promise<unknown> {
  return requestJson(`/api/people/${id}/appointments/${appointment}`, { method: 'DELETE' })
}
