/** What the API answers, as far as the screens read it. */
export type Colour = 'on_time' | 'amber' | 'yellow' | 'red' | 'upgraded' | 'paused' | 'none'

export interface Named {
  id: string
  name: string
}

export interface Post {
  id: string
  post: string
  post_title: string
  organisation: Named
  area: { code: string; name: string } | null
  active: boolean
}

export interface Me {
  person: Named
  posts: Post[]
  permissions: string[]
  language: string
  mfa: boolean
  needs_mfa?: boolean
  csrf: string
}

export interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
  $ref?: string
  $defs?: Record<string, Schema>
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  'x-widget'?: string
  'x-source'?: string
  'x-unit'?: string
  'x-choices'?: { value: string | number | boolean; title: string }[]
  'x-order'?: string[]
  'x-purpose'?: string
  'x-hidden-on-report'?: boolean
}

export interface MoveInfo {
  name: string
  title: string
  asks: Schema | null
  danger: boolean
}

export interface PossibleMove extends MoveInfo {
  likely: boolean
  why_not: string | null
}

export interface LoopInfo {
  kind: string
  version: number
  title: string
  may_report?: boolean
  states: { id: string; title?: string; name?: string }[]
  moves: MoveInfo[]
}

export interface Box {
  key: string
  title: string
  count: number | null
}

export interface CaseRow {
  id: string
  number: string
  kind: string
  kind_title: string
  title: string
  state: string
  state_title: string
  colour: Colour
  due_at: string | null
  clock: string | null
  clock_title: string | null
  category: string | null
  category_title: string | null
  area: string
  area_title: string
  address: string | null
  channel: string
  channel_title?: string
  level: string | null
  confidentiality: number
  lead: Named | null
  handler: Named | null
  held_since: string | null
  created_at: string
  version: number
  danger: boolean
  rating?: number | null
  lon?: number | null
  lat?: number | null
}

export interface CasePage {
  items: CaseRow[]
  next: string | null
}

export interface FileInfo {
  id: string
  name: string
  url: string
  thumb?: string | null
  size?: number
  type?: string
  sha256?: string
}

export interface ClockInfo {
  name: string
  title: string
  org: string | null
  budget_text: string
  due_at: string | null
  used_percent: number
  running: boolean
  ended?: boolean
  colour: Colour
}

export interface TimelineEntry {
  seq: number
  at: string
  move: string
  sentence: string
  actor: string | null
  org: string | null
  text: string | null
  files: FileInfo[]
  hash: string
}

export interface SideRequest {
  id: string
  kind: string
  title: string
  state: string
  state_title?: string
  asked_by: string | null
  asked_org?: string
  asked_at: string
  to?: string
  due_at?: string | null
  asked: Record<string, unknown>
  asked_text: string
  answer: string | null
  may_answer: boolean
  answer_asks?: Schema | null
}

export interface RequestKind {
  kind: string
  title: string
  asks: Schema | null
}

export interface Linked {
  id: string
  number: string
  relation: string
  title: string
  state_title: string
  reporter: ReporterInfo | null
  files: FileInfo[]
}

export interface ReporterInfo {
  name: string
  masked_phone: string
  anonymous: boolean
}

export interface TownDesk {
  key: string
  title: string
  count: number
  colours: Record<string, number>
}

export interface StandardText {
  id: string
  title: string
  text: string
  holes: string[]
}

export interface RowDone {
  id: string
  done: boolean
  version: number | null
  message: string
  code: string
}

export interface Suggestion {
  organisation?: string
  category?: string
  level?: string
  why?: { rule: number; text: string; text_en: string }[]
}

export interface CaseDetail extends CaseRow {
  text: string
  reporter: ReporterInfo | null
  assisting: Named[]
  receipt_url: string | null
  loop_version: number
  counts: { objections: number; reworks: number; reopens: number; extensions: number }
  suggestion?: Suggestion | null
  moves: PossibleMove[]
  requests_allowed: RequestKind[]
  requests: SideRequest[]
  clocks: ClockInfo[]
  timeline: TimelineEntry[]
  linked: Linked[]
  files: FileInfo[]
}
