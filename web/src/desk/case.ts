/** One open case: read, read again, and what has happened to it since it was last looked at. */
import { ref } from 'vue'

import { ApiError, get, readFor } from '@/shared/api'
import type { CaseDetail } from '@/shared/types'

/** For what a confidential case was opened; kept while the page stands, for the log notes every reading. */
const purposes = new Map<string, string>()

export function useCase() {
  const detail = ref<CaseDetail | null>(null)
  const problem = ref<ApiError | null>(null)
  const slow = ref(false)
  let turn = 0

  async function load(id: string): Promise<void> {
    const mine = ++turn
    problem.value = null
    if (detail.value?.id !== id) detail.value = null
    readFor(purposes.get(id) ?? '')
    const timer = window.setTimeout(() => (slow.value = mine === turn), 300)
    try {
      const answer = await get<CaseDetail>(`/api/cases/${id}`)
      if (mine === turn) detail.value = answer
    } catch (cause) {
      if (mine === turn) problem.value = cause as ApiError
    } finally {
      clearTimeout(timer)
      if (mine === turn) slow.value = false
    }
  }

  /** Say for what a confidential case is read, and read it. */
  function say(id: string, purpose: string): Promise<void> {
    purposes.set(id, purpose)
    return load(id)
  }

  return { detail, problem, slow, load, say }
}
