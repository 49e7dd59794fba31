/** The list of cases for a set of filters: first page, further pages, and what was picked. */
import { computed, ref } from 'vue'

import { ApiError, get } from '@/shared/api'
import type { CasePage, CaseRow } from '@/shared/types'

export const FILTERS = ['box', 'state', 'colour', 'kind', 'category', 'area', 'org', 'desk', 'mine', 'q', 'sort'] as const
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>

const LIMIT = 50
/** No page of the API is longer; what was scrolled to below it stays as it was read. */
const MOST = 200

export function useInbox() {
  const items = ref<CaseRow[]>([])
  const next = ref<string | null>(null)
  const busy = ref(false)
  const loaded = ref(false)
  const problem = ref<ApiError | null>(null)
  const picked = ref<string | null>(null)
  let filters: Filters = {}
  let turn = 0

  const place = computed(() => items.value.findIndex((row) => row.id === picked.value))

  async function fetchPage(after: string | null, limit: number): Promise<CasePage | null> {
    const mine = ++turn
    busy.value = true
    problem.value = null
    try {
      const page = await get<CasePage>('/api/cases', { ...filters, after, limit })
      return mine === turn ? page : null
    } catch (cause) {
      if (mine === turn) problem.value = cause as ApiError
      return null
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  async function show(wanted: Filters): Promise<void> {
    filters = wanted
    items.value = []
    loaded.value = false
    await again()
  }

  /** Read the list anew without losing what was scrolled into view. */
  async function again(): Promise<void> {
    const page = await fetchPage(null, Math.min(MOST, Math.max(LIMIT, items.value.length)))
    if (!page) return
    loaded.value = true
    const shorter = items.value.length > page.items.length && page.next !== null
    const known = new Set(page.items.map((row) => row.id))
    const below = shorter ? items.value.slice(page.items.length).filter((row) => !known.has(row.id)) : []
    items.value = [...page.items, ...below]
    if (!shorter) next.value = page.next
  }

  async function more(): Promise<void> {
    if (busy.value || !next.value) return
    const page = await fetchPage(next.value, LIMIT)
    if (!page) return
    const known = new Set(items.value.map((row) => row.id))
    items.value.push(...page.items.filter((row) => !known.has(row.id)))
    next.value = page.next
  }

  function step(by: number): CaseRow | null {
    if (!items.value.length) return null
    const to = place.value < 0 ? 0 : Math.min(items.value.length - 1, Math.max(0, place.value + by))
    picked.value = items.value[to].id
    if (to > items.value.length - 5) void more()
    return items.value[to]
  }

  return { items, next, busy, loaded, problem, picked, place, show, again, more, step }
}

export type Inbox = ReturnType<typeof useInbox>
