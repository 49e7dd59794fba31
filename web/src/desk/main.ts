/** The desk: where dispatchers and handlers see what is to do, and do it. */
import '@/shared/tokens.css'
import '@/shared/base.css'
import { createApp } from 'vue'

import { speak } from '@/shared/words'

import App from './App.vue'
import { router } from './router'
import { begin } from './session'
import { applyTheme } from './theme'

applyTheme()
await Promise.all([speak(document.documentElement.lang || navigator.language), begin()])
createApp(App).use(router).mount('#desk')
