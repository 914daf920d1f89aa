/** The page's state is its address; everything else follows from it. */
import { computed, onScopeDispose, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { cleared, type Filter } from '../api/filter.ts'
import type { Session } from '../api/wire.ts'
import type { LayersShown } from '../map/legend.ts'
import type { MapView } from '../map/city-map.ts'
import { formatState, isSameSelection, parseState, viewText, type ListState, type Query, type Selection, type UrlState } from './url-state.ts'

export interface PageState {
  state: ComputedRef<UrlState>
  filter: ComputedRef<Filter>
  layers: ComputedRef<LayersShown>
  selection: ComputedRef<Selection | null>
  setFilter: (change: Partial<Filter>) => void
  setLayers: (change: Partial<LayersShown>) => void
  list: ComputedRef<ListState | null>
  setList: (list: ListState | null) => void
  clearFilter: () => void
  select: (selection: Selection | null) => void
  back: () => void
  canGoBack: ComputedRef<boolean>
  rememberView: (view: MapView) => void
}

/** Zones lie over statutory districts: no point is located in one, points are managed by it. */
const ZONES: readonly string[] = ['functional_zone', 'zone_town']

/** opensAt: whose territory the map opens at; that of a zone is opened by who manages, unless the address says how. */
export function usePageState(opensAt?: Readonly<ShallowRef<Session | null>>): PageState {
  const route = useRoute()
  const router = useRouter()
  const state = computed(() => parseState(route.query as Query))
  // The parsed parts keep their identity while their text is the same, so that watchers rest while the map moves.
  const filter = stable(() => state.value.filter)
  const layers = stable(() => state.value.layers)
  const selection = stable(() => state.value.selection)
  const list = stable(() => state.value.list)

  /**
   * What the address is about to say. A change that follows at once (a filter, then the map that moves because of it)
   * builds on it and belongs to the same step; built on the present address it would take the first one back.
   */
  let wanted: { state: UrlState; isStep: boolean } | null = null

  /** Whether another page is on its way: what the map remembers of itself meanwhile would call it off. */
  let isLeaving = false
  const listening = [
    router.beforeEach((to) => {
      isLeaving = to.path !== route.path
    }),
    router.afterEach(() => {
      isLeaving = false
    }),
    // A page that could not be fetched, without signal, is no page on its way.
    router.onError(() => {
      isLeaving = false
    }),
  ]
  onScopeDispose(() => listening.forEach((stop) => stop()))

  function go(change: Partial<UrlState>, isStep: boolean): void {
    if (isLeaving && !isStep) return
    const next = { state: { ...(wanted?.state ?? state.value), ...change }, isStep: isStep || wanted?.isStep === true }
    wanted = next
    const query = formatState(next.state)
    const depth = depthOfEntry()
    const going = next.isStep
      ? router.push({ path: route.path, query, state: { depth: depth + 1 } })
      : router.replace({ path: route.path, query, state: { depth } })
    void going.finally(() => {
      if (wanted === next) wanted = null
    })
  }

  watch(
    () => opensAt?.value ?? null,
    (session, before) => {
      if (!session || before || 'view' in route.query) return
      if (ZONES.includes(session.territory.level)) go({ filter: { ...state.value.filter, view: 'managed' } }, false)
    },
    { immediate: true },
  )

  return {
    state,
    filter,
    layers,
    selection,
    list,
    setFilter: (change) => go({ filter: { ...state.value.filter, ...change } }, true),
    setLayers: (change) => go({ layers: { ...state.value.layers, ...change } }, false),
    setList: (next) => go({ list: next }, false),
    clearFilter: () => go({ filter: cleared(state.value.filter) }, true),
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
