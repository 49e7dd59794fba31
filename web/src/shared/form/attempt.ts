/** One form a person is filling in: its draft, its errors and its key survive errors, reloads and a lost session. */
import { reactive, ref, watch } from 'vue'

import { ApiError, newKey } from '../api'
import { t } from '../words'
import { beginning, empty, errorsFor, filled, type Field, type Values } from './schema'

interface Kept {
  values: Values
  key: string
  body: string
}

const STORE = 'fengqiao.draft.'

function recall(name: string): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(STORE + name) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

function keep(name: string, kept: Kept): void {
  try {
    sessionStorage.setItem(STORE + name, JSON.stringify(kept))
  } catch {
    // A full or forbidden store only costs the draft, never the act.
  }
}

export function useAttempt(draft: string, fields: Field[]) {
  const before = recall(draft)
  const kept: Kept = { values: before?.values ?? beginning(fields), key: before?.key ?? newKey(), body: before?.body ?? '' }
  const values = reactive<Values>(kept.values)
  const errors = ref<Record<string, string>>({})
  const problem = ref<ApiError | null>(null)
  const loose = ref<string[]>([])
  const busy = ref(false)
  const restored = ref(before !== null && Object.values(before.values).some((value) => !empty(value)))
  let finished = false

  watch(values, () => finished || keep(draft, { ...kept, values }), { deep: true })

  function missing(): Record<string, string> {
    const open = fields.filter((field) => field.required && field.widget !== 'hidden' && empty(values[field.name]))
    return Object.fromEntries(open.map((field) => [field.name, t('form.required')]))
  }

  function show(cause: unknown): void {
    if (!(cause instanceof ApiError)) throw cause
    const told = errorsFor(fields, cause.fields)
    errors.value = told.beside
    loose.value = told.loose
    problem.value = cause
  }

  /** Try once. The key stays as long as the body does, so that a repeated attempt is never a second act. */
  async function attempt<T>(act: (asked: Values, key: string) => Promise<T>, also: unknown = ''): Promise<T | null> {
    problem.value = null
    loose.value = []
    errors.value = missing()
    if (Object.keys(errors.value).length) return null
    const asked = filled(values, fields)
    const body = JSON.stringify([asked, also])
    if (body !== kept.body) kept.key = newKey()
    kept.body = body
    keep(draft, { ...kept, values })
    busy.value = true
    try {
      const answer = await act(asked, kept.key)
      forget()
      return answer
    } catch (cause) {
      show(cause)
      return null
    } finally {
      busy.value = false
    }
  }

  function forget(): void {
    finished = true
    sessionStorage.removeItem(STORE + draft)
  }

  function startOver(): void {
    for (const name of Object.keys(values)) delete values[name]
    Object.assign(values, beginning(fields))
    errors.value = {}
    problem.value = null
    restored.value = false
    sessionStorage.removeItem(STORE + draft)
  }

  return { values, errors, problem, loose, busy, restored, attempt, startOver }
}

export type Attempt = ReturnType<typeof useAttempt>
