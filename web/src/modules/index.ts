/** Panels of modules: `modules/<kind>/panel.vue` appears on the page of every case of that kind. */
import { defineAsyncComponent, type Component } from 'vue'

const found = import.meta.glob<{ default: Component }>('./*/panel.vue')
const panels = new Map(Object.entries(found).map(([path, load]) => [path.split('/')[1], defineAsyncComponent(async () => (await load()).default)]))

export function panelsFor(kind: string): Component[] {
  const panel = panels.get(kind)
  return panel ? [panel] : []
}
