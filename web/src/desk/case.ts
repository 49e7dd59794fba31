/** One open case: read, read again, and what has happened to it since it was last looked at. */
import { ref } from 'vue'

import { ApiError, get } from '@/shared/api'
import type { CaseDetail } from '@/shared/types'

export function useCase() {
  const detail = ref<CaseDetail | null>(null)
  const problem = ref<ApiError | null>(null)
  const slow = ref(false)
  let turn = 0

  async function load(id: string): Promise<void> {
    const mine = ++turn
    problem.value = null
    if (detail.value?.id !== id) detail.value = null
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

  return { detail, problem, slow, load }
}
