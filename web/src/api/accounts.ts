/** The doors of one's own account: signing in and out, password, keys. */
import { requestJson, sendJson } from './client.ts'
import type { Account, AccountKey, NewKey, NewLink, SignedIn, SignInPage } from './wire.ts'

export function readSignIn(signal?: AbortSignal): Promise<SignInPage> {
  return requestJson('/api/sign-in', { signal: signal ?? null })
}

export function signIn(login: string, password: string): Promise<SignedIn> {
  return sendJson('/api/sign-in', 'POST', { login, password })
}

export function signOut(): Promise<unknown> {
  return sendJson('/api/sign-out', 'POST', {})
}

/** All sessions but this one; how many they were. */
export function endOtherSessions(): Promise<{ sessions: number }> {
  return sendJson('/api/account/sessions/end', 'POST', {})
}

export function readAccount(signal?: AbortSignal): Promise<Account> {
  return requestJson('/api/account', { signal: signal ?? null })
}

export function changePassword(old: string, password: string): Promise<{ sessions: number }> {
  return sendJson('/api/account/password', 'POST', { old, password })
}

export async function readKeys(signal?: AbortSignal): Promise<AccountKey[]> {
  return (await requestJson<{ items: AccountKey[] }>('/api/account/keys', { signal: signal ?? null })).items
}

export function makeKey(wanted: { name: string; area: string | null; days: number; writes: boolean }): Promise<NewKey> {
  return sendJson('/api/account/keys', 'POST', wanted)
}

export function revokeKey(id: number): Promise<unknown> {
  return requestJson(`/api/account/keys/${id}`, { method: 'DELETE' })
}

export async function readLinks(signal?: AbortSignal): Promise<AccountKey[]> {
  return (await requestJson<{ items: AccountKey[] }>('/api/account/links', { signal: signal ?? null })).items
}

export function makeLink(wanted: { name: string; address: string; hours: number }): Promise<NewLink> {
  return sendJson('/api/account/links', 'POST', wanted)
}

export function revokeLink(id: number): Promise<unknown> {
  return requestJson(`/api/account/links/${id}`, { method: 'DELETE' })
}
