// A tour's stops by arrow keys and buttons; which screens were opened is kept in this browser only.
'use strict'
{
  const list = document.querySelector('[data-tour]')
  const stops = [...list.children]
  const name = `tour-${list.dataset.tour}`
  const links = stops.map((stop) => stop.querySelector('a'))

  const kept = () => {
    try { return JSON.parse(localStorage.getItem(name)) ?? [] } catch { return [] }
  }
  const seen = new Set(kept())
  const keep = () => {
    try { localStorage.setItem(name, JSON.stringify([...seen])) } catch { /* a browser that keeps nothing still shows the tour */ }
  }

  const first = stops.findIndex((stop) => !seen.has(stop.dataset.address))
  let at = Math.max(first, 0)

  function show() {
    stops.forEach((stop, place) => {
      const done = seen.has(stop.dataset.address)
      stop.classList.toggle('turn', place === at)
      stop.classList.toggle('done', done && place !== at)
      stop.querySelector('.mark').hidden = !done
      if (place === at) stop.setAttribute('aria-current', 'step')
      else stop.removeAttribute('aria-current')
    })
    document.querySelectorAll('[data-go]').forEach((button) => {
      button.setAttribute('aria-disabled', String(!stops[at + Number(button.dataset.go)]))
    })
  }

  function go(by) {
    if (!stops[at + by]) return
    at += by
    show()
    stops[at].scrollIntoView({ block: 'nearest' })
  }

  function see(place) {
    seen.add(stops[place].dataset.address)
    keep()
    at = place
    show()
  }

  links.forEach((link, place) => {
    link.addEventListener('click', () => see(place))
    link.addEventListener('auxclick', (event) => { if (event.button === 1) see(place) })
    link.addEventListener('focus', () => { at = place; show() })
  })
  document.querySelectorAll('[data-go]').forEach((button) => button.addEventListener('click', () => go(Number(button.dataset.go))))
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest('input, select, textarea')) return
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    go(by)
    links[at].focus()
  })
  document.querySelectorAll('.tour-keys').forEach((one) => { one.hidden = false })
  show()
}
