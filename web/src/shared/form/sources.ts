/** Where remote choices come from, and what they were called (drafts only keep ids). */
import { get } from '../api'
import { shortNumber } from '../number'
import type { Field } from './schema'

export interface Choice {
  id: string
  name: string
  group: string
}

interface Raw {
  id?: string
  code?: string
  kind?: string
  number?: string
  value?: string
  name?: string
  title?: string
  label?: string
  group?: string
  children?: Raw[]
}

const SOURCES: Record<string, string> = {
  category: '/api/categories',
  organisation: '/api/organisations',
  organisations: '/api/organisations',
  person: '/api/persons',
}
const names = new Map<string, string>()
const whole = new Map<string, Choice[]>()

export const labelOf = (id: string): string => names.get(id) ?? id

function flat(rows: Raw[], group = ''): Choice[] {
  return rows.flatMap((row) => {
    const id = row.id ?? row.code ?? row.kind ?? row.value ?? ''
    const name = row.name ?? row.title ?? row.label ?? id
    const label = [row.number ? shortNumber(row.number) : row.code, name].filter(Boolean).join(' ')
    if (row.children?.length) return flat(row.children, group ? `${group} / ${name}` : name)
    return [{ id, name: label, group: row.group ?? group }]
  })
}

function learned(answer: Raw[] | { items: Raw[] }): Choice[] {
  const choices = flat(Array.isArray(answer) ? answer : answer.items)
  choices.forEach((choice) => names.set(choice.id, choice.name))
  return choices
}

const fits = (choice: Choice, typed: string) => `${choice.name} ${choice.group}`.toLowerCase().includes(typed.toLowerCase())

/** Categories and kinds are small and fetched once; everything else is searched on the server. */
export async function found(field: Pick<Field, 'widget' | 'source'>, typed: string): Promise<Choice[]> {
  const source = field.source || SOURCES[field.widget] || ''
  if (field.widget !== 'category' && source !== '/api/loops') return learned(await get<Raw[]>(source, { q: typed.trim(), limit: 50 }))
  const tree = whole.get(source) ?? learned(await get<Raw[]>(source))
  whole.set(source, tree)
  return typed ? tree.filter((choice) => fits(choice, typed)) : tree
}

export function grouped(choices: Choice[]): { title: string; choices: Choice[] }[] {
  const groups = new Map<string, Choice[]>()
  for (const choice of choices) groups.set(choice.group, [...(groups.get(choice.group) ?? []), choice])
  return Array.from(groups, ([title, members]) => ({ title, choices: members }))
}
