/** Where remote choices come from, and what they were called (drafts only keep ids). */
import { get } from '../api'
import { shortNumber } from '../number'
import { t } from '../words'
import type { Field } from './schema'

export interface Choice {
  id: string
  name: string
  group: string
  note: string
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
  parent?: string
  area_title?: string
  organisation?: string
  sla?: string
  confidentiality?: number
}

const SOURCES: Record<string, string> = {
  category: '/api/categories',
  organisation: '/api/organisations',
  organisations: '/api/organisations',
  person: '/api/persons',
}
const ORGANISATION = new Set(['organisation', 'organisations'])
const names = new Map<string, string>()
const whole = new Map<string, Choice[]>()

export const labelOf = (id: string): string => names.get(id) ?? id

function choiceOf(row: Raw): Choice {
  const id = row.id ?? row.code ?? row.kind ?? row.value ?? ''
  const name = row.name ?? row.title ?? row.label ?? id
  const label = row.number ? `${shortNumber(row.number)} ${name}` : name
  const where = row.area_title && !name.includes(row.area_title) ? row.area_title : row.organisation
  return { id, name: where ? `${label} · ${where}` : label, group: row.group ?? '', note: '' }
}

/** A tree that comes as rows with parents: only its leaves can be chosen, under the names of their classes. */
function leaves(rows: Raw[]): Choice[] {
  const titles = new Map(rows.map((row) => [row.code ?? '', row.name ?? '']))
  const parents = new Set(rows.map((row) => row.parent).filter(Boolean))
  return rows
    .filter((row) => !parents.has(row.code))
    .map((row) => ({
      id: row.code ?? '',
      name: `${row.code} ${row.name}`,
      group: titles.get(row.parent ?? '') ?? '',
      note: t('choice.category', { sla: row.sla ?? '', level: row.confidentiality ?? '' }),
    }))
}

function learned(answer: Raw[] | { items: Raw[] }, tree = false): Choice[] {
  const rows = Array.isArray(answer) ? answer : answer.items
  const choices = tree ? leaves(rows) : rows.map(choiceOf)
  choices.forEach((choice) => names.set(choice.id, choice.name))
  return choices
}

const fits = (choice: Choice, typed: string) => `${choice.name} ${choice.group}`.toLowerCase().includes(typed.toLowerCase())

/** Categories and kinds are small and fetched once; everything else is searched on the server. */
export async function found(field: Pick<Field, 'widget' | 'source'>, typed: string, area = ''): Promise<Choice[]> {
  const source = field.source || SOURCES[field.widget] || ''
  if (field.widget !== 'category' && source !== '/api/loops') return learned(await get<Raw[]>(source, typed.trim() ? { q: typed.trim() } : { area: ORGANISATION.has(field.widget) ? area : '' }))
  const tree = whole.get(source) ?? learned(await get<Raw[]>(source), field.widget === 'category')
  whole.set(source, tree)
  return typed ? tree.filter((choice) => fits(choice, typed)) : tree
}

export function grouped(choices: Choice[]): { title: string; choices: Choice[] }[] {
  const groups = new Map<string, Choice[]>()
  for (const choice of choices) groups.set(choice.group, [...(groups.get(choice.group) ?? []), choice])
  return Array.from(groups, ([title, members]) => ({ title, choices: members }))
}
