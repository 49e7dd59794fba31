/** What is known about files sent in this tab, so that a restored draft can still show its pictures. */
import { reactive } from 'vue'

import type { FileInfo } from '../types'

const STORE = 'fengqiao.files'

function recall(): Record<string, FileInfo> {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? '{}') as Record<string, FileInfo>
  } catch {
    return {}
  }
}

const known = reactive<Record<string, FileInfo>>(recall())

export const remembered = (id: string): FileInfo | undefined => known[id]

export function remember(info: FileInfo): void {
  known[info.id] = info
  try {
    sessionStorage.setItem(STORE, JSON.stringify(known))
  } catch {
    // Only the thumbnail would be lost.
  }
}
