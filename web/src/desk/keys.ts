/** The keyboard of the desk. Every key stands in SHEET, which the ? sheet shows. */
import { onBeforeUnmount, onMounted } from 'vue'

export const SHEET = ['j', 'k', 'Enter', 'e', 'a', 'x', 'X', 'Ctrl+Enter', '/', 'n', 'Esc', '?'] as const

type Acts = Record<string, (event: KeyboardEvent) => void>

function typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

const AFTER_G = 1500

/** Listen for single keys, and for g followed by a letter (named "g a" and so on). */
export function useKeys(acts: Acts): void {
  let begun = 0

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return
    if (typing(event) && event.key !== 'Escape') return
    const second = event.timeStamp - begun < AFTER_G && begun > 0
    begun = 0
    const name = second ? `g ${event.key}` : event.key
    if (event.key === 'g' && !second) begun = event.timeStamp
    const act = acts[name]
    if (!act) return
    // Enter on a link or a button already means something.
    if (event.key === 'Enter' && (event.target as HTMLElement).closest('a, button, summary, label')) return
    event.preventDefault()
    act(event)
  }

  onMounted(() => document.addEventListener('keydown', press))
  onBeforeUnmount(() => document.removeEventListener('keydown', press))
}
