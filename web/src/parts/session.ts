/** Who looks, at which area, at data of which kind: read once for the whole page. */
import { inject, provide, type InjectionKey } from 'vue'
import { readSession } from '../api/places.ts'
import type { Session } from '../api/wire.ts'
import { useResource, type Resource } from './resource.ts'

const KEY: InjectionKey<Resource<Session>> = Symbol('session')

export function provideSession(): Resource<Session> {
  const session = useResource(
    () => 'session',
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
