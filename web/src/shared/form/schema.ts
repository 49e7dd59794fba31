/** Turns the JSON Schema of what a move asks into fields a person can fill in. */
import type { Schema } from '../types'

export interface Option {
  value: string | number | boolean
  label: string
}

export interface Field {
  name: string
  title: string
  help: string
  purpose: string
  widget: string
  required: boolean
  options: Option[]
  source: string
  many: boolean
  numeric: boolean
  min?: number
  max?: number
  longest?: number
  unit: string
  columns: Field[]
  default: unknown
}

export type Values = Record<string, unknown>

/** Follow $ref and look through the null alternative that optional fields carry. */
function settle(schema: Schema, root: Schema): Schema {
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop() ?? ''
    const { $ref: _gone, ...own } = schema
    return settle({ ...(root.$defs?.[name] ?? {}), ...own }, root)
  }
  if (schema.allOf?.length === 1) {
    const { allOf, ...own } = schema
    return settle({ ...allOf[0], ...own }, root)
  }
  const real = schema.anyOf?.filter((one) => one.type !== 'null')
  if (real?.length === 1) {
    const { anyOf: _gone, ...own } = schema
    return settle({ ...real[0], ...own }, root)
  }
  return schema
}

function optionsOf(schema: Schema): Option[] {
  if (schema.oneOf) {
    return schema.oneOf.map((one) => ({ value: one.const as string, label: one.title ?? String(one.const) }))
  }
  if (schema['x-choices']) return schema['x-choices'].map(({ value, title }) => ({ value, label: title }))
  return (schema.enum ?? []).filter((value) => value !== null).map((value) => ({ value: value as string, label: String(value) }))
}

function guess(schema: Schema, many: boolean): string {
  if (schema.enum || schema.oneOf) return 'choice'
  if (many) return schema.properties ? 'table' : 'text'
  if (schema.type === 'boolean') return 'switch'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.format === 'date-time') return 'datetime'
  if (schema.format === 'date') return 'date_limit'
  if (schema.properties) return 'group'
  return (schema.maxLength ?? 0) > 200 ? 'long_text' : 'text'
}

function fieldOf(name: string, raw: Schema, required: boolean, root: Schema): Field {
  const schema = settle(raw, root)
  const many = schema.type === 'array'
  const item = many ? settle(schema.items ?? {}, root) : schema
  const widget = schema['x-hidden-on-report'] ? 'hidden' : (schema['x-widget'] ?? item['x-widget'] ?? guess(item, many))
  return {
    name,
    title: schema.title ?? name,
    help: schema.description ?? '',
    purpose: schema['x-purpose'] ?? '',
    widget,
    required: required && widget !== 'switch',
    options: optionsOf(schema['x-choices'] ? schema : item),
    source: schema['x-source'] ?? '',
    many: many || widget === 'organisations',
    numeric: item.type === 'integer' || item.type === 'number',
    min: schema.minimum,
    max: schema.maximum,
    longest: schema.maxLength,
    unit: schema['x-unit'] ?? '',
    columns: item.properties && widget !== 'place' ? columnsOf(item, root) : [],
    default: schema.default,
  }
}

function columnsOf(schema: Schema, root: Schema): Field[] {
  const required = new Set(schema.required ?? [])
  const all = schema.properties ?? {}
  const order = schema['x-order'] ?? Object.keys(all)
  return order.map((name): [string, Schema] => [name, all[name]]).map(([name, one]) => fieldOf(name, one, required.has(name), root))
}

export function fieldsOf(schema: Schema | null | undefined): Field[] {
  return schema ? columnsOf(settle(schema, schema), schema) : []
}

/** What a fresh form starts with. */
export function beginning(fields: Field[]): Values {
  const begun = fields.filter((field) => field.default !== undefined && field.default !== null)
  return Object.fromEntries(begun.map((field) => [field.name, field.default]))
}

export function empty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** What is sent: only what was filled in. */
export function filled(values: Values, fields: Field[]): Values {
  const kept = fields.filter((field) => !empty(values[field.name]))
  return Object.fromEntries(kept.map((field) => [field.name, values[field.name]]))
}

/** The server names a field by its path (asked.place.lon); the form knows the first part that is one of its fields. */
export function errorsFor(fields: Field[], told: Record<string, string>): { beside: Record<string, string>; loose: string[] } {
  const known = new Set(fields.filter((field) => field.widget !== 'hidden').map((field) => field.name))
  const beside: Record<string, string> = {}
  const loose: string[] = []
  for (const [path, sentence] of Object.entries(told)) {
    const name = path.split('.').find((part) => known.has(part))
    if (name) beside[name] = beside[name] ? `${beside[name]} ${sentence}` : sentence
    else loose.push(sentence)
  }
  return { beside, loose }
}
