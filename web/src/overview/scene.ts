/** Between the page's state and the map: what to draw, what is chosen. */
import { computed, type ComputedRef, type ShallowRef } from 'vue'
import type { Filter } from '../api/filter.ts'
import { GRADES } from '../api/grades.ts'
import { readTerritory } from '../api/places.ts'
import type { LonLat, Session, TerritorySummary } from '../api/wire.ts'
import { useTexts } from '../i18n/index.ts'
import { boundsOf, levelOf } from '../map/beidou.ts'
import type { DistrictLabel } from '../map/label-painter.ts'
import type { SiteShape } from '../map/site-painter.ts'
import { districtsByKey, type Chosen, type SceneWishes } from '../map/scenery.ts'
import { useResource, type Resource } from '../parts/resource.ts'
import type { PageState } from './state.ts'
import type { Selection } from './url-state.ts'

/** Zooms at which a chosen point, a level 5 and a level 4 cell are seen with their surroundings. */
const POINT_ZOOM = 16
const LEVEL_5_ZOOM = 15
const LEVEL_4_ZOOM = 12

type Known<T> = Readonly<ShallowRef<T | null>>

/** Counts of the viewer's area and its districts, whatever grades are filtered: the rail shows all of them. */
export function useAreaCounts(session: Known<Session>, filter: ComputedRef<Filter>): Resource<TerritorySummary> {
  return useResource(
    () => {
      const key = session.value?.territory.key
      return key ? { key, filter: { ...filter.value, grades: GRADES } } : null
    },
    ({ key, filter: wanted }, signal) => readTerritory(key, wanted, signal),
    (next, previous) => next.key === previous.key,
  )
}

export function useSceneWishes(from: {
  sites: ComputedRef<readonly SiteShape[]>
  session: Known<Session>
  summary: Known<TerritorySummary>
  page: PageState
}): ComputedRef<SceneWishes> {
  const { t, count } = useTexts()
  const labels = computed((): DistrictLabel[] =>
    (from.summary.value?.children ?? []).flatMap((child) =>
      // In a district entered the others have no count of their own to show.
      child.label && (!from.page.filter.value.territory || child.counts.total > 0) ? [{ key: child.key, name: child.name, label: child.label, counts: child.counts }] : [],
    ),
  )
  return computed(() => ({
    filter: from.page.filter.value,
    layers: from.page.layers.value,
    letters: {
      major: t('letter.major'),
      large: t('letter.large'),
      general: t('letter.general'),
      low: t('letter.low'),
      unassessed: t('letter.unassessed'),
    },
    districts: districtsByKey(labels.value),
    labels: labels.value,
    sites: from.sites.value,
    basemap: from.page.layers.value.basemap ? (from.session.value?.basemap ?? null) : null,
    watermark: from.session.value?.demo ? t('demo') : null,
    format: count,
  }))
}

/** Where a risk point or an enterprise stands, once its card has been read. */
export interface PlaceKnown {
  kind: 'point' | 'enterprise'
  id: string
  anchor: LonLat | null
  /** The sites of an enterprise. */
  sites?: readonly SiteShape[]
}

/** The chosen place as the map marks it. */
export function chosenOf(selection: Selection | null, place: PlaceKnown | null): Chosen | null {
  switch (selection?.kind) {
    case 'territory':
      return { kind: 'territory', key: selection.key }
    case 'cell':
      return { kind: 'cell', code: selection.code }
    case 'point':
    case 'enterprise':
      return { kind: selection.kind, anchor: place?.kind === selection.kind && place.id === selection.id ? place.anchor : null }
    default:
      return null
  }
}

export interface Focus {
  at: LonLat
  /** The zoom at which the chosen thing is drawn well; null = any. */
  zoom: number | null
}

/** Where to look to see what is chosen. */
export function focusOf(chosen: Chosen | null, labels: readonly DistrictLabel[]): Focus | null {
  if (chosen?.kind === 'point' || chosen?.kind === 'enterprise') return chosen.anchor ? { at: chosen.anchor, zoom: POINT_ZOOM } : null
  if (chosen?.kind === 'cell') {
    const bounds = boundsOf(chosen.code)
    if (!bounds) return null
    const zoom = levelOf(chosen.code) === 5 ? LEVEL_5_ZOOM : LEVEL_4_ZOOM
    return { at: [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2], zoom }
  }
  const label = labels.find((each) => chosen?.kind === 'territory' && each.key === chosen.key)
  return label ? { at: label.label, zoom: null } : null
}
