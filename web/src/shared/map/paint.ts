/** The colours of the map, taken from the page so that it follows day and night; never colour alone: shapes and words go with them. */
const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

export interface Paint {
  ground: string
  line: string
  strong: string
  ink: string
  quiet: string
  surface: string
  maple: string
  clocks: [none: string, onTime: string, amber: string, yellow: string, red: string, upgraded: string]
}

export function paint(): Paint {
  const dark = document.documentElement.classList.contains('dark')
  return {
    ground: token('--ground'),
    line: token('--line-strong'),
    strong: token('--quiet'),
    ink: token('--ink'),
    quiet: token('--quiet'),
    surface: token('--surface'),
    maple: token('--maple'),
    clocks: dark ? ['#9aa6b1', '#9aa6b1', '#f0c060', '#ffd27a', '#ff7a6e', '#ff7a6e'] : ['#5b6670', '#5b6670', '#8a5a00', '#b86e00', '#b3261e', '#b3261e'],
  }
}

export const FIVE = ['red', 'orange', 'yellow', 'blue', 'green'] as const
export type Five = (typeof FIVE)[number]

/** The usual five, and five that people who mix up red and green can tell apart (after ColorBrewer's RdYlBu, dark to dark). */
const USUAL: Record<Five, string> = { red: '#c8372d', orange: '#e8862e', yellow: '#f0d04a', blue: '#4f8fd0', green: '#3f9a52' }
const SAFE: Record<Five, string> = { red: '#a50026', orange: '#f46d43', yellow: '#ffffbf', blue: '#74add1', green: '#313695' }

export const five = (safe: boolean) => (safe ? SAFE : USUAL)

/** Hatching in grey: what cannot be assessed is neither good nor bad. */
export function hatch(): ImageData {
  const size = 16
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size })
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D
  pen.strokeStyle = '#7d868e'
  pen.lineWidth = 2
  for (let x = -size; x <= size; x += 8) {
    pen.moveTo(x, size)
    pen.lineTo(x + size, 0)
  }
  pen.stroke()
  return pen.getImageData(0, 0, size, size)
}

/** Whether this browser can draw the map at all. */
export function canDraw(): boolean {
  if (new URLSearchParams(location.search).get('webgl') === 'no') return false
  try {
    return document.createElement('canvas').getContext('webgl2') !== null
  } catch {
    return false
  }
}
