/** Times as people say them, always in the district's zone and by the server's clock. */
import { computed, ref } from 'vue'

import { language, t } from './words'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const zone = document.documentElement.dataset.zone ?? 'Asia/Shanghai'

let skew = 0
const tick = ref(Date.now())
setInterval(() => (tick.value = Date.now()), 20_000)

/** The server's present, refreshed often enough for clocks in minutes. */
export const now = computed(() => tick.value + skew)

/** Learn how far this machine's clock is from the server's. */
export function learnServerTime(stamp: string | null): void {
  const said = stamp ? Date.parse(stamp) : NaN
  if (!Number.isNaN(said) && Math.abs(said - Date.now()) > 2000) skew = said - Date.now()
}

function parts(at: Date, options: Intl.DateTimeFormatOptions): Record<string, string> {
  const format = new Intl.DateTimeFormat(language.value, { timeZone: zone, ...options })
  return Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]))
}

/** 11月22日 周日 15:04, or Sun 22 Nov 15:04; with the year when it is not this one. */
export function moment(stamp: string | null | undefined): string {
  if (!stamp) return ''
  const at = new Date(stamp)
  const zh = language.value !== 'en'
  const p = parts(at, {
    year: 'numeric', month: zh ? 'numeric' : 'short', day: 'numeric', weekday: 'short',
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  })
  const year = p.year === parts(new Date(now.value), { year: 'numeric' }).year ? '' : p.year
  if (zh) return `${year ? `${year}年` : ''}${p.month}月${p.day}日 ${p.weekday} ${p.hour}:${p.minute}`
  return `${p.weekday} ${p.day} ${p.month}${year ? ` ${year}` : ''} ${p.hour}:${p.minute}`
}

/** 3小时前, or 3 hr. ago. */
export function ago(stamp: string | null | undefined): string {
  if (!stamp) return ''
  const gone = Date.parse(stamp) - now.value
  const say = new Intl.RelativeTimeFormat(language.value, { style: 'short', numeric: 'auto' })
  const size = Math.abs(gone)
  if (size < MINUTE) return t('time.just_now')
  if (size < HOUR) return say.format(Math.round(gone / MINUTE), 'minute')
  if (size < DAY) return say.format(Math.round(gone / HOUR), 'hour')
  return say.format(Math.round(gone / DAY), 'day')
}

/** A length of time in one or two units: 40分, 3时20分, 5天. */
export function length(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  const minutes = Math.max(1, Math.round(size / MINUTE))
  if (size < HOUR) return t('time.minutes', { n: minutes })
  if (size < 10 * HOUR) {
    const rest = minutes % 60
    const hours = t('time.hours', { n: Math.floor(minutes / 60) })
    return rest ? `${hours}${t('time.joint')}${t('time.minutes', { n: rest })}` : hours
  }
  if (size < 2 * DAY) return t('time.hours', { n: Math.round(size / HOUR) })
  return t('time.days', { n: Math.round(size / DAY) })
}

/** The same in one unit. */
function brief(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  return size >= HOUR && size < 10 * HOUR ? t('time.hours', { n: Math.floor(size / HOUR) }) : length(size)
}

/** What is left until a time, or how far it is gone: 剩3小时, 超2天. */
export function remaining(due: string | null, short = false): string {
  if (!due) return ''
  const left = Date.parse(due) - now.value
  if (short) return t(left >= 0 ? 'time.left' : 'time.over', { length: brief(left) })
  return t(left >= 0 ? 'time.left' : 'time.over', { length: length(left) })
}

/** The zone's distance from UTC at a time, in milliseconds. */
function offset(at: Date): number {
  const p = parts(at, {
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23',
  })
  const number = (name: string) => Number.parseInt(p[name], 10)
  const wall = Date.UTC(number('year'), number('month') - 1, number('day'), number('hour'), number('minute'), number('second'))
  return wall - Math.floor(at.getTime() / 1000) * 1000
}

/** What a datetime field shows (zone wall time) for a stamp. */
export function toWall(stamp: string): string {
  const at = new Date(stamp)
  return new Date(at.getTime() + offset(at)).toISOString().slice(0, 16)
}

/** The stamp (UTC) for what was typed into a datetime field. */
export function fromWall(wall: string): string {
  const guess = new Date(`${wall}:00Z`)
  return new Date(guess.getTime() - offset(guess)).toISOString()
}
