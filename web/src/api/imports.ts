/** The import door: upload, correct, commit, or leave without writing. */
import { request, requestJson, sendJson } from './client.ts'
import type { Correction, Import } from './wire.ts'

export function uploadWorkbook(file: File): Promise<Import> {
  const form = new FormData()
  form.append('file', file, file.name)
  return requestJson('/api/imports', { method: 'POST', body: form })
}

export function readImport(id: string): Promise<Import> {
  return requestJson(`/api/imports/${encodeURIComponent(id)}`)
}

export function correctImport(id: string, correction: Correction): Promise<Import> {
  return sendJson(`/api/imports/${encodeURIComponent(id)}`, 'PATCH', correction)
}

export function commitImport(id: string, digest: string): Promise<Import> {
  return sendJson(`/api/imports/${encodeURIComponent(id)}/commit`, 'POST', { digest })
}

export async function discardImport(id: string): Promise<void> {
  await request(`/api/imports/${encodeURIComponent(id)}`, { method: 'DELETE' })
}
