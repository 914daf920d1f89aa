/** Between an address and a sheet: what is asked for, what is drawn. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { isAbort } from '../api/client.ts'
import { filterQuery } from '../api/filter.ts'
import { readImprint, type Imprint } from '../api/maps.ts'
import { useTexts } from '../i18n/index.ts'
import { loadPicture } from '../map/basemap.ts'
import { districtsByKey, type SceneWishes } from '../map/scenery.ts'
import type { TileAddress } from '../map/geography.ts'
import { drawSheet, gridOf, type Drawn, type Grid, type Sheet } from '../map/sheet.ts'
import { TileStore } from '../map/tile-store.ts'
import { parseState, type Query, type UrlState } from '../overview/url-state.ts'
import { useResource, type Resource } from '../parts/resource.ts'
import { useSession } from '../parts/session.ts'
import { fitting, layoutOf, scaleOfView, type Layout } from './layout.ts'
import type { SheetState } from './state.ts'

/** The filter of an address, as every door takes it. */
function filterIn(query: Query): string {
  return filterQuery(parseState(query).filter)
}

export function useImprint(query: () => Query): Resource<Imprint> {
  return useResource(
    () => ({ filter: filterIn(query()) }),
    ({ filter }, signal) => readImprint(filter, signal),
  )
}

export interface SheetPlan {
  map: ComputedRef<UrlState>
  layout: ComputedRef<Layout>
  sheet: ComputedRef<Sheet | null>
  grid: ComputedRef<Grid | null>
  wishes: ComputedRef<SceneWishes>
}

/** Everything the drawing follows from: the address, the imprint, the session. */
export function usePlan(query: () => Query, state: () => SheetState, imprint: Readonly<ShallowRef<Imprint | null>>): SheetPlan {
  const { t, count } = useTexts()
  const session = useSession()
  const map = computed(() => parseState(query()))
  const layout = computed(() => layoutOf(state().paper, state().turn))
  const sheet = computed((): Sheet | null => {
    const millimetres = layout.value.map
    const bounds = imprint.value?.bounds
    const { view } = map.value
    const { scale, paper } = state()
    const whole = bounds ? fitting(bounds, millimetres) : null
    if (scale === 'fit' || !view) return whole && { millimetres, ...whole, scale: typeof scale === 'number' ? scale : whole.scale }
    return { millimetres, centre: view.centre, scale: scale === 'map' ? scaleOfView(view, paper) : scale }
  })
  const wishes = computed((): SceneWishes => {
    const labels = (imprint.value?.districts ?? []).flatMap(({ key, name, label, counts }) => (label ? [{ key, name, label, counts }] : []))
    return {
      filter: map.value.filter,
      layers: map.value.layers,
      letters: {
        major: t('letter.major'),
        large: t('letter.large'),
        general: t('letter.general'),
        low: t('letter.low'),
        unassessed: t('letter.unassessed'),
      },
      basemap: map.value.layers.basemap ? (session.value.value?.basemap ?? null) : null,
      watermark: imprint.value?.demo ? t('demo') : null,
      districts: districtsByKey(labels),
      labels,
      sites: [],
      format: count,
    }
  })
  return { map, layout, sheet, grid: computed(() => sheet.value && gridOf(sheet.value)), wishes }
}

export interface Drawing {
  drawn: Readonly<ShallowRef<Drawn | null>>
  error: Readonly<ShallowRef<unknown>>
}

/** Draws whenever the plan changes; an overtaken drawing is given up. */
export function useDrawing(
  canvas: () => HTMLCanvasElement | null,
  plan: SheetPlan,
  from: { query: () => Query; state: () => SheetState },
): Drawing {
  const drawn = shallowRef<Drawn | null>(null)
  const error = shallowRef<unknown>(null)
  let controller = new AbortController()

  async function draw(target: HTMLCanvasElement, sheet: Sheet): Promise<void> {
    controller.abort()
    controller = new AbortController()
    const { signal } = controller
    drawn.value = null
    error.value = null
    const store = new TileStore()
    const { basemap } = plan.wishes.value
    const manner = {
      textured: from.state().textured,
      ground: basemap ? (address: TileAddress) => loadPicture(basemap, address) : null,
    }
    try {
      const result = await drawSheet(target, sheet, plan.wishes.value, { store, manner, signal })
      if (!signal.aborted) drawn.value = result
    } catch (reason) {
      if (!signal.aborted && !isAbort(reason)) error.value = reason
    }
  }

  watch(
    // Compared by what they say: an equal plan in a new object is no reason to draw again.
    () => JSON.stringify([plan.sheet.value, plan.wishes.value, [...plan.wishes.value.districts], from.state().textured, filterIn(from.query()), canvas() !== null]),
    () => {
      const target = canvas()
      if (target && plan.sheet.value) void draw(target, plan.sheet.value)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => controller.abort())
  return { drawn, error }
}
