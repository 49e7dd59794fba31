/** The boxes of the side rail with their counts, kept fresh by events where the server sends them, else by asking. */
import { ref } from 'vue'

import { get } from '@/shared/api'
import type { Box } from '@/shared/types'

import { me, signedOut } from './session'

const EVERY = 30_000

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

/** The ids of cases that others have just changed, as far as the stream told. */
export const touched = ref<string[]>([])

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

function heard(data: string): void {
  try {
    const told = JSON.parse(data) as { case?: string; case_id?: string; id?: string }
    touched.value = [told.case ?? told.case_id ?? told.id ?? '']
  } catch {
    touched.value = []
  }
  clearTimeout(waiting)
  waiting = window.setTimeout(() => {
    pulse.value += 1
    void countBoxes()
  }, 800)
}

function listen(): void {
  const stream = new EventSource('/live/cases')
  for (const name of ['message', 'cases']) stream.addEventListener(name, (event) => heard((event as MessageEvent<string>).data))
  // Closed for good means that this server has no stream: asking every 30 s goes on alone.
  stream.onerror = () => stream.readyState === EventSource.CLOSED && stream.close()
}

export function watchBoxes(): void {
  void countBoxes()
  setInterval(() => {
    if (document.hidden) return
    pulse.value += 1
    void countBoxes()
  }, EVERY)
  listen()
}
