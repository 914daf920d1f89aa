/** The map in a file: folium's map is given our drawing, the content of the file in place of the service. */
import '../map/global-leaflet.ts'
import { NO_FILTER, type Filter } from '../api/filter.ts'
import type { Bounds, LonLat } from '../api/wire.ts'
import type { Language } from '../i18n/index.ts'
import { boundsOf } from '../map/beidou.ts'
import { CityMap } from '../map/city-map.ts'
import { toLonLat } from '../map/geography.ts'
import type { Hit } from '../map/hit.ts'
import type { LeafletMap } from '../map/leaflet.ts'
import type { LayersShown } from '../map/legend.ts'
import { openPopup } from '../map/popup.ts'
import { districtsByKey, type Chosen, type SceneWishes } from '../map/scenery.ts'
import { applyPalette } from '../parts/palette.ts'
import { unpack, type FilePoint, type MapContent } from './content.ts'
import { element } from './dom.ts'
import { explainCell, explainPoint, explainStack, explainTerritory, type Explainer } from './explain.ts'
import { LocalTiles } from './local-tiles.ts'
import { headPanel, imprintPanel, legendPanel, searchPanel, type Found } from './panels.ts'
import { wordsIn, type Words } from './texts.ts'
import './page.css'

const LAYERS: LayersShown = { territories: true, cells: true, points: true, enterprises: false, worstFill: false, basemap: false }
/** Zooms at which a found point and a found cell are seen with their surroundings. */
const POINT_ZOOM = 16
const CELL_ZOOM = 14
const FIRST_ZOOM = 9
/** Where a file without any place opens: the service makes none. */
const WORLD: Bounds = [73, 3, 136, 54]

class SheetFile {
  private readonly leaflet: LeafletMap
  private readonly content: MapContent
  private readonly filter: Filter
  private readonly frame = element('div', { class: 'sheet' })
  private readonly city: CityMap
  private words: Words
  private zoom = FIRST_ZOOM
  private readonly bounds: Bounds

  constructor(leaflet: LeafletMap, content: MapContent) {
    this.leaflet = leaflet
    this.content = content
    this.words = wordsIn(content.language)
    const { basis, view, grades } = content.imprint
    this.filter = { ...NO_FILTER, basis, view, grades }
    const container = leaflet.getContainer()
    container.after(this.frame)
    container.tabIndex = 0
    this.city = new CityMap(
      container,
      this.wishes(),
      {
        onView: ({ zoom }) => {
          this.zoom = zoom
          this.renderLegend()
        },
        onPointer: () => undefined,
        onPick: (hit) => this.pick(hit),
        onHealth: () => undefined,
      },
      { map: leaflet, store: new LocalTiles(content) },
    )
    this.bounds = content.imprint.bounds ?? WORLD
    this.city.open(this.bounds)
    this.city.setLimits(this.bounds)
    leaflet.on('popupclose', () => this.city.choose(null))
    this.render()
  }

  private wishes(): SceneWishes {
    const { t, count, letters } = this.words
    const labels = this.content.imprint.districts.flatMap(({ key, name, label, counts }) => (label ? [{ key, name, label, counts }] : []))
    return {
      filter: this.filter,
      layers: LAYERS,
      letters,
      districts: districtsByKey(labels),
      labels,
      sites: [],
      basemap: null,
      watermark: this.content.imprint.demo ? t('demo') : null,
      format: count,
    }
  }

  private speak(language: Language): void {
    this.words = wordsIn(language)
    this.leaflet.closePopup()
    this.city.setWishes(this.wishes())
    this.render()
  }

  private render(): void {
    const { words, content } = this
    document.documentElement.lang = words.language === 'zh' ? 'zh-CN' : 'en'
    document.title = words.pick(content.imprint.title)
    this.leaflet.getContainer().setAttribute('aria-label', words.t('map.label'))
    const about = element('details', { class: 'about', open: '' }, [
      element('summary', {}, [words.t('paper.about')]),
      imprintPanel(words, content),
    ])
    this.frame.replaceChildren(
      headPanel(words, content, () => this.speak(words.language === 'zh' ? 'en' : 'zh')),
      element('aside', {}, [searchPanel(words, content, (found) => this.go(found)), about]),
      element('div', { class: 'corner' }),
      this.zoomButtons(),
    )
    this.renderLegend()
  }

  private renderLegend(): void {
    const shown = { filter: this.filter, layers: LAYERS }
    this.frame.querySelector('.corner')?.replaceChildren(legendPanel(this.words, this.zoom, shown))
  }

  private zoomButtons(): HTMLElement {
    const { t } = this.words
    const make = (text: string, label: string, press: () => void): HTMLElement => {
      const made = element('button', { type: 'button', 'aria-label': label, title: label }, [text])
      made.addEventListener('click', press)
      return made
    }
    return element('div', { class: 'zoom' }, [
      make('+', t('map.zoomIn'), () => this.city.zoomBy(1)),
      make('−', t('map.zoomOut'), () => this.city.zoomBy(-1)),
      make('⌂', t('map.home'), () => this.city.goHome(this.bounds)),
    ])
  }

  private get explainer(): Explainer {
    return { words: this.words, content: this.content, show: (point) => this.show(point) }
  }

  private tell(at: LonLat, content: HTMLElement, chosen: Chosen | null): void {
    openPopup(this.leaflet, at, content)
    this.city.choose(chosen)
  }

  private show(point: FilePoint): void {
    if (point.anchor) this.tell(point.anchor, explainPoint(this.explainer, point), { kind: 'point', anchor: point.anchor })
  }

  private pick(hit: Hit | null): void {
    if (hit === null) return
    if (hit.kind === 'points') this.pickPoints(hit.points.map(({ id }) => id))
    else if (hit.kind === 'cell') {
      const [left, top, right, bottom] = hit.cell.box
      const chosen: Chosen = { kind: 'cell', code: hit.cell.code }
      this.tell(toLonLat((left + right) / 2, (top + bottom) / 2), explainCell(this.explainer, hit.cell), chosen)
    } else if (hit.kind === 'territory') this.tellTerritory(hit.territory.key, hit.territory.name)
  }

  private pickPoints(ids: readonly string[]): void {
    const points = this.content.points.filter((point) => ids.includes(String(point.id)))
    const [first, second] = points
    if (!first?.anchor) return
    if (second) this.tell(first.anchor, explainStack(this.explainer, points), { kind: 'point', anchor: first.anchor })
    else this.show(first)
  }

  private tellTerritory(key: string, name: string): void {
    const { bounds } = this
    const middle: LonLat = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
    const label = this.content.imprint.districts.find((one) => one.key === key)?.label ?? middle
    this.tell(label, explainTerritory(this.explainer, key, name), { kind: 'territory', key })
  }

  private go(found: Found): void {
    if (found.point?.anchor) {
      this.city.lookAt(found.point.anchor, Math.max(this.zoom, POINT_ZOOM), false)
      this.show(found.point)
    } else if (found.place?.kind === 'cell') {
      const bounds = boundsOf(found.place.key)
      if (bounds) this.city.lookAt([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2], Math.max(this.zoom, CELL_ZOOM), false)
      this.city.choose({ kind: 'cell', code: found.place.key })
    } else if (found.place) this.tellTerritory(found.place.key, found.text)
  }
}

/** Called by the page that folium wrote, with its map and the packed content. */
export function draw(leaflet: LeafletMap, packed: string): void {
  applyPalette(document.documentElement)
  unpack(packed).then(
    (content) => {
      new SheetFile(leaflet, content)
    },
    () => {
      const [chinese, english] = [wordsIn('zh'), wordsIn('en')]
      const sentences = [chinese, english].map(({ t }) => element('p', {}, [t('paper.unreadable')]))
      leaflet.getContainer().after(element('div', { class: 'unreadable', role: 'alert' }, sentences))
    },
  )
}

Object.assign(globalThis, { riskmap: { draw } })
