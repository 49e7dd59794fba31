/** What filters are called: from the loops, the lists the reader has searched, or the catalogue. */
import { labelOf } from '@/shared/form/sources'
import type { Schema } from '@/shared/types'
import { t } from '@/shared/words'

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

/** What a code that somebody chose is called, as far as the given forms or those of any loop offer it. */
export function choiceTitle(code: string, forms: (Schema | null)[]): string {
  const known = [...forms, ...loops.value.flatMap((loop) => loop.moves.map((move) => move.asks))]
  const choices = known.flatMap((form) => Object.values(form?.properties ?? {}).flatMap((field) => field['x-choices'] ?? []))
  return choices.find((choice) => choice.value === code)?.title ?? code
}

export function labelFor(name: Name, value: string): string {
  if (name === 'state') return states().find((state) => state.id === value)?.title ?? value
  if (name === 'kind') return loops.value.find((loop) => loop.kind === value)?.title ?? value
  if (name === 'colour') return t(`colour.${value}`)
  if (name === 'mine') return t('filter.mine')
  if (name === 'q') return t('filter.text', { text: value })
  return labelOf(value)
}
