/** The page's state is its address; everything else follows from it. */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { GRADES, type Filter } from '../api/grades.ts'
import type { LayersShown } from '../map/legend.ts'
import type { MapView } from '../map/city-map.ts'
import { formatState, isSameSelection, parseState, viewText, type Query, type Selection, type UrlState } from './url-state.ts'

export interface PageState {
  state: ComputedRef<UrlState>
  filter: ComputedRef<Filter>
  layers: ComputedRef<LayersShown>
  selection: ComputedRef<Selection | null>
  setFilter: (change: Partial<Filter>) => void
  setLayers: (change: Partial<LayersShown>) => void
  clearFilter: () => void
  select: (selection: Selection | null) => void
  back: () => void
  canGoBack: ComputedRef<boolean>
  rememberView: (view: MapView) => void
}

export function usePageState(): PageState {
  const route = useRoute()
  const router = useRouter()
  const state = computed(() => parseState(route.query as Query))
  // The parsed parts keep their identity while their text is the same, so that watchers rest while the map moves.
  const filter = stable(() => state.value.filter)
  const layers = stable(() => state.value.layers)
  const selection = stable(() => state.value.selection)

  function go(change: Partial<UrlState>, isStep: boolean): void {
    const query = formatState({ ...state.value, ...change })
    const depth = depthOfEntry()
    if (isStep) void router.push({ path: route.path, query, state: { depth: depth + 1 } })
    else void router.replace({ path: route.path, query, state: { depth } })
  }

  return {
    state,
    filter,
    layers,
    selection,
    setFilter: (change) => go({ filter: { ...state.value.filter, ...change } }, true),
    setLayers: (change) => go({ layers: { ...state.value.layers, ...change } }, false),
    clearFilter: () => go({ filter: { ...state.value.filter, grades: GRADES } }, true),
    select: (next) => {
      if (!isSameSelection(next, state.value.selection)) go({ selection: next }, true)
    },
    back: () => router.back(),
    canGoBack: computed(() => {
      void route.fullPath
      return depthOfEntry() > 1
    }),
    rememberView: ({ centre, zoom }) => {
      const before = state.value.view
      // A view that came from the address needs no writing back; writing would race with the reader's way through history.
      if (!before || viewText(before) !== viewText({ centre, zoom })) go({ view: { centre, zoom } }, false)
    },
  }
}

function stable<T>(read: () => T): ComputedRef<T> {
  return computed<T>((previous) => {
    const next = read()
    return previous !== undefined && JSON.stringify(previous) === JSON.stringify(next) ? previous : next
  })
}

/** How many steps within this page led to the present history entry. */
function depthOfEntry(): number {
  const state = history.state as { depth?: number } | null
  return state?.depth ?? 0
}
