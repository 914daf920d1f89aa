/** Pages come and go with a deployment: a link is shown only where it leads somewhere. */
import { useRouter } from 'vue-router'

export function useKnownPath(): (path: string) => boolean {
  const router = useRouter()
  return (path) => router.resolve(path).name !== 'missing'
}
