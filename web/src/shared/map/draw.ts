/** The picture itself: MapLibre, fetched when the first map is opened, with one style for day and night and no foreign server. */
import type * as GeoJSON from 'geojson'
import * as maplibregl from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

import { t } from '@/shared/words'

import { hatch, paint, type Five } from './paint'
import { ground, type Beginning, type Coloured, type Layer, type Level, type Seen } from './source'

maplibregl.setWorkerUrl(workerUrl)

export type { Map } from 'maplibre-gl'
type Data = GeoJSON.FeatureCollection

/** What the picture tells whoever asked for it: it is there, or a part of the ground could not be fetched. */
interface Told {
  laid: () => void
  missing: (sentence: string) => void
}

const LEVELS: Record<Level, { from: number; names: number; width: number }> = {
  grid: { from: 11.5, names: 15, width: 0.7 },
  village: { from: 10, names: 12.5, width: 1.1 },
  town: { from: 0, names: 0, width: 2 },
}
const nothing: Data = { type: 'FeatureCollection', features: [] }
const at = (lon: number, lat: number, properties: Record<string, unknown>) =>
  ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties }) as GeoJSON.Feature

/** The layers of the style that draw one row of the table, lowest first. */
const PARTS: Record<string, (layer: Layer) => string[]> = {
  tiles: () => ['tiles'],
  five_colours: () => ['five', 'five-none'],
  areas: (layer) => [`${layer.of}-line`, `${layer.of}-name`],
  sealed: () => ['sealed-mark', 'sealed-count'],
  cases: () => ['cluster', 'cluster-count', 'point', 'point-picked'],
}
export const partsOf = (layer: Layer) => PARTS[layer.draws]?.(layer) ?? []

export function makeMap(box: HTMLElement, begin: Beginning, english: boolean, told: Told, view?: { center: [number, number]; zoom: number }): maplibregl.Map {
  const shade = paint()
  const map = new maplibregl.Map({
    container: box,
    style: { version: 8, sources: {}, layers: [{ id: 'paper', type: 'background', paint: { 'background-color': shade.ground } }] },
    ...(view ?? (begin.extent ? { bounds: begin.extent, fitBoundsOptions: { padding: 24 } } : {})),
    attributionControl: begin.credit ? { customAttribution: begin.credit } : false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: {
      'Map.Title': t('map.title'),
      'NavigationControl.ZoomIn': t('map.in'),
      'NavigationControl.ZoomOut': t('map.out'),
      'AttributionControl.ToggleAttribution': t('map.credit'),
    },
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new maplibregl.ScaleControl({}), 'bottom-left')
  map.on('load', () => lay(map, begin, english, told))
  return map
}

function lay(map: maplibregl.Map, begin: Beginning, english: boolean, told: Told): void {
  const shade = paint()
  map.addImage('hatch', hatch())
  if (begin.tiles.length) {
    map.addSource('tiles', { type: 'raster', tiles: begin.tiles, tileSize: 256, maxzoom: 18 })
    map.addLayer({ id: 'tiles', type: 'raster', source: 'tiles' })
  }
  map.addSource('five', { type: 'geojson', data: nothing })
  map.addLayer({ id: 'five', type: 'fill', source: 'five', filter: ['!=', ['get', 'fill'], ''], paint: { 'fill-color': ['to-color', ['get', 'fill'], '#000'] } })
  map.addLayer({ id: 'five-none', type: 'fill', source: 'five', filter: ['==', ['get', 'fill'], ''], paint: { 'fill-pattern': 'hatch' } })
  for (const level of ['grid', 'village', 'town'] as Level[]) addLevel(map, level, english, told)
  addMarks(map, shade)
  told.laid()
}

function addLevel(map: maplibregl.Map, level: Level, english: boolean, told: Told): void {
  const { from, names, width } = LEVELS[level]
  const shade = paint()
  map.addSource(level, { type: 'geojson', data: nothing })
  map.addSource(`${level}-names`, { type: 'geojson', data: nothing })
  map.addLayer({ id: `${level}-line`, type: 'line', source: level, minzoom: from, paint: { 'line-color': level === 'town' ? shade.strong : shade.line, 'line-width': width } })
  map.addLayer({
    id: `${level}-name`, type: 'symbol', source: `${level}-names`, minzoom: names, ...(level === 'town' ? { maxzoom: 14 } : {}),
    layout: { 'text-field': ['get', 'name'], 'text-size': level === 'town' ? 14 : 12, 'text-max-width': english ? 8 : 6, 'text-allow-overlap': level === 'town' },
    paint: { 'text-color': level === 'town' ? shade.ink : shade.quiet, 'text-halo-color': shade.ground, 'text-halo-width': 1.5 },
  })
  // Grids are two thirds of all outlines; nobody waits for them who looks at the whole district.
  const fetchNow = () => {
    if (map.getZoom() < from - 0.5) return
    map.off('move', fetchNow)
    fetchLevel(map, level, english).catch((cause: Error) => told.missing(cause.message))
  }
  map.on('move', fetchNow)
  fetchNow()
}

async function fetchLevel(map: maplibregl.Map, level: Level, english: boolean): Promise<void> {
  const found = await ground(level)
  if (!map.getSource(level)) return
  ;(map.getSource(level) as maplibregl.GeoJSONSource).setData(found as unknown as Data)
  const named = found.features.map(({ properties: one }) => at(...one.at, { name: english && one.name_en ? one.name_en : one.name }))
  ;(map.getSource(`${level}-names`) as maplibregl.GeoJSONSource).setData({ type: 'FeatureCollection', features: named })
}

function addMarks(map: maplibregl.Map, shade: ReturnType<typeof paint>): void {
  const [none, onTime, amber, yellow, red, upgraded] = shade.clocks
  const clock: maplibregl.ExpressionSpecification = ['match', ['get', 'rung'], -1, none, 0, onTime, 1, amber, 2, yellow, 3, red, 4, upgraded, none]
  for (const name of ['sealed', 'clusters', 'points']) map.addSource(name, { type: 'geojson', data: nothing })
  const count = { 'text-field': ['get', 'n'] as maplibregl.ExpressionSpecification, 'text-size': 13, 'text-allow-overlap': true, 'text-ignore-placement': true }
  map.addLayer({ id: 'sealed-mark', type: 'circle', source: 'sealed', paint: { 'circle-radius': 11, 'circle-translate': [0, 22], 'circle-color': shade.surface, 'circle-stroke-color': shade.quiet, 'circle-stroke-width': 1.5 } })
  map.addLayer({ id: 'sealed-count', type: 'symbol', source: 'sealed', layout: { ...count, 'text-size': 11 }, paint: { 'text-color': shade.quiet, 'text-translate': [0, 22] } })
  map.addLayer({
    id: 'cluster', type: 'circle', source: 'clusters',
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['log10', ['get', 'n']], 0, 11, 1, 15, 2, 21, 3, 28, 4, 36],
      'circle-color': shade.surface, 'circle-stroke-color': clock, 'circle-stroke-width': ['match', ['get', 'rung'], [3, 4], 4, 2.5],
    },
  })
  map.addLayer({ id: 'cluster-count', type: 'symbol', source: 'clusters', layout: count, paint: { 'text-color': shade.ink } })
  map.addLayer({
    id: 'point', type: 'circle', source: 'points', layout: { 'circle-sort-key': ['get', 'rung'] },
    paint: { 'circle-radius': ['match', ['get', 'rung'], [3, 4], 8, [1, 2], 7, 6], 'circle-color': clock, 'circle-stroke-color': shade.surface, 'circle-stroke-width': 1.5 },
  })
  map.addLayer({
    id: 'point-picked', type: 'circle', source: 'points', filter: ['==', ['get', 'id'], ''],
    paint: { 'circle-radius': 12, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': shade.maple, 'circle-stroke-width': 3 },
  })
}

function fill(map: maplibregl.Map, name: string, features: GeoJSON.Feature[]): void {
  ;(map.getSource(name) as maplibregl.GeoJSONSource | undefined)?.setData({ type: 'FeatureCollection', features })
}

export async function drawCases(map: maplibregl.Map, seen: Seen): Promise<void> {
  fill(map, 'clusters', seen.clusters.map(([cell, lon, lat, n, rung]) => at(lon, lat, { cell, n, rung })))
  fill(map, 'points', seen.points.map(([id, lon, lat, rung, state]) => at(lon, lat, { id, rung, state })))
  const towns = (await ground('town')).features.filter(({ properties }) => seen.sealed[properties.code])
  fill(map, 'sealed', towns.map(({ properties: one }) => at(...one.at, { n: seen.sealed[one.code], code: one.code })))
}

export async function drawFive(map: maplibregl.Map, rows: Coloured[], level: 'town' | 'village', palette: Record<Five, string>): Promise<void> {
  const found = new globalThis.Map(rows.map((row) => [row.area, row]))
  const areas = (await ground(level)).features.filter(({ properties }) => found.has(properties.code))
  fill(map, 'five', areas.map((one) => ({ ...one, properties: { code: one.properties.code, fill: palette[found.get(one.properties.code)?.colour as Five] ?? '' } }) as unknown as GeoJSON.Feature))
}

/** Put the layers into the reader's order, as dense as the reader wants them. */
export function arrange(map: maplibregl.Map, layers: Layer[]): void {
  for (const layer of layers) {
    for (const id of partsOf(layer)) {
      const drawn = map.getLayer(id)
      if (!drawn) continue
      map.moveLayer(id)
      map.setLayoutProperty(id, 'visibility', layer.shown ? 'visible' : 'none')
      const share = layer.opacity / 100
      const kinds: Record<string, string[]> = { raster: ['raster-opacity'], fill: ['fill-opacity'], line: ['line-opacity'], symbol: ['text-opacity'], circle: ['circle-opacity', 'circle-stroke-opacity'] }
      for (const property of kinds[drawn.type] ?? []) map.setPaintProperty(id, property as 'fill-opacity', share)
    }
  }
}

export const pick = (map: maplibregl.Map, id: string) => map.getLayer('point-picked') && map.setFilter('point-picked', ['==', ['get', 'id'], id])

/** A mark where somebody tapped. */
export const marker = (map: maplibregl.Map, lon: number, lat: number) => new maplibregl.Marker({ color: paint().maple }).setLngLat([lon, lat]).addTo(map)
