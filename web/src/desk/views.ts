/** Views a person has kept under a name: on the server, so that they are there on every machine. */
import { ref } from 'vue'

import { get, newKey, send } from '@/shared/api'

import type { Filters } from './inbox'

export interface View {
  id: string
  name: string
  asked: Record<string, string>
}

export const views = ref<View[]>([])

export async function readViews(): Promise<void> {
  views.value = await get<View[]>('/api/desk/views').catch(() => views.value)
}

/** Keep what the list is narrowed to; the same name again changes it. */
export async function keepView(name: string, filters: Filters): Promise<void> {
  const asked = Object.fromEntries(Object.entries(filters).filter(([, value]) => value))
  await send<View>('/api/desk/views', { name, asked }, newKey())
  await readViews()
}

export async function dropView(view: View): Promise<void> {
  await send(`/api/desk/views/${view.id}`, {}, newKey(), 'DELETE')
  await readViews()
}
