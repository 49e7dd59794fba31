/** Views a person has kept under a name, on this machine. */
import { ref } from 'vue'

import type { Filters } from './inbox'

export interface View {
  name: string
  filters: Filters
}

const STORE = 'fengqiao.views'

function recall(): View[] {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '[]') as View[]
  } catch {
    return []
  }
}

export const views = ref<View[]>(recall())

function keep(next: View[]): void {
  views.value = next
  localStorage.setItem(STORE, JSON.stringify(next))
}

export const keepView = (view: View): void => keep([...views.value.filter((one) => one.name !== view.name), view])
export const dropView = (name: string): void => keep(views.value.filter((one) => one.name !== name))
