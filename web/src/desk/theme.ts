/** Light, dark, or as the system has it. Kept in a cookie, so that the server can start the page in the right one. */
import { ref } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

const COOKIE = 'theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const kept = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1] as Theme | undefined

export const theme = ref<Theme>(kept ?? 'auto')

export function applyTheme(): void {
  const dark = theme.value === 'dark' || (theme.value === 'auto' && system.matches)
  document.documentElement.classList.toggle('dark', dark)
}

export function chooseTheme(wanted: Theme): void {
  theme.value = wanted
  document.cookie = `${COOKIE}=${wanted}; path=/; max-age=31536000; samesite=lax`
  applyTheme()
}

// Paper is white whatever the screen is.
addEventListener('beforeprint', () => document.documentElement.classList.remove('dark'))
addEventListener('afterprint', applyTheme)
system.addEventListener('change', applyTheme)
