/** The four desks of a town as last counted; the list of filters needs their names. */
import { ref } from 'vue'

import type { TownDesk } from '@/shared/types'

export const desks = ref<TownDesk[]>([])
