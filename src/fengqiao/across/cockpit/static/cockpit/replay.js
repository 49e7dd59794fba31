// The slider of a replayed day: each minute is asked of the server, which answers with that part of the page alone.
// Without this script the form's button and the links by the hour do the same.
const form = document.querySelector('form.replay')
const slider = form.querySelector('input[type=range]')
const told = form.querySelector('output')
const place = document.querySelector('#moment')
const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
let waiting = 0
let turn = 0

function say() {
  told.textContent = clock(Number(slider.value))
  slider.setAttribute('aria-valuetext', told.textContent)
}

async function show() {
  const mine = ++turn
  const asked = new URLSearchParams(new FormData(form))
  history.replaceState(null, '', `?${asked}`)
  asked.set('part', '1')
  const answer = await fetch(`?${asked}`, { headers: { Accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return location.reload()
  const text = await answer.text()
  if (mine === turn) place.innerHTML = text
}

slider.addEventListener('input', () => {
  say()
  clearTimeout(waiting)
  waiting = setTimeout(show, 120)
})
for (const field of form.querySelectorAll('select, input[type=date]')) field.addEventListener('change', () => form.requestSubmit())

const play = document.createElement('button')
play.type = 'button'
play.className = 'button second'
play.textContent = form.dataset.play
let playing = 0
function stop() {
  clearInterval(playing)
  playing = 0
  play.textContent = form.dataset.play
}
play.addEventListener('click', () => {
  if (playing) return stop()
  if (Number(slider.value) >= Number(slider.max)) slider.value = 0
  play.textContent = form.dataset.stop
  playing = setInterval(async () => {
    slider.value = Number(slider.value) + 10
    say()
    await show()
    if (Number(slider.value) >= Number(slider.max)) stop()
  }, 700)
})
form.append(play)
