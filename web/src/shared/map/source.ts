/** What the map asks the server for, and what it gets. */
import { get } from '@/shared/api'
import type { CaseRow } from '@/shared/types'

export type Box = [west: number, south: number, east: number, north: number]
export type Level = 'town' | 'village' | 'grid'

export interface Layer {
  key: string
  title: string
  draws: 'tiles' | 'areas' | 'five_colours' | 'cases' | 'sealed'
  of: string
  owner: string
  source: string
  refresh: number
  opacity: number
  shown: boolean
}

export interface Beginning {
  extent: Box | null
  near: number
  layers: Layer[]
  tiles: string[]
  credit: string
  indicators: { key: string; title: string; meaning: string }[]
  at: string
}

export interface Seen {
  clusters: [cell: string, lon: number, lat: number, cases: number, rung: number][]
  points: [id: string, lon: number, lat: number, rung: number, state: string][]
  sealed: Record<string, number>
  nowhere: number
  more: boolean
  at: string
}

export interface Coloured {
  area: string
  name: string
  part: number
  whole: number
  low: number | null
  high: number | null
  colour: string
}

export interface Ground {
  type: 'FeatureCollection'
  features: { type: 'Feature'; properties: { code: string; name: string; name_en: string; at: [number, number] }; geometry: never }[]
}

export type Filters = Record<string, string | undefined>

const inBox = ([west, south, east, north]: Box) => ({ west, south, east, north })
const kept = new Map<string, Promise<unknown>>()

/** Asked once while the page lives; a failure is not kept. */
function once<T>(path: string): Promise<T> {
  const found = kept.get(path) as Promise<T> | undefined
  if (found) return found
  const asked = get<T>(path).catch((cause: unknown) => {
    kept.delete(path)
    throw cause
  })
  kept.set(path, asked)
  return asked
}

export const beginning = () => get<Beginning>('/api/map')
export const ground = (level: Level) => once<Ground>(`/api/map/ground/${level}`)
export const colours = (key: string, level: 'town' | 'village') => get<Coloured[]>(`/api/map/colours/${key}`, { level })
export const casesIn = (box: Box, zoom: number, filters: Filters, signal?: AbortSignal) => get<Seen>('/api/map/cases', { ...filters, ...inBox(box), zoom }, signal)
export const rowsIn = (box: Box, filters: Filters, signal?: AbortSignal) => get<CaseRow[]>('/api/map/rows', { ...filters, ...inBox(box) }, signal)
