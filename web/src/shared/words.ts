/** Screen text in the reader's language. Labels of states, moves and fields come from the server instead. */
import { ref } from 'vue'

type Catalogue = Record<string, string>

const catalogues = import.meta.glob<{ default: Catalogue }>('../locales/*.json')
const words = ref<Catalogue>({})

export const language = ref('zh-Hans')

/** Load the catalogue that fits the page's language; Chinese when none does. */
export async function speak(wanted: string): Promise<void> {
  language.value = wanted.toLowerCase().startsWith('en') ? 'en' : 'zh-Hans'
  const loaded = await catalogues[`../locales/${language.value}.json`]()
  words.value = loaded.default
}

/** The sentence for a key, its {holes} filled. An unknown key shows itself, so that it is noticed. */
export function t(key: string, facts: Record<string, string | number> = {}): string {
  const sentence = words.value[key] ?? key
  return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => String(facts[name] ?? hole))
}

const COOKIE_YEAR = 'path=/; max-age=31536000; samesite=lax'

/** Change the language of every page of the house and start this one again. */
export function chooseLanguage(wanted: 'zh-Hans' | 'en'): void {
  const name = document.documentElement.dataset.languageCookie ?? 'language'
  document.cookie = `${name}=${wanted === 'en' ? 'en' : 'zh-hans'}; ${COOKIE_YEAR}`
  location.reload()
}
