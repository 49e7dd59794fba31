/** Rows picked out to be moved together, and the move that is next for all of them. */
import { computed, ref, type Ref } from 'vue'

import type { CaseRow } from '@/shared/types'

import { may } from './session'

/** What may be done to several at once, by the state in which it is the next thing. */
const NEXT: Record<string, string> = { R: 'accept', A: 'triage', T: 'assign', D: 'sign', V: 'close' }

export function useSelection(items: Ref<CaseRow[]>) {
  const ids = ref(new Set<string>())
  let from = ''

  const rows = computed(() => items.value.filter((row) => ids.value.has(row.id)))
  /** Only rows of one kind and state share a next move. */
  const move = computed(() => {
    const [first, ...others] = rows.value
    if (!first || others.some((row) => row.state !== first.state || row.kind !== first.kind)) return ''
    const next = NEXT[first.state] ?? ''
    return next && may(`${first.kind}:${next}`) ? next : ''
  })

  function toggle(id: string): void {
    const next = new Set(ids.value)
    if (!next.delete(id)) next.add(id)
    from = id
    ids.value = next
  }

  /** Everything between the row that was picked last and this one. */
  function upTo(id: string): void {
    const place = (one: string) => items.value.findIndex((row) => row.id === one)
    const [low, high] = [place(from), place(id)].sort((a, b) => a - b)
    if (low < 0) return toggle(id)
    ids.value = new Set([...ids.value, ...items.value.slice(low, high + 1).map((row) => row.id)])
  }

  function clear(): void {
    ids.value = new Set()
    from = ''
  }

  return { ids, rows, move, toggle, upTo, clear }
}

export type Selection = ReturnType<typeof useSelection>
