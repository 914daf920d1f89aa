/** Who looks, at which area, at data of which kind: read once for the whole page. */
import { inject, provide, type InjectionKey } from 'vue'
import { readSession } from '../api/places.ts'
import type { Permission, Session, Viewer } from '../api/wire.ts'
import { useResource, type Resource } from './resource.ts'

const KEY: InjectionKey<Resource<Session>> = Symbol('session')

/** isWanted: not where one signs in, as there is nobody yet. */
export function provideSession(isWanted: () => boolean): Resource<Session> {
  const session = useResource(
    () => (isWanted() ? 'session' : null),
    (_key, signal) => readSession(signal),
  )
  provide(KEY, session)
  return session
}

export function useSession(): Resource<Session> {
  const session = inject(KEY)
  if (!session) throw new Error('no session is provided')
  return session
}

/** Whether one's roles allow a thing; nothing until it is known who looks. */
export function useMay(): (permission: Permission) => boolean {
  const session = useSession()
  return (permission) => session.value.value?.viewer.may.includes(permission) ?? false
}

/** Whether there is any row of the register that somebody may see. */
export function seesRows({ territories, industries, enterprises }: Viewer): boolean {
  return territories.length + industries.length + enterprises.length > 0
}
