/** Who sits at the desk: person, posts, permissions. */
import { computed, ref } from 'vue'

import { ApiError, get, newKey, onSignedOut, send, useCsrf } from '@/shared/api'
import type { LoopInfo, Me, Post } from '@/shared/types'

export const me = ref<Me | null>(null)
export const signedOut = ref(false)
export const startProblem = ref<ApiError | null>(null)
export const loops = ref<LoopInfo[]>([])

export const activePost = computed<Post | null>(() => me.value?.posts.find((post) => post.active) ?? me.value?.posts[0] ?? null)

onSignedOut(() => (signedOut.value = true))

export function may(permission: string): boolean {
  const held = new Set(me.value?.permissions ?? [])
  return held.has(permission) || held.has(`*:${permission.split(':')[1]}`) || held.has('*')
}

async function learnMe(): Promise<void> {
  const answer = await get<Me>('/api/me')
  me.value = answer
  useCsrf(answer.csrf)
  signedOut.value = false
}

export async function begin(): Promise<void> {
  startProblem.value = null
  try {
    const [, known] = await Promise.all([learnMe(), get<LoopInfo[]>('/api/loops')])
    loops.value = known
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    startProblem.value = cause
  }
}

/** After a new sign-in elsewhere: the same person goes on; another person starts afresh and never meets old drafts. */
export async function comeBack(): Promise<boolean> {
  const before = me.value?.person.id
  try {
    await learnMe()
  } catch {
    return false
  }
  if (before && before !== me.value?.person.id) {
    sessionStorage.clear()
    location.assign('/desk/')
  }
  if (!loops.value.length) await begin()
  return true
}

export async function takePost(id: string): Promise<void> {
  await send('/api/me/post', { id }, newKey())
  await begin()
}

/** The kinds of case this post may report. */
export const reportable = computed(() =>
  loops.value.filter((loop) => loop.moves.some((move) => move.name === 'report') && (loop.may_report ?? may(`${loop.kind}:report`))),
)
