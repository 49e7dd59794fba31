/** The boxes of the side rail with their counts, kept fresh by events where the server sends them, else by asking. */
import { ref, watch } from 'vue'

import { get } from '@/shared/api'
import type { Box } from '@/shared/types'

import { me, signedOut } from './session'

const EVERY = 30_000
/** However much happens on the server, the page reads anew no oftener. */
const SELDOM = 6_000

/** The letter after g that opens each box. */
export const LETTERS: Record<string, string> = {
  to_accept: 'a',
  to_triage: 't',
  to_assign: 'd',
  to_sign: 's',
  in_hand: 'h',
  to_verify: 'v',
  to_close: 'c',
  requests: 'r',
  paused: 'p',
  closed: 'x',
  all: 'l',
}

export const boxes = ref<Box[]>([])
export const boxProblem = ref('')

/** Rises whenever something may have changed on the server. */
export const pulse = ref(0)

export async function countBoxes(): Promise<void> {
  if (!me.value || signedOut.value) return
  try {
    boxes.value = await get<Box[]>('/api/cases/boxes')
    boxProblem.value = ''
  } catch (cause) {
    boxProblem.value = (cause as Error).message
  }
}

let waiting = 0
let last = 0
let stream: EventSource | null = null

function readAnew(): void {
  last = Date.now()
  pulse.value += 1
  void countBoxes()
}

function heard(): void {
  if (document.hidden) return
  clearTimeout(waiting)
  waiting = window.setTimeout(readAnew, Math.max(800, last + SELDOM - Date.now()))
}

/** A stream that was refused stays closed: asking every 30 s goes on, and the next sign-in tries again. */
function listen(): void {
  stream?.close()
  stream = new EventSource('/live/cases')
  stream.addEventListener('cases', heard)
}

export function watchBoxes(): void {
  void countBoxes()
  listen()
  setInterval(() => document.hidden || readAnew(), EVERY)
  document.addEventListener('visibilitychange', () => document.hidden || heard())
  watch(signedOut, (out) => (out ? stream?.close() : listen()))
}
