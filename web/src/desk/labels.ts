/** What filters are called: from the loops, the lists the reader has searched, or the catalogue. */
import { labelOf } from '@/shared/form/sources'
import { t } from '@/shared/words'

import { desks } from './desks'
import type { FILTERS } from './inbox'
import { loops } from './session'

type Name = (typeof FILTERS)[number]

export const COLOURS = ['on_time', 'amber', 'yellow', 'red', 'upgraded', 'paused'] as const

/** Every state any loop knows, once, under its first title. */
export function states(): { id: string; title: string }[] {
  const all = new Map<string, string>()
  for (const loop of loops.value) for (const state of loop.states) if (!all.has(state.id)) all.set(state.id, state.title ?? state.name ?? state.id)
  return Array.from(all, ([id, title]) => ({ id, title }))
}

export function labelFor(name: Name, value: string): string {
  if (name === 'state') return states().find((state) => state.id === value)?.title ?? value
  if (name === 'kind') return loops.value.find((loop) => loop.kind === value)?.title ?? value
  if (name === 'colour') return t(`colour.${value}`)
  if (name === 'desk') return desks.value.find((desk) => desk.key === value)?.title ?? value
  if (name === 'mine') return t('filter.mine')
  if (name === 'q') return t('filter.text', { text: value })
  return labelOf(value)
}
