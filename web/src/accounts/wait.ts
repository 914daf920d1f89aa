/** Too many tries: the seconds that the service asks to wait, counted down. */
import { onScopeDispose, ref, type Ref } from 'vue'
import { Refused } from '../api/client.ts'

export interface Wait {
  seconds: Readonly<Ref<number>>
  /** Begin to wait where an error asks for it; whether it does. */
  begin: (error: unknown) => boolean
}

export function useWait(): Wait {
  const seconds = ref(0)
  let until = 0
  let timer = 0

  function look(): void {
    seconds.value = Math.max(0, Math.ceil((until - performance.now()) / 1000))
    if (seconds.value === 0) window.clearInterval(timer)
  }
  onScopeDispose(() => window.clearInterval(timer))
  return {
    seconds,
    begin: (error) => {
      if (!(error instanceof Refused) || error.status !== 429) return false
      until = performance.now() + Number(error.details.seconds ?? 1) * 1000
      window.clearInterval(timer)
      timer = window.setInterval(look, 250)
      look()
      return true
    },
  }
}
